/** Writes examples/lake.jpg, the image that README commands and pictures start from. Run: npm run example */
import sharp from 'sharp';
import { renderScene } from './example-scene.js';

const WIDTH = 1600;
const HEIGHT = 1066;

await sharp(renderScene(WIDTH, HEIGHT), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  .jpeg({ quality: 88 })
  .toFile('examples/lake.jpg');
