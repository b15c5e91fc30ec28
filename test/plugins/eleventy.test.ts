/** Eleventy beyond its example: together with eleventy-img, and in watch mode. */
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeRecipe } from '../../src/core/index.js';
import { recolorBuffer } from '../../src/node/index.js';
import { decode } from '../e2e/window-driver.js';
import { makePicture } from '../figma/images.js';
import { buildExample, copyExample } from '../support/example-project.js';

async function openExample(packages: readonly string[] = []): Promise<string> {
  const project = await copyExample('eleventy', packages);
  onTestFinished(project.remove);
  return project.root;
}

it('recolors before eleventy-img, as its source in a page and by a filter', async () => {
  const root = await openExample(['@11ty/eleventy-img']);
  const picture = await makePicture(70, 50);
  await writeFile(join(root, 'src/picture.png'), picture);
  const specifier = './picture.png?shine=teal;60;80';
  await writeFile(join(root, 'src/index.html'), `<img alt="" src="${specifier}">\n{% by_shortcode "${specifier}" %}`);
  await writeFile(
    join(root, 'eleventy.config.js'),
    `import Image, { eleventyImageTransformPlugin } from '@11ty/eleventy-img';
    import colorshine from 'colorshine/eleventy';
    export const config = { dir: { input: 'src' } };
    export default function (eleventyConfig) {
      eleventyConfig.addPlugin(colorshine, { eleventyImage: true });
      eleventyConfig.addPlugin(eleventyImageTransformPlugin, { formats: ['png'], widths: ['auto'] });
      eleventyConfig.addAsyncShortcode('by_shortcode', async function (specifier) {
        const file = await eleventyConfig.getFilter('shine').call(this, specifier);
        const { png } = await Image(file, { formats: ['png'], outputDir: '_site/shortcode/' });
        return png[0].url;
      });
    }`,
  );
  const { code, text } = await buildExample('eleventy', root);
  expect(code, text).toBe(0);
  const { data } = await recolorBuffer(picture, makeRecipe(['teal;60;80']), { backend: 'wasm' });
  const expected = (await decode(data)).data;
  const outputs = (await readdir(join(root, '_site'), { recursive: true })).filter((name) => name.endsWith('.png'));
  expect(outputs.filter((name) => name.startsWith('shortcode'))).toHaveLength(1);
  expect(outputs).toHaveLength(2);
  for (const name of outputs) {
    expect((await decode(await readFile(join(root, '_site', name)))).data.equals(expected)).toBe(true);
  }
});

it('says what is wrong in one line', async () => {
  const root = await openExample();
  await writeFile(join(root, 'src/index.html'), '<img alt="" src="./hero.jpg?shine=brand.json&theme=drak">');
  const { code, text } = await buildExample('eleventy', root);
  expect(code).toBe(1);
  expect(text).toContain(
    './hero.jpg?shine=brand.json&theme=drak (in src/index.html): theme: expected one of light, dark, got "drak"; did you mean dark?',
  );
});

it('builds again when a token changes', async () => {
  const root = await openExample();
  const cmd = resolve('node_modules/@11ty/eleventy/cmd.cjs');
  const child = spawn(process.execPath, [cmd, '--watch'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const ended = new Promise((done) => child.on('close', done));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const until = async (isDone: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + 20_000;
    while (!(await isDone())) {
      if (Date.now() > end) throw new Error(`waited in vain: ${text}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };
  // Eleventy says that it watches before its watcher is ready: a save in between goes unnoticed, so it is repeated.
  const saveUntil = async (path: string, content: string, isDone: () => Promise<boolean>): Promise<void> => {
    let next = 0;
    await until(async () => {
      if (Date.now() >= next) {
        await writeFile(path, content);
        next = Date.now() + 2_000;
      }
      return isDone();
    });
  };
  const darkImages = async (): Promise<string[]> =>
    (await readdir(join(root, '_site/img')).catch(() => [])).filter((name) => name.startsWith('hero.dark'));
  await until(async () => text.includes('Watching'));
  const before = await darkImages();
  expect(before).toHaveLength(1);
  const tokens = await readFile(join(root, 'tokens.json'), 'utf8');
  const greener = tokens.replace('oklch(42% 0.1 265)', 'oklch(42% 0.1 165)');
  await saveUntil(join(root, 'tokens.json'), greener, async () => (await darkImages()).length === 2);
  const recipe = await readFile(join(root, 'src/brand.json'), 'utf8');
  const weaker = recipe.replace('"strength": 85', '"strength": 20');
  await saveUntil(join(root, 'src/brand.json'), weaker, async () => (await darkImages()).length === 3);
});
