/** Nothing ships the original in silence: an import is recolored, or one error names it. And what is no import is left alone. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rspack } from '@rspack/core';
import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import sharp, { type Sharp } from 'sharp';
import { build as viteBuild } from 'vite';
import { describe, expect, it } from 'vitest';
import webpack from 'webpack';
import esbuildPlugin from '../../src/node/plugins/esbuild.js';
import imagetoolsPlugin from '../../src/node/plugins/imagetools.js';
import rollupPlugin from '../../src/node/plugins/rollup.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import webpackPlugin from '../../src/node/plugins/webpack.js';
import { makeTempFolder } from '../support/temp-folder.js';

const LOOK = 'shine=teal;100;200';

interface Output {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Red, each of a size of its own, since bundlers write equal files once. */
function paint(more: number): Sharp {
  return sharp({ create: { width: 70 + more, height: 50, channels: 3, background: { r: 160, g: 30, b: 20 } } });
}

function isImage({ name }: Output): boolean {
  return /\.(?:png|jpe?g|webp|tiff?)$/.test(name);
}

async function makeProject(texts: Record<string, string>, pictures: readonly string[]): Promise<string> {
  const root = await makeTempFolder();
  for (const name of [...Object.keys(texts), ...pictures]) await mkdir(dirname(join(root, name)), { recursive: true });
  for (const [name, text] of Object.entries(texts)) await writeFile(join(root, name), text);
  for (const [i, name] of pictures.entries()) await paint(i).toFile(join(root, name));
  return root;
}

type Build = (root: string) => Promise<Output[]>;

function outputsOf(files: readonly object[]): Output[] {
  return (files as { fileName: string; code?: string; source?: string | Uint8Array }[]).map((file) => ({
    name: file.fileName,
    bytes: Buffer.from(file.code ?? file.source ?? ''),
  }));
}

const buildVite =
  (plugins: () => unknown, entry = 'index.html', base = '/'): Build =>
  async (root) => {
    const built = (await viteBuild({
      root,
      base,
      configFile: false,
      logLevel: 'silent',
      plugins: [plugins() as never],
      build: { write: false, assetsInlineLimit: 0, rollupOptions: { input: join(root, entry) } },
    })) as { output: object[] };
    return outputsOf(built.output);
  };

async function buildRollup(root: string): Promise<Output[]> {
  const bundle = await rollup({ input: join(root, 'main.js'), plugins: [rollupPlugin({ root })] });
  const { output } = await bundle.generate({ format: 'es', assetFileNames: '[name]-[hash][extname]' });
  await bundle.close();
  return outputsOf(output);
}

async function buildRolldown(root: string): Promise<Output[]> {
  const bundle = await rolldown({ input: join(root, 'main.js'), plugins: [rollupPlugin({ root }) as never] });
  const { output } = await bundle.generate({ format: 'es', assetFileNames: '[name]-[hash][extname]' });
  await bundle.close();
  return outputsOf(output);
}

async function buildEsbuild(root: string): Promise<Output[]> {
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    format: 'esm',
    write: false,
    outdir: 'dist',
    logLevel: 'silent',
    plugins: [esbuildPlugin()],
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(root.length + 1), bytes: contents }));
}

const buildWith =
  (bundler: typeof webpack): Build =>
  (root) =>
    new Promise((done, fail) => {
      const compiler = bundler({
        mode: 'production',
        context: root,
        entry: './main.js',
        output: { path: join(root, 'dist'), assetModuleFilename: '[name]-[contenthash:8][ext]' },
        experiments: { css: true },
        module: { rules: [{ test: /\.css$/, type: 'css/auto' }] },
        plugins: [webpackPlugin()],
      });
      compiler?.run((error, stats) => {
        const [broken] = stats?.toJson({ all: false, errors: true }).errors ?? [];
        compiler.close(async () => {
          if (error || broken) return fail(error ?? new Error(broken?.message));
          const names = await readdir(join(root, 'dist'));
          const read = names.map(async (name) => ({ name, bytes: await readFile(join(root, 'dist', name)) }));
          done(Promise.all(read));
        });
      });
    });
const buildWebpack = buildWith(webpack);
// Rspack takes webpack's plugins and most of its configuration, in types of its own.
const buildRspack = buildWith(rspack as unknown as typeof webpack);

/** Every picture of a build is recolored, but copies of public/. @returns how many there are */
async function countRecolored(outputs: readonly Output[]): Promise<number> {
  const images = outputs.filter(isImage);
  for (const { name, bytes } of images) {
    const [red = 0, green = 0, blue = 0] = await sharp(bytes).removeAlpha().raw().toBuffer();
    expect(red, name).toBeLessThan(Math.min(green, blue));
  }
  return images.length;
}

const page = (body: string): Record<string, string> => ({ 'index.html': `<!doctype html><body>${body}` });
const styled = (css: string): Record<string, string> => ({
  'index.html': '<!doctype html><link rel="stylesheet" href="./sub/main.css">',
  'sub/main.css': css,
});
const vite = buildVite(vitePlugin);

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
      const outputs = await buildVite(vitePlugin, 'index.html', base)(root);
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

describe('a workspace', () => {
  it.each<[string, Build]>([
    ['Vite', buildVite(vitePlugin, 'main.js')],
    ['webpack', buildWebpack],
    ['esbuild', buildEsbuild],
  ])('%s: an image of a linked package, from a package that lies elsewhere', async (_, build) => {
    const folder = await makeProject(
      {
        'app/main.js': `import { hero } from 'design';\nimport own from 'design/p.png?${LOOK}';\nconsole.log(hero, own);\n`,
        'design/package.json': '{"name":"design","type":"module","main":"index.js"}',
        'design/index.js': `import hero from './q.png?shine=look.json';\nexport { hero };\n`,
        'design/look.json': '{"version":1,"attractors":["teal;100;200"]}',
      },
      ['design/p.png', 'design/q.png'],
    );
    await mkdir(join(folder, 'app/node_modules'));
    await symlink(join(folder, 'design'), join(folder, 'app/node_modules/design'), 'junction');
    expect(await countRecolored(await build(join(folder, 'app')))).toBe(2);
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

describe.each<[string, Build, string]>([
  ['Rollup', buildRollup, 'none'],
  ['Rolldown', buildRolldown, 'none'],
  ['webpack', buildWebpack, 'webpack'],
  ['Rspack', buildRspack, 'webpack'],
  ['esbuild', buildEsbuild, 'esbuild'],
])('%s', (name, build, styles) => {
  it.each(['p', 'my photo', 'grün', 'b(1)', "it's", '100%'])('recolors %s.png', async (stem) => {
    const main = `import url from ${JSON.stringify(`./${stem}.png?${LOOK}`)};\nconsole.log(url);\n`;
    const outputs = await build(await makeProject({ 'main.js': main }, [`${stem}.png`]));
    expect(await countRecolored(outputs)).toBe(1);
  });

  it('recolors a TIFF, and to a TIFF', async () => {
    const main = `import a from './a.tif?${LOOK}';\nimport b from './b.png?${LOOK}&format=tiff';\nconsole.log(a, b);\n`;
    const root = await makeProject({ 'main.js': main }, ['b.png', 'a.tif']);
    expect(await countRecolored(await build(root))).toBe(2);
  });

  it('keeps a fragment apart', async () => {
    const main = `import url from './p.png?${LOOK}#frag';\nconsole.log(url);\n`;
    const outputs = await build(await makeProject({ 'main.js': main }, ['p.png']));
    expect(await countRecolored(outputs)).toBe(1);
    // webpack's own assets lose theirs, but for a name with [fragment].
    const text = outputs.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join();
    if (styles !== 'webpack') expect(text).toContain('#frag');
  });

  it('recolors new URL, or says that it is left over', async () => {
    const main = `// new URL("./none.png?${LOOK}", import.meta.url)\nconsole.log(new URL("./p.png?${LOOK}", import.meta.url));\n`;
    const root = await makeProject({ 'main.js': main }, ['p.png']);
    if (name === 'esbuild')
      await expect(build(root)).rejects.toThrow(/dist\/main\.js:\d+:\d+: expected no image import/);
    else expect(await countRecolored(await build(root))).toBe(1);
  });

  it('says where a plain string would show the original', async () => {
    const root = await makeProject({ 'main.js': `document.body.dataset.src = "/p.png?${LOOK}";\n` }, ['p.png']);
    await expect(build(root)).rejects.toThrow(
      /main\.js:\d+:\d+: expected no image import that is left over, got "\/p\.png/,
    );
  });

  it('leaves other sites and other parameters alone', async () => {
    const main = `console.log("https://example.com/a.png?${LOOK}", "/products?shine=matte", "a.png?sunshine=1");\n`;
    expect(
      await countRecolored(await build(await makeProject({ 'main.js': main }, [])).catch((error) => error.message)),
    ).toBe(0);
  });

  it.runIf(styles !== 'none')('recolors style sheets, or says what is left over', async () => {
    const texts = {
      'main.js': "import './main.css';\n",
      'main.css': `/* url(./none.png?${LOOK}) */\n@import "./more.css";\np { background: url("./a.png?${LOOK}"); mask: url(https://example.com/a.png?${LOOK}) }`,
      'more.css': `p { background: url(./b.png?${LOOK}) }`,
    };
    const outputs = await build(await makeProject(texts, ['a.png', 'b.png']));
    expect(outputs.filter(isImage)).toHaveLength(2);
    const set = {
      'main.js': "import './main.css';\n",
      'main.css': `p { background: image-set("./a.png?${LOOK}" 1x) }`,
    };
    const root = await makeProject(set, ['a.png']);
    if (styles === 'esbuild')
      await expect(build(root)).rejects.toThrow(/dist\/main\.css:\d+:\d+: expected no image import/);
    else expect(await countRecolored(await build(root))).toBe(1);
  });
});

describe('webpack finds, as it does alone,', () => {
  it.each([
    ['a # in a name', '', 'a#b'],
    ['a # in the project’s path', 'C#', 'p'],
    ['both', 'C#/x', 'a#b'],
  ])('%s', async (_, folder, stem) => {
    const root = join(await makeTempFolder(), folder);
    await mkdir(root, { recursive: true });
    await paint(0).toFile(join(root, `${stem}.png`));
    await writeFile(join(root, 'main.css'), `p { background: url("./${stem.replace('#', '%23')}.png?${LOOK}") }`);
    await writeFile(
      join(root, 'main.js'),
      `import './main.css';\nimport url from './${stem}.png?${LOOK}';\nconsole.log(url, new URL('./${stem}.png?${LOOK}', import.meta.url));\n`,
    );
    expect(await countRecolored(await buildWebpack(root))).toBe(1);
  });
});

describe.each(['#', '%', '(x)', 'ü ß'])('a project in a folder with %s', (sign) => {
  it.each<[string, Build]>([
    ['webpack', buildWebpack],
    ['esbuild', buildEsbuild],
    ['Rollup', buildRollup],
  ])('%s', async (_, build) => {
    const root = join(await makeTempFolder(), `a${sign}b`);
    await mkdir(root);
    await paint(0).toFile(join(root, 'p.png'));
    await writeFile(join(root, 'main.js'), `import url from './p.png?${LOOK}';\nconsole.log(url);\n`);
    expect(await countRecolored(await build(root))).toBe(1);
  });
});
