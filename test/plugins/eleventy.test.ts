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

it('finds names as browsers read them, and encodes its own', async () => {
  const root = await openExample();
  const names = ['a#b', 'my photo', 'grün', '100%', 'b(1)'];
  for (const name of names) await writeFile(join(root, `src/${name}.png`), await makePicture(70, 50));
  const look = '?shine=teal;60;80';
  const images = names.map((name) => `<img alt="" src="./${encodeURIComponent(name)}.png${look}#top">`).join('\n');
  await writeFile(
    join(root, 'src/index.html'),
    `<meta property="og:image" content="/my%20photo.png${look}">
    <object data=./a%23b.png${look}></object>
    <img alt="" srcset="a%23b.png${look} 1x,100%25.png${look} 2x">
    <p style="background: url('b(1).png${look}')"></p>
    <style>p { mask: image-set("./gr%C3%BCn.png${look}" 1x) }</style>
    ${images}`,
  );
  const { code, text } = await buildExample('eleventy', root);
  expect(code, text).toBe(0);
  const page = await readFile(join(root, '_site/index.html'), 'utf8');
  expect(page).toMatch(/src="\/img\/a%23b-[\da-f]{8}\.png#top"/);
  const urls = [...page.matchAll(/\/img\/[^"&' )#]+/g)].map(([url]) =>
    decodeURIComponent(url).replace(/-[\da-f]{8}/, ''),
  );
  expect(urls).toHaveLength(names.length + 6);
  expect(new Set(urls)).toEqual(new Set(names.map((name) => `/img/${name}.png`)));
  for (const [url] of page.matchAll(/\/img\/[^"&' )#]+/g)) await readFile(join(root, '_site', decodeURIComponent(url)));
});

it('leaves links, other sites, comments and text alone', async () => {
  const root = await openExample();
  const page = `<!-- <img src="./none.png?shine=teal;1;1"> -->
    <a href="/products?shine=matte">a</a> <a href="mailto:a@example.com?shine=matte">b</a>
    <img alt="./none.png?shine=teal;1;1" src="https://example.com/a.png?shine=matte">
    <script>const a = '<img src="./none.png?shine=teal;1;1">';</script>
    <pre>&lt;img src="./none.png?shine=teal;1;1"&gt;</pre>
    <textarea><img src="./none.png?shine=teal;1;1"></textarea>\n`;
  await writeFile(join(root, 'src/index.html'), page);
  const { code, text } = await buildExample('eleventy', root);
  expect(code, text).toBe(0);
  expect(await readFile(join(root, '_site/index.html'), 'utf8')).toBe(page);
});

it.each([
  [
    './100%.jpg?shine=teal;1;1',
    /\.\/100%\.jpg\?shine=teal;1;1 \(in src\/index\.html\): expected a percent-encoded path, with %25 for %/,
  ],
  [
    './none.jpg?shine=teal;1;1',
    /\.\/none\.jpg\?shine=teal;1;1 \(in src\/index\.html\): expected an image file at \.\/none\.jpg/,
  ],
])('names an import that cannot be: %s', async (specifier, message) => {
  const root = await openExample();
  await writeFile(join(root, 'src/index.html'), `<img alt="" src="${specifier}">`);
  const { code, text } = await buildExample('eleventy', root);
  expect(code).toBe(1);
  expect(text).toMatch(message);
});

it.each([
  [
    'a page',
    'src/index.html',
    '<img alt="" data-src="./hero.jpg?shine=brand.json">',
    /_site\/index\.html:1:13: expected no image import/,
  ],
  [
    'a copied style sheet',
    'src/main.css',
    'p { background: url(hero.jpg?shine=brand.json) }',
    /_site\/main\.css:1:17: expected no image import/,
  ],
])('says what is left over in %s', async (_, file, content, message) => {
  const root = await openExample();
  const config = await readFile(join(root, 'eleventy.config.js'), 'utf8');
  const copy = "eleventyConfig.addPassthroughCopy('src/*.css');\n  eleventyConfig.addPlugin(";
  await writeFile(join(root, 'eleventy.config.js'), config.replace('eleventyConfig.addPlugin(', copy));
  await writeFile(join(root, file), content);
  const { code, text } = await buildExample('eleventy', root);
  expect(code, text).toBe(1);
  expect(text).toMatch(message);
});

it.each([
  ['urlPath: 5', 'urlPath: expected text, got 5'],
  ["eleventyImage: 'yes'", 'eleventyImage: expected true or false, got "yes"'],
])('refuses the option %s', async (option, message) => {
  const root = await openExample();
  const config = await readFile(join(root, 'eleventy.config.js'), 'utf8');
  await writeFile(join(root, 'eleventy.config.js'), config.replace("tokens: 'tokens.json'", option));
  const { code, text } = await buildExample('eleventy', root);
  expect(code).toBe(1);
  expect(text).toContain(message);
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
  const weaker = recipe.replace(';85;85"', ';85;20"');
  await saveUntil(join(root, 'src/brand.json'), weaker, async () => (await darkImages()).length === 3);
});
