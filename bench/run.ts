/**
 * `npm run bench [-- part...]`: prints every figure the README quotes. Parts: transform, backends, cli, lut, memory;
 * gigapixel only when asked for. Default: all others.
 */
import { benchBackends } from './backends.js';
import { benchCli } from './cli.js';
import { benchLut } from './lut.js';
import { describeMachine } from './measure.js';
import { benchGigapixel, benchMemory } from './memory.js';
import { benchTransform } from './transform.js';

const PARTS = { transform: benchTransform, backends: benchBackends, cli: benchCli, lut: benchLut, memory: benchMemory };
const ON_REQUEST = { gigapixel: benchGigapixel };

console.log(`${describeMachine()}\n`);
const asked = process.argv.slice(2);
for (const [name, bench] of Object.entries({ ...PARTS, ...ON_REQUEST })) {
  if (asked.length > 0 ? !asked.includes(name) : name in ON_REQUEST) continue;
  console.log(`## ${name}\n\n${await bench()}\n`);
}
