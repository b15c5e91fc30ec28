/**
 * Writes examples/lake.jpg, still-life.jpg, flat-art.png and portrait.png, the images that commands and pictures of the pages start from, and the small one of the example
 * projects. The still life takes minutes.
 * Run: npm run example
 */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { FLAT_ART, PORTRAIT } from './drawn-art.js';
import { renderScene } from './example-scene.js';
import { renderStillLife } from './still-life.js';

await sharp(Buffer.from(FLAT_ART)).png({ palette: true }).toFile('examples/flat-art.png');
await sharp(Buffer.from(PORTRAIT)).png().toFile('examples/portrait.png');

const WIDTH = 1600;
const HEIGHT = 1066;

await sharp(renderScene(WIDTH, HEIGHT), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  .jpeg({ quality: 88 })
  .toFile('examples/lake.jpg');

const STILL = { width: 1080, height: 720, channels: 3 as const };

await sharp(renderStillLife(STILL.width, STILL.height), { raw: STILL })
  .jpeg({ quality: 88 })
  .toFile('examples/still-life.jpg');

/** Pixels across. */
const HERO_WIDTH = 360;
const hero = await sharp('examples/lake.jpg').resize(HERO_WIDTH).jpeg({ quality: 80 }).toBuffer();
for (const project of ['vite', 'rollup', 'webpack', 'esbuild', 'imagetools', 'eleventy']) {
  await writeFile(`examples/${project}/src/hero.jpg`, hero);
}
