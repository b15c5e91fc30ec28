/** With Vite nothing ships the original in silence: an import is recolored, or one error names it. And what is no import is left alone. */
import { build as viteBuild } from 'vite';
import { describe, expect, it } from 'vitest';
import imagetoolsPlugin from '../../src/node/plugins/imagetools.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import {
  buildVite,
  countRecolored,
  isImage,
  LOOK,
  makeProject,
  type Output,
  page,
  styled,
  vite,
} from '../support/bundled.js';

describe('Vite recolors', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['<img>', page(`<img src="./p.png?${LOOK}">`), ['p.png']],
    ['a row with an arrow', page('<img src="./p.png?shine=#a01e14 -> teal;auto;100">'), ['p.png']],
    ['an unquoted src', page(`<img src=./p.png?${LOOK}>`), ['p.png']],
    ['a src in capitals', page(`<IMG SRC='p.png?${LOOK}'>`), ['p.png']],
    ['<object data>', page(`<object data="./p.png?${LOOK}"></object>`), ['p.png']],
    ['<embed>', page(`<embed src="./p.png?${LOOK}">`), ['p.png']],
    ['<input type=image>', page(`<input type="image" src="/p.png?${LOOK}">`), ['p.png']],
    ['<video poster>', page(`<video poster="./p.png?${LOOK}"></video>`), ['p.png']],
    ['<svg><image>', page(`<svg><image href="./p.png?${LOOK}" xlink:href="./p.png?${LOOK}"/></svg>`), ['p.png']],
    ['<link rel=icon>', page(`<link rel="icon" href="./p.png?${LOOK}">`), ['p.png']],
    ['<meta property=og:image>', page(`<meta property="og:image" content="./p.png?${LOOK}">`), ['p.png']],
    ['<meta name=twitter:image>', page(`<meta name="twitter:image" content="/p.png?${LOOK}">`), ['p.png']],
    ['a template', page(`<template><img src="./p.png?${LOOK}"></template>`), ['p.png']],
    ['<noscript>', page(`<noscript><img src="./p.png?${LOOK}"></noscript>`), ['p.png']],
    ['a style attribute', page(`<p style="background: url(./p.png?${LOOK})">`), ['p.png']],
    ['<style>', page(`<style>p { background: url("./p.png?${LOOK}") }</style>`), ['p.png']],
    [
      'entities in a URL',
      page(`<img src="./p.png&#63;shine=teal;100;200&amp;theme&#x3d;x&amp;shine">`.replace('&amp;theme&#x3d;x', '')),
      ['p.png'],
    ],
    ['srcset with descriptors', page(`<img srcset="a.png?${LOOK} 1x, b.png?${LOOK} 2x">`), ['a.png', 'b.png']],
    ['srcset without a space', page(`<img srcset="a.png?${LOOK} 1x,b.png?${LOOK} 2x">`), ['a.png', 'b.png']],
    [
      'srcset with color functions',
      page('<img srcset="a.png?shine=rgb(0 128 128);100;200 1x,b.png?shine=rgb(0, 128, 128);100;200 2x">'),
      ['a.png', 'b.png'],
    ],
    [
      'names in HTML as browsers read them',
      page(
        ['my%20photo', 'gr%C3%BCn', '100%25', 'a%23b', 'b(1)', 'don’t', "it's"]
          .map((name) => `<img src="./${name}.png?${LOOK}">`)
          .join(''),
      ),
      ['my photo.png', 'grün.png', '100%.png', 'a#b.png', 'b(1).png', 'don’t.png', "it's.png"],
    ],
    [
      'names in CSS as browsers read them',
      styled(
        ['my%20photo', 'gr%C3%BCn', '100%25', 'a%23b', 'b\\(1\\)']
          .map((name) => `p { background: url(../${name}.png?${LOOK}) }`)
          .join('\n'),
      ),
      ['my photo.png', 'grün.png', '100%.png', 'a#b.png', 'b(1).png'],
    ],
    [
      'image-set with strings',
      styled(`p { background: image-set("./p.png?${LOOK}" 1x, url(./q.png?${LOOK}) 2x) }`),
      ['sub/p.png', 'sub/q.png'],
    ],
    ['-webkit-image-set', styled(`p { background: -webkit-image-set("p(1).png?${LOOK}" 1x) }`), ['sub/p(1).png']],
    [
      'a custom property and @font-face’s neighbor',
      styled(`:root { --hero: url('p.png?${LOOK}'); cursor: URL( "./q.png?${LOOK}" ), auto }`),
      ['sub/p.png', 'sub/q.png'],
    ],
    ['a root path in CSS', styled(`p { background: url(/p.png?${LOOK}) }`), ['p.png']],
    ['public/ in CSS', styled(`p { background: url(/p.png?${LOOK}) }`), ['public/p.png']],
    ['public/ in HTML', page(`<img src="/p.png?${LOOK}">`), ['public/p.png']],
  ])('%s', async (_, texts, pictures) => {
    const outputs = await vite(await makeProject(texts, pictures));
    expect(await countRecolored(outputs)).toBe(pictures.length);
  });

  it.each([
    ['an import of public/', "import url from '/p.png?shine=teal;100;200';", ['public/p.png']],
    ['new URL', 'const url = new URL("./p.png?shine=teal;100;200", import.meta.url);', ['p.png']],
    ['new URL without a dot', "const url = new URL('p.png?shine=teal;100;200', import.meta.url,);", ['p.png']],
    [
      'new URL in a template string',
      'const url = new URL(`./p.png?shine=teal;100;200`, import.meta.url).href;',
      ['p.png'],
    ],
    [
      'a glob',
      "const url = import.meta.glob('./*.png', { query: '?shine=teal;100;200', eager: true });",
      ['p.png', 'q.png'],
    ],
    ['a TIFF', "import url from './p.tif?shine=teal;100;200';", ['p.tif']],
    ['to a TIFF', "import url from './p.png?shine=teal;100;200&format=tiff';", ['p.png']],
    ['a name with a space', "import url from './my photo.png?shine=teal;100;200';", ['my photo.png']],
    ['a name with parentheses', "import url from './b(1)%.png?shine=teal;100;200';", ['b(1)%.png']],
    ['a name in Unicode', "import url from './grün.png?shine=teal;100;200';", ['grün.png']],
  ])('%s', async (_, code, pictures) => {
    const root = await makeProject({ 'main.ts': `${code}\nconsole.log(url as unknown);\n` }, pictures);
    expect(await countRecolored(await buildVite(vitePlugin, 'main.ts')(root))).toBe(pictures.length);
  });

  it('with a base path, absolute or relative, in a page, a style sheet and a script', async () => {
    for (const base of ['/shop/', './', 'https://cdn.example/x/']) {
      const root = await makeProject(
        {
          'index.html': `<link rel="stylesheet" href="./main.css"><img src="./a.png?${LOOK}"><script type="module" src="./main.js"></script>`,
          'main.css': `p { background: url(./b.png?${LOOK}) }`,
          'main.js': `import url from './c.png?${LOOK}';\nconsole.log(url, new URL('./d.png?${LOOK}', import.meta.url));\n`,
        },
        ['a.png', 'b.png', 'c.png', 'd.png'],
      );
      const outputs = await vite(root, { base });
      expect(await countRecolored(outputs)).toBe(4);
      const html = outputs.find(({ name }) => name === 'index.html');
      expect(Buffer.from(html?.bytes ?? []).toString()).toMatch(new RegExp(`src="${base}assets/a-`));
    }
  });

  it('the fragment apart', async () => {
    const root = await makeProject(
      {
        'index.html': `<img src="./a.png?${LOOK}#top"><script type="module" src="./main.js"></script><link rel="stylesheet" href="./main.css">`,
        'main.css': `p { background: url(./b.png?${LOOK}#xywh=1) }`,
        'main.js': `import url from './c.png?${LOOK}#frag';\nimport hex from './c.png?shine=#008080;100;200#fade';\nconsole.log(url, hex);\n`,
      },
      ['a.png', 'b.png', 'c.png'],
    );
    const outputs = await vite(root);
    expect(outputs.filter(isImage).length).toBeGreaterThanOrEqual(3);
    const text = outputs
      .map(({ name, bytes }) => (isImage({ name, bytes }) ? '' : Buffer.from(bytes).toString()))
      .join();
    expect(text).toMatch(/a-[\w-]+\.png#top"/);
    expect(text).toMatch(/b-[\w-]+\.png#xywh=1/);
    expect(text).toMatch(/#frag/);
    expect(text).toMatch(/#fade/);
  });
});

describe('Vite builds for the server', () => {
  it('name the files that the browser’s build writes', async () => {
    const main = `import url from './p.png?${LOOK}';\nimport './main.css';\nconsole.log(url);\n`;
    const root = await makeProject({ 'main.js': main, 'main.css': `p { background: url(./q.png?${LOOK}) }` }, [
      'p.png',
      'q.png',
    ]);
    const client = await buildVite(vitePlugin, 'main.js')(root);
    const built = (await viteBuild({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [vitePlugin()],
      build: { write: false, assetsInlineLimit: 0, ssr: 'main.js' },
    })) as unknown as { output: { code?: string }[] };
    const [url = ''] = /\/assets\/p-[\w-]+\.png/.exec(built.output.map(({ code = '' }) => code).join()) ?? [];
    expect(client.map(({ name }) => `/${name}`)).toContain(url);
  });
});

describe('Vite leaves alone', () => {
  it.each<[string, string]>([
    ['comments', `<!-- <img src="./none.png?${LOOK}"> -->`],
    ['scripts', `<script>const html = '<img src="./none.png?${LOOK}">';</script>`],
    ['data for scripts', `<script type="application/json">{ "image": "./none.png?${LOOK}" }</script>`],
    ['a listing', `<pre>&lt;img src="./none.png?${LOOK}"&gt;</pre>`],
    ['a text field', `<textarea><img src="./none.png?${LOOK}"></textarea>`],
    ['text', `Write src="./none.png?${LOOK}"`],
    ['CSS comments', `<style>/* url(./none.png?${LOOK}) */ p { content: "./none.png?${LOOK}" }</style>`],
    ['links', `<a href="/products?shine=matte">a</a><a href="./none.png?${LOOK}">b</a><area href="?shine=1">`],
    ['other sites', `<img src="https://example.com/a.png?${LOOK}"><img src="//example.com/a.png?${LOOK}">`],
    ['other schemes', '<img src="data:image/png,a.png?shine=matte"><a href="mailto:a@example.com?shine=matte">b</a>'],
    ['other sites in styles', `<p style="background: url(https://example.com/a.png?${LOOK})">`],
    ['what people read', `<img alt="./none.png?${LOOK}" title="./none.png?${LOOK}" src="./p.png">`],
    ['addresses of a server', '<img src="/render?shine=matte"><form action="/find?shine=matte"></form>'],
  ])('%s', async (_, body) => {
    const root = await makeProject(page(body), ['p.png']);
    const written = (outputs: readonly Output[]): string[] => outputs.map(({ bytes }) => Buffer.from(bytes).toString());
    expect(written(await vite(root))).toEqual(written(await buildVite(() => [])(root)));
  });

  it('scripts’ comments, text and foreign imports', async () => {
    const code = `// new URL("./none.png?${LOOK}", import.meta.url)
      import('https://example.com/a.js?shine=matte');
      console.log('https://example.com/a.png?${LOOK}', '/products?shine=matte', 'see ./a.png?x <b>"./none.png?${LOOK}"</b>');\n`;
    const root = await makeProject({ 'main.js': code }, []);
    expect(await buildVite(vitePlugin, 'main.js')(root)).toHaveLength(1);
  });
});

describe('Vite says where something is left over', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'in an imported style sheet',
      { ...styled('@import "./more.css";'), 'sub/more.css': `p { background: url(./p.png?${LOOK}) }` },
      /assets\/index-[\w-]+\.css:1:\d+: expected no image import that is left over, got "\/assets\/p-[\w-]+\.png\?shine=teal;100;200"/,
    ],
    [
      'in an attribute for scripts',
      page(`\n<img data-src="./p.png?${LOOK}">`),
      /index\.html:2:6: expected no image import .* got "\.\/p\.png\?shine=teal;100;200"/,
    ],
    [
      'in other meta data',
      page(`<meta name="thumbnail" content="/p.png?${LOOK}">`),
      /index\.html:1:\d+: expected no image import/,
    ],
    [
      'in a script',
      {
        'index.html': '<script type="module" src="./main.js"></script>',
        'main.js': `document.body.append(Object.assign(new Image(), { src: '/p.png?${LOOK}' }));\n`,
      },
      /assets\/index-[\w-]+\.js:1:\d+: expected no image import/,
    ],
    [
      'not, but that a name cannot be read',
      page(`<img src="./100%.png?${LOOK}">`),
      /\.\/100%\.png\?shine=teal;100;200 \(in index\.html\): expected a percent-encoded path, with %25 for %, got "\.\/100%\.png"/,
    ],
    [
      'not, but that there is no such image',
      page(`<img src="./none.png?${LOOK}">`),
      /\.\/none\.png\?shine=teal;100;200 \(in index\.html\): expected an image file at .*, found nothing there/,
    ],
  ])('%s', async (_, texts, message) => {
    await expect(vite(await makeProject(texts, ['sub/p.png', 'p.png', 'public/p.png', '100%.png']))).rejects.toThrow(
      message,
    );
  });
});

describe('beside vite-imagetools', () => {
  it('style sheets and pages are recolored too', async () => {
    const root = await makeProject(
      {
        'index.html': `<img src="./a.png?${LOOK}"><link rel="stylesheet" href="./main.css"><script type="module" src="./main.js"></script>`,
        'main.css': `p { background: image-set(url("./b.png?${LOOK}") 1x) }`,
        'main.js': `import url from './c.png?${LOOK}&w=70';\nconsole.log(url, new URL('./d.png?${LOOK}', import.meta.url));\n`,
      },
      ['a.png', 'b.png', 'c.png', 'd.png'],
    );
    expect(await countRecolored(await buildVite(imagetoolsPlugin)(root))).toBe(4);
  });
});
