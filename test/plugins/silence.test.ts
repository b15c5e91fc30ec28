/** What silence-vite.test.ts says of Vite, with the other bundlers, and what holds for all. */
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashBytes } from '../../src/node/build/job.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import {
  type Build,
  buildEsbuild,
  buildRolldown,
  buildRollup,
  buildRspack,
  buildVite,
  buildWebpack,
  countRecolored,
  fillProject,
  isImage,
  LOOK,
  makeProject,
  type Output,
} from '../support/bundled.js';
import { makeTempFolder } from '../support/temp-folder.js';

/** Where a tool may stumble. */
const STEMS = ['my photo', 'grün', 'b(1)', "it's", '100%', 'a#b'];
const textOf = (outputs: readonly Output[]): string =>
  outputs.map((output) => (isImage(output) ? '' : Buffer.from(output.bytes).toString())).join();
const hashesOf = (outputs: readonly Output[]): string[] =>
  outputs.map(({ name, bytes }) => `${hashBytes(bytes)} ${name}`).sort();

describe('odd names, a folder of such a name, a linked package, a base path, a cache that cannot be written,', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  it.each<[string, Build, string | undefined]>([
    ['Vite', buildVite(vitePlugin, 'main.js'), '/shop/'],
    ['Rollup', buildRollup, undefined],
    ['Rolldown', buildRolldown, undefined],
    ['webpack', buildWebpack, '/shop/'],
    ['Rspack', buildRspack, '/shop/'],
    ['esbuild', buildEsbuild, '/shop/'],
  ])('%s: twice at once, and for the server', async (name, build, base) => {
    const names = STEMS.map((stem) => `./${stem}.png?${LOOK}`);
    // Rollup alone resolves no packages.
    const isBare = name !== 'Rollup';
    const imports = [...names, `${isBare ? '' : './node_modules/'}design/p.png?${LOOK}`].map(
      (each, i) => `import i${i} from ${JSON.stringify(each)};`,
    );
    // Vite says that it cannot have a # in its root.
    const folder = join(await makeTempFolder(), name === 'Vite' ? 'a% (x) ü ß' : 'a#b% (x) ü ß');
    await fillProject(
      folder,
      {
        'app/main.js': `import { hero } from '${isBare ? 'design' : './node_modules/design/index.js'}';\n${imports.join('\n')}\nconsole.log(hero, ${imports.map((_, i) => `i${i}`)});\n`,
        'app/node_modules/.cache': 'a file, which nobody can write into, not even root',
        'design/package.json': '{"name":"design","type":"module","main":"index.js"}',
        'design/index.js': `import hero from './q.png?shine=look.json';\nexport { hero };\n`,
        'design/look.json': '{"version":1,"attractors":["teal;100;200"]}',
      },
      [...STEMS.map((stem) => `app/${stem}.png`), 'design/p.png', 'design/q.png'],
    );
    await symlink(join(folder, 'design'), join(folder, 'app/node_modules/design'), 'junction');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const options = base === undefined ? {} : { base };
    const app = join(folder, 'app');
    const [outputs, others] = await Promise.all([build(app, options), build(app, options)]);
    expect(await countRecolored(outputs)).toBe(8);
    expect(hashesOf(others)).toEqual(hashesOf(outputs));
    expect(await readdir(join(folder, 'cache/colorshine/images'))).toHaveLength(8);

    // By the names of the browser's build; each bundler writes odd letters in its way, and its hash.
    const server = textOf(await build(app, { ...options, server: true }));
    for (const text of [textOf(outputs), server]) {
      if (base) expect(text).toContain(base);
      for (const { name } of outputs.filter(isImage)) expect(text).toContain(name.slice(-'12345678.png'.length));
    }
  });
});

describe.each<[string, Build, string]>([
  ['Rollup', buildRollup, 'none'],
  ['Rolldown', buildRolldown, 'none'],
  ['webpack', buildWebpack, 'webpack'],
  ['Rspack', buildRspack, 'webpack'],
  ['esbuild', buildEsbuild, 'esbuild'],
])('%s', (name, build, styles) => {
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

it('webpack finds a # in a name, as it does alone, in a style sheet and by new URL', async () => {
  const root = await makeProject(
    {
      'main.css': `p { background: url("./a%23b.png?${LOOK}") }`,
      'main.js': `import './main.css';\nconsole.log(new URL('./a#b.png?${LOOK}', import.meta.url));\n`,
    },
    ['a#b.png'],
  );
  expect(await countRecolored(await buildWebpack(root))).toBe(1);
});
