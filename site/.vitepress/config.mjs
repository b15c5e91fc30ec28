import { existsSync } from 'node:fs';
import { defineConfig } from 'vitepress';

/** What `scripts/docs.ts` hands over: the folder of the pages, and where the site is served. */
const { DOCS_SOURCE: srcDir, DOCS_BASE: base = '/', DOCS_OUT: outDir } = process.env;

/** A link to a page, where the site has it: a test builds a part. */
const page = (text, name) => (existsSync(`${srcDir}/${name}.md`) ? [{ text, link: `/${name}` }] : []);

export default defineConfig({
  title: 'Colorshine',
  description: 'Recolor images in OKLCH: on the command line, in builds, in Node and in Figma.',
  lang: 'en-US',
  srcDir,
  base,
  outDir,
  cleanUrls: false,
  metaChunk: true,
  // Prefetching fetches what nobody asked for; pages are small.
  router: { prefetchLinks: false },
  head: [['meta', { name: 'theme-color', content: '#8c2f4f' }]],
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      ...page('Start', 'start'),
      ...page('Values', 'choosing-values'),
      ...page('Cookbook', 'cookbook'),
      ...page('API', 'api'),
      { text: 'Playground', link: '/try/index.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          ...page('Start', 'start'),
          ...page('Choosing values', 'choosing-values'),
          ...page('Cookbook', 'cookbook'),
          ...page('Glossary', 'glossary'),
        ],
      },
      {
        text: 'Use',
        items: [
          ...page('Command line', 'cli'),
          ...page('Recolor a thing', 'recolor-a-thing'),
          ...page('Node API', 'api'),
          ...page('API reference', 'api/index'),
          ...page('Design tokens', 'tokens'),
          ...page('Builds', 'builds'),
          ...page('Queue', 'queue'),
          ...page('Bundlers', 'bundlers'),
          ...page('Figma', 'figma'),
          ...page('Figma with a design system', 'figma-design-system'),
          ...page('Playground', 'playground'),
          ...page('Lookup tables', 'lut'),
          ...page('Huge images', 'huge-images'),
          ...page('Errors', 'errors'),
        ],
      },
      {
        text: 'Compare',
        items: [...page('Coming from imgcolorshine', 'from-imgcolorshine'), ...page('Alternatives', 'alternatives')],
      },
      {
        text: 'How it is made',
        items: [
          ...page('Model', 'internals/model'),
          ...page('Architecture', 'internals/architecture'),
          ...page('Performance', 'internals/performance'),
          ...page('GPU', 'internals/performance-gpu'),
          ...page('Bench', 'internals/bench'),
          ...page('Reliability', 'reliability'),
          ...page('Quality', 'internals/quality'),
          ...page('Gallery', 'internals/gallery'),
          ...page('Changes', 'changes'),
        ],
      },
    ],
  },
});
