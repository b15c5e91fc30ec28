/** One recipe with rows of all kinds on one PNG gives the same pixels from every face, byte by byte. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRecipe, makeRecipe, type Recipe } from '../../src/core/index.js';
import { recolor, recolorBuffer, recolorFile } from '../../src/node/index.js';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import { type Figma, startFigma } from '../figma-host/browser-session.js';
import { buildExample, copyExample } from '../support/example-project.js';
import { killWorkers, startWorkerProcess, uniqueQueue } from '../support/queue.js';
import { findFreePort, openRedis, whyNoRedis } from '../support/redis.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { decode, recolorByCore, shownPixels, waitUntil } from './window-driver.js';

const RECIPE: Recipe = makeRecipe({
  name: 'look',
  rows: [
    'oklch(78% 0.14 70);60;80',
    'rebeccapurple;15;120',
    '#2b4a6f -> crimson;~0.15;100',
    'teal to orange;30%;80',
    'keep #808080;auto;100',
  ],
  blend: 'oklab',
});
/** Larger than what Vite puts into the script itself. */
const WIDTH = 70;
const HEIGHT = 50;

let picture: Uint8Array;
let expected: Buffer;

beforeAll(async () => {
  picture = await makePicture(WIDTH, HEIGHT);
  const truth = await recolorByCore(picture, RECIPE);
  // Backends may differ by 1/255 in rare colors, and each face chooses its own; this picture has none of those.
  expect(truth.js.equals(truth.wasm)).toBe(true);
  expected = truth.js;
  expect(expected.equals((await decode(picture)).data)).toBe(false);
});

async function expectSame(bytes: Uint8Array): Promise<void> {
  const { data, width, height } = await decode(bytes);
  expect([width, height]).toEqual([WIDTH, HEIGHT]);
  expect(data.equals(expected)).toBe(true);
}

/** A folder with picture.png and look.json. */
async function makeProject(folder?: string): Promise<string> {
  const root = folder ?? (await makeTempFolder());
  await writeFile(join(root, 'picture.png'), picture);
  await writeFile(join(root, 'look.json'), formatRecipe(RECIPE));
  return root;
}

describe('the library', () => {
  it('recolorFile', async () => {
    const root = await makeProject();
    await recolorFile(join(root, 'picture.png'), join(root, 'out.png'), RECIPE);
    await expectSame(await readFile(join(root, 'out.png')));
  });

  it('recolorBuffer', async () => {
    await expectSame((await recolorBuffer(picture, RECIPE)).data);
  });

  it('recolor, in a sharp pipeline', async () => {
    await expectSame(await (await recolor(sharp(picture), RECIPE)).toBuffer());
  });
});

describe('the command line', () => {
  it('shine', async () => {
    const root = await makeProject();
    const { code, stderr } = await runCli(['shine', 'picture.png', '--recipe', 'look.json', '-o', 'out.png'], root);
    expect(code, stderr).toBe(0);
    await expectSame(await readFile(join(root, 'out.png')));
  });

  async function expectBuild(...args: string[]): Promise<void> {
    const root = await makeProject();
    const config = { version: 1, builds: [{ inputs: ['picture.png'], recipe: 'look.json', out: 'out/{name}.{ext}' }] };
    await writeFile(join(root, 'colorshine.config.json'), JSON.stringify(config));
    if (args.length > 0) await startWorkerProcess([...args, '--root', root], root);
    const { code, stderr } = await runCli(['build', ...(args.length > 0 ? ['--queue', ...args] : [])], root);
    expect(code, stderr).toBe(0);
    await expectSame(await readFile(join(root, 'out/picture.png')));
  }

  it('build', () => expectBuild());

  it.skipIf(whyNoRedis())('build, by another process over a queue', async () => {
    const redis = await openRedis();
    try {
      await expectBuild(redis.url, '--queue-name', uniqueQueue());
    } finally {
      await killWorkers();
      await redis.stop();
    }
  });
});

it('a build of design tokens', async () => {
  const project = await copyExample('style-dictionary', []);
  try {
    await makeProject(project.root);
    const config = { inputs: 'picture.png', recipe: 'look.json', out: 'dist/{name}.{ext}' };
    await writeFile(join(project.root, 'colorshine.config.json'), JSON.stringify(config));
    const { code, text } = await buildExample('style-dictionary', project.root);
    expect(code, text).toBe(0);
    await expectSame(await readFile(join(project.root, 'dist/picture.png')));
  } finally {
    await project.remove();
  }
});

it('Astro, when it builds and by the server that it builds', async () => {
  const { root, remove } = await copyExample('astro', ['astro', '@astrojs/node', 'sharp']);
  try {
    await makeProject(root);
    const page = (shine: string, more = ''): string =>
      `---
import { Image } from 'astro:assets';
import picture from '../../picture.png';
${more}
---
<Image src={picture} alt="" shine="${shine}" format="png" />
`;
    await writeFile(join(root, 'src/pages/index.astro'), page('look.json'));
    await writeFile(join(root, 'src/pages/asked.astro'), page('look.json', 'export const prerender = false;'));
    await writeFile(join(root, 'src/pages/wrong.astro'), page('lok.json', 'export const prerender = false;'));
    const config = await readFile(join(root, 'astro.config.mjs'), 'utf8');
    const adapter = "import node from '@astrojs/node';\n";
    const served = config.replace('defineConfig({', "defineConfig({ adapter: node({ mode: 'standalone' }),");
    await writeFile(join(root, 'astro.config.mjs'), adapter + served);
    const { code, text } = await buildExample('astro', root);
    expect(code, text).toBe(0);
    const outputs = await readdir(join(root, 'dist/client/_astro'));
    // With the original, of which the server makes its own.
    expect(outputs).toHaveLength(2);
    const bytes = await Promise.all(outputs.map((name) => readFile(join(root, 'dist/client/_astro', name))));
    await expectSame(bytes.find((each) => !each.equals(picture)) as Buffer);

    const server = await startAstro(root);
    try {
      const html = await (await fetch(`${server.url}/asked`)).text();
      const src = /src="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#38;', '&') ?? '';
      expect(src).toContain('/_image?');
      await expectSame(Buffer.from(await (await fetch(server.url + src)).arrayBuffer()));
      const forged = await fetch(
        server.url + src.replace(/shine=[^&]*/, 'shine=%7B%22recipe%22%3A%22brand.json%22%7D'),
      );
      expect(forged.status).toBe(500);
      await fetch(`${server.url}/wrong`)
        .then((response) => response.text())
        .catch(() => '');
      // A log has no order with what is answered.
      await expect
        .poll(() => server.text(), { timeout: 20_000 })
        .toContain('recipe "lok.json": expected a file at lok.json, found nothing; did you mean "look.json"?');
    } finally {
      server.stop();
    }
  } finally {
    await remove();
  }
});

/** What Astro built for Node, started in the project. */
async function startAstro(root: string) {
  const port = await findFreePort();
  const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port) };
  const child = spawn(process.execPath, ['dist/server/entry.mjs'], { cwd: root, env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
  while (!text.includes('listening')) {
    if (child.exitCode !== null) throw new Error(text);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  }
  return { url: `http://127.0.0.1:${port}`, text: () => text, stop: () => child.kill() };
}

describe('the bundler plugins', () => {
  it.each([
    ['vite', ['vite']],
    ['rollup', ['rollup']],
    ['webpack', ['webpack']],
    ['esbuild', ['esbuild']],
    ['imagetools', ['vite', 'vite-imagetools']],
    ['eleventy', []],
  ])('%s', async (name, packages) => {
    const project = await copyExample(name, packages);
    try {
      const source = join(project.root, 'src');
      await makeProject(source);
      const specifier = './picture.png?shine=look.json';
      if (name === 'eleventy') await writeFile(join(source, 'index.html'), `<img alt="" src="${specifier}">`);
      else await writeFile(join(source, 'main.js'), `import url from '${specifier}';\ndocument.title = url;\n`);
      const { code, text } = await buildExample(name, project.root);
      expect(code, text).toBe(0);
      const files = await readdir(join(project.root, name === 'eleventy' ? '_site' : 'dist'), { recursive: true });
      const outputs = files.filter((file) => /picture[\w.-]*\.png$/.test(file));
      expect(outputs).toHaveLength(1);
      const folder = name === 'eleventy' ? '_site' : 'dist';
      await expectSame(await readFile(join(project.root, folder, outputs[0] as string)));
    } finally {
      await project.remove();
    }
  });
});

describe('the Figma plugin', () => {
  let figma: Figma;
  beforeAll(async () => {
    figma = await startFigma();
  });
  afterAll(() => figma.close());

  it('applies it to a layer', async () => {
    const layer = rectangle('1:1', imagePaint('picture'));
    const storage = { 'colorshine/recents': [RECIPE] };
    const session = await figma.open({
      command: 'rerun',
      scene: { ...scene([layer]), storage },
      images: [{ name: 'picture', bytes: picture }],
    });
    try {
      await waitUntil(session, 'host.snapshot().closed');
      expect((await session.snapshot()).closeMessage).toBe('Recolored 1 layer');
      expect((await shownPixels(session, '1:1')).equals(expected)).toBe(true);
    } finally {
      await session.close();
    }
  });
});
