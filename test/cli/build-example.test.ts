import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { Manifest } from '../../src/node/build/manifest.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

it('examples/build builds: both themes in every size and format, dark ones darker, snippets with every file', async () => {
  const folder = await makeTempFolder();
  await cp('examples/build', folder, { recursive: true, filter: (path) => !path.endsWith('/dist') });
  await mkdir(join(folder, 'node_modules'));
  const { code, stderr } = await runCli(['build'], folder);
  expect(stderr).toMatch(/^20 outputs made/);
  expect(code).toBe(0);

  const manifest = JSON.parse(await readFile(join(folder, 'dist/colorshine-manifest.json'), 'utf8')) as Manifest;
  expect(manifest.sources.map(({ path, outputs }) => [path, outputs.length])).toEqual([
    ['images/bay.jpg', 8],
    ['images/leaf.png', 4],
    ['images/street.png', 8],
  ]);
  const lightness = async (path: string): Promise<number> => {
    const { channels } = await sharp(join(folder, path)).removeAlpha().stats();
    return channels.reduce((sum, { mean }) => sum + mean, 0) / 3;
  };
  for (const name of ['bay', 'street']) {
    expect(await lightness(`dist/${name}.dark.full.webp`)).toBeLessThan(
      0.7 * (await lightness(`dist/${name}.light.full.webp`)),
    );
  }
  const html = await readFile(join(folder, 'dist/pictures.html'), 'utf8');
  const css = await readFile(join(folder, 'dist/images.css'), 'utf8');
  const outputs = manifest.sources.flatMap((source) => source.outputs.map(({ path }) => path.replace('dist/', '')));
  for (const path of outputs) expect(html).toContain(path);
  for (const path of outputs.filter((name) => !name.includes('.320.'))) expect(css).toContain(`url("${path}")`);
  // The leaf's outline is as it was.
  const alpha = (path: string) => sharp(join(folder, path)).extractChannel('alpha').raw().toBuffer();
  expect(await alpha('dist/leaf.dark.png')).toEqual(await alpha('images/leaf.png'));
});
