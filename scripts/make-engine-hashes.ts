/**
 * Writes test/fixtures/engine-hashes.json, or the file named as argument: what the engine makes of many pictures, in short
 * hashes, for test/engine-hashes-1.test.ts and -2. Run: npm run engine-hashes
 *
 * The fixture that is committed was made by the engine of version 0.1.0 at commit 99a1dae, before the wasm backend was
 * rewritten as one engine; it is there to hold the new one to the bytes of the old one. Make it anew only when bytes are meant
 * to change, and say so in the commit and in `ENGINE`.
 */
import { writeFileSync } from 'node:fs';
import { closeWays, hashPicture, openWays } from '../test/support/engine-hashes.js';
import { ENGINE_PICTURES } from '../test/support/engine-pictures.js';

const ENGINE = 'version 0.1.0 at commit 99a1dae';

const ways = await openWays();
const pictures: Record<string, Record<string, Record<string, Record<string, string>>>> = {};
for (const picture of ENGINE_PICTURES) {
  if (pictures[picture.name]) throw new Error(`two pictures are called "${picture.name}"`);
  const recipes: (typeof pictures)[string] = {};
  pictures[picture.name] = recipes;
  for (const { way, recipe, strategy, hashes } of await hashPicture(picture, ways)) {
    recipes[recipe] ??= {};
    recipes[recipe][strategy] ??= {};
    const families = recipes[recipe][strategy];
    families[way.family] ??= hashes;
    if (families[way.family] === hashes) continue;
    throw new Error(
      `${picture.name}, ${recipe}, ${strategy}: ${way.name} gives ${hashes}, not ${families[way.family]}`,
    );
  }
}
closeWays(ways);

const [target = new URL('../test/fixtures/engine-hashes.json', import.meta.url)] = process.argv.slice(2);
const about = `Hashes of bytes and plan, by picture, recipe, strategy and backend. Made by scripts/make-engine-hashes.ts with the engine of ${ENGINE}.`;
writeFileSync(target, JSON.stringify({ about, pictures }));
