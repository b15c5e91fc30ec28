/** What silence-vite.test.ts says of Vite, with the other bundlers, and what holds for all. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
  isImage,
  LOOK,
  makeProject,
  paint,
} from '../support/bundled.js';
import { makeTempFolder } from '../support/temp-folder.js';

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
