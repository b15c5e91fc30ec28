/** How each optional package is tried: an example of the repository, built as its users build it. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis } from '../../test/support/redis.js';
import { type Run, runIn, startIn } from './run.js';

export interface Door {
  /** Folder under examples/. */
  readonly example: string;
  /** Packages of the example that are left out. */
  readonly without?: readonly string[];
  /** Packages besides, at the newest version within a range. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Files that are written into the copy. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folder of its picture, and of its recipe unless that stands elsewhere; default `src`. */
  readonly source?: string;
  readonly recipe?: string;
  /** Folder of what is built. */
  readonly output: string;
  /** Of what `colorshine shine` must give for both themes; undefined where the example is one of `colorshine build`. */
  readonly format?: 'jpg' | 'png';
  /** Default: `npm run build`. */
  readonly build?: (root: string) => Promise<Run>;
  /** For packages that no peer range names. */
  readonly range?: string;
}

const npx =
  (...args: string[]) =>
  (root: string): Promise<Run> =>
    runIn(root, 'npx', ['--no', '--', ...args]);

const RSPACK = `import { rspack } from '@rspack/core';
import config from './webpack.config.js';

rspack(config, (error, stats) => {
  if (error) throw error;
  console.log(stats.toString({ colors: false }));
  process.exitCode = stats.hasErrors() ? 1 : 0;
});
`;

const ELEVENTY_IMG = `import Image, { eleventyImageTransformPlugin } from '@11ty/eleventy-img';
import colorshine from 'colorshine/eleventy';

export const config = { dir: { input: 'src' } };

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(colorshine, { tokens: 'tokens.json', eleventyImage: true });
  eleventyConfig.addPlugin(eleventyImageTransformPlugin, { formats: ['png'], widths: ['auto'] });
  eleventyConfig.addAsyncShortcode('shown', async function (specifier) {
    const file = await eleventyConfig.getFilter('shine').call(this, specifier);
    const { png } = await Image(file, { formats: ['png'], outputDir: '_site/shortcode/' });
    return png[0].url;
  });
}
`;
const ELEVENTY_PAGE = `<img alt="" src="./hero.jpg?shine=brand.json&theme=light&format=png">
{% shown "./hero.jpg?shine=brand.json&theme=dark&format=png" %}
`;

const RESOLVER_CONFIG = JSON.stringify({
  inputs: 'images/*.{jpg,png}',
  tokens: 'resolver/resolver.json',
  themes: ['dune,dark'],
  recipe: ['{button.fill};60;80'],
  out: 'dist/{name}.{ext}',
});

/** A worker of the copy makes what its build asks for. */
async function buildByQueue(root: string): Promise<Run> {
  const redis = await startRedis();
  try {
    const worker = startIn(root, 'node', ['node_modules/colorshine/dist/cli.cjs', 'worker', redis.url]);
    const build = await npx('colorshine', 'build', '--queue', redis.url)(root);
    worker.stop();
    const { text } = await worker.ended;
    return { code: build.code, text: `${build.text}${text}` };
  } finally {
    await redis.stop();
  }
}

const QUEUE = { example: 'build', output: 'dist', build: buildByQueue } as const;

/** By package. Every peer has one, but those of UNTRIED. */
export const DOORS: Readonly<Record<string, Door>> = {
  vite: { example: 'vite', output: 'dist', format: 'jpg' },
  'vite-imagetools': { example: 'imagetools', output: 'dist', format: 'png' },
  rollup: { example: 'rollup', output: 'dist', format: 'jpg' },
  rolldown: {
    ...{ example: 'rollup', without: ['rollup'], output: 'dist', format: 'jpg' },
    build: npx('rolldown', '--config', 'rollup.config.js'),
  },
  webpack: { example: 'webpack', output: 'dist', format: 'jpg' },
  '@rspack/core': {
    ...{ example: 'webpack', without: ['webpack', 'webpack-cli'], output: 'dist', format: 'jpg' },
    files: { 'run.mjs': RSPACK },
    build: (root) => runIn(root, 'node', ['run.mjs']),
  },
  esbuild: { example: 'esbuild', output: 'dist', format: 'jpg' },
  '@11ty/eleventy': { example: 'eleventy', output: '_site', format: 'jpg' },
  '@11ty/eleventy-img': {
    ...{ range: '^6.0.0 || ^7.0.0', example: 'eleventy', output: '_site', format: 'png' },
    files: { 'eleventy.config.js': ELEVENTY_IMG, 'src/index.html': ELEVENTY_PAGE },
  },
  next: { range: '^16.2.0', example: 'next', source: 'app', output: 'out', format: 'jpg' },
  astro: { example: 'astro', source: 'src/images', recipe: 'brand.json', output: 'dist', format: 'png' },
  'style-dictionary': { example: 'style-dictionary', output: 'dist' },
  bullmq: { ...QUEUE, beside: { ioredis: '^5.11.1' } },
  ioredis: { ...QUEUE, beside: { bullmq: '^6.7.0' } },
  '@terrazzo/parser': {
    ...{ example: 'build', output: 'dist', files: { 'colorshine.config.json': RESOLVER_CONFIG } },
    build: async (root) => {
      await cp('test/fixtures/tokens/resolver', join(root, 'resolver'), { recursive: true });
      return npx('colorshine', 'build')(root);
    },
  },
};

/** Peers that are tried elsewhere, and where. */
export const UNTRIED: Readonly<Record<string, string>> = { 'gpu.js': 'in npm test, where there is a GPU' };
