/** `npm run bench [-- part...]`: prints every figure the README quotes. Parts: transform, backends, cli, lut. Default: all. */
import { benchBackends } from './backends.js';
import { benchCli } from './cli.js';
import { benchLut } from './lut.js';
import { describeMachine } from './measure.js';
import { benchTransform } from './transform.js';

const PARTS = { transform: benchTransform, backends: benchBackends, cli: benchCli, lut: benchLut };

console.log(`${describeMachine()}\n`);
const asked = process.argv.slice(2);
for (const [name, bench] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`## ${name}\n\n${await bench()}\n`);
}
