/** The beginning of `npm run soak`, which takes half an hour. COLORSHINE_SOAK_SEED tries others. */
import { expect, it } from 'vitest';
import { createRandom } from '../scripts/random.js';
import { LINES } from '../scripts/soak/lines.js';
import { mutate, mutateJson } from '../scripts/soak/mutate.js';
import { makeTempFolder } from './support/temp-folder.js';

const SEED = Number(process.env.COLORSHINE_SOAK_SEED ?? 1);

/** How often each is tried here. */
const TURNS = { 'broken pictures': 60, 'broken texts': 300, 'broken pictures, window': 100, exactness: 30 } as const;

it.each(Object.entries(TURNS))(`%s, %i times, seed ${SEED}`, async (name, turns) => {
  const line = LINES.find((each) => each.name === name);
  let left = turns;
  const kept = new Map<string, Uint8Array | string>();
  const outcome = await line?.run({
    random: createRandom(SEED),
    folder: await makeTempFolder(),
    goesOn: () => --left > 0,
    async keep(file, bytes) {
      kept.set(file, bytes);
      return `as Base64: ${Buffer.from(bytes).toString('base64')}`;
    },
  });
  expect(outcome?.faults).toEqual([]);
  expect(outcome?.tried).toMatch(new RegExp(`^${turns} `));
});

it('every way of breaking a file breaks it, the same for the same seed', () => {
  const bytes = Buffer.from('{"rows": [{"color": "teal", "tolerance": 40}], "version": 2}'.repeat(20));
  const broken = (seed: number) => mutate(bytes, createRandom(seed)).toString('latin1');
  const all = Array.from({ length: 40 }, (_, seed) => broken(seed));
  expect(new Set(all).size).toBeGreaterThan(30);
  expect(all.map((_, seed) => broken(seed))).toEqual(all);
  const json = '{"rows": [{"color": "teal", "tolerance": 40, "strength": 90}], "version": 2}';
  const changed = Array.from({ length: 100 }, (_, seed) => mutateJson(json, createRandom(seed)));
  for (const text of changed) JSON.parse(text);
  expect(new Set(changed).size).toBeGreaterThan(20);
});
