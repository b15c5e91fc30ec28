/** Writes docs/images/: the README's before-and-after pictures of examples/lake.jpg. Run: npm run pictures */
import sharp from 'sharp';
import { recolor } from '../src/node/index.js';

/** File name and attractors; README.md shows the same ones. */
export const PICTURES: readonly (readonly [name: string, attractors: readonly string[]])[] = [
  ['golden-hour', ['oklch(78% 0.14 70);70;75']],
  ['blue-hour', ['oklch(42% 0.1 265);80;75']],
  ['rose', ['oklch(65% 0.2 350);55;80']],
  ['poster', ['oklch(30% 0.12 280);60;160', 'oklch(92% 0.06 80);60;160']],
];

const WIDTH = 720;
const HEIGHT = 480;
const DIVIDER = 3;

for (const [name, attractors] of PICTURES) {
  const before = await sharp('examples/lake.jpg').resize(WIDTH, HEIGHT).toBuffer();
  const after = await (await recolor(sharp('examples/lake.jpg'), attractors)).resize(WIDTH, HEIGHT).toBuffer();
  const left = await sharp(before)
    .extract({ left: 0, top: 0, width: WIDTH / 2, height: HEIGHT })
    .toBuffer();
  const divider = { create: { width: DIVIDER, height: HEIGHT, channels: 3 as const, background: '#fff' } };
  await sharp(after)
    .composite([
      { input: left, left: 0, top: 0 },
      { input: divider, left: WIDTH / 2 - 1, top: 0 },
    ])
    .jpeg({ quality: 84 })
    .toFile(`docs/images/${name}.jpg`);
}
