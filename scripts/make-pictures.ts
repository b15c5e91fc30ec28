/** Writes docs/images/: the README's before-and-after pictures of the example images. Run: npm run pictures */
import sharp from 'sharp';
import { recolor } from '../src/node/index.js';

/** File name, example and rows; README.md and docs/recolor-a-thing.md show the same ones. */
export const PICTURES: readonly (readonly [name: string, example: string, rows: readonly string[]])[] = [
  ['repaint-cloth', 'still-life', ['#3a60a8 -> #8c2f4f;auto;100']],
  [
    'repaint-all',
    'still-life',
    ['#3a60a8 -> #b8643a;auto;100', '#d6ae3a -> #93ad42;~0.2;100', 'keep #a89e8f;~0.12;100'],
  ],
  ['golden-hour', 'lake', ['oklch(78% 0.14 70);70;75']],
  ['blue-hour', 'lake', ['oklch(42% 0.1 265);80;75']],
  ['rose', 'lake', ['oklch(65% 0.2 350);55;80']],
  ['poster', 'lake', ['oklch(30% 0.12 280);60;160', 'oklch(92% 0.06 80);60;160']],
];

const WIDTH = 720;
const HEIGHT = 480;
const DIVIDER = 3;

for (const [name, example, rows] of PICTURES) {
  const source = `examples/${example}.jpg`;
  const before = await sharp(source).resize(WIDTH, HEIGHT).toBuffer();
  const after = await (await recolor(sharp(source), rows)).resize(WIDTH, HEIGHT).toBuffer();
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
