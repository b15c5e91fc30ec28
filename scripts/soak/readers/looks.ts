/** Readers of looks: recipes, plans, tokens and lookup tables, as files hold them. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createPull,
  formatCube,
  identityLut,
  parsePlan,
  parseRecipe,
  planFromCensus,
} from '../../../src/core/index.js';
import type { Plan } from '../../../src/core/types.js';
import { decodeEntry, encodeEntry, readEntryParts } from '../../../src/node/lut-cache-file.js';
import { differences, keyOf, keyParts } from '../../../src/node/lut-cache-key.js';
import { readLutFile } from '../../../src/node/lut-file.js';
import { loadTokens } from '../../../src/node/token-files.js';
import { expectThat, type Reader, readsAnything } from './reader.js';
import { CENSUS, PLAN, RECIPE } from './samples.js';

const COLORS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [255, 255, 255],
  [0, 128, 128],
  [44, 79, 143],
];
const TOKENS = [
  'material.tokens.json',
  'primer-base.json',
  'warm-brand.tokens.json',
  'figma-variables.json',
  'tokens-studio.json',
  'style-dictionary.json',
];
const LUT_SIZE = 2;
const NODES = Float32Array.from({ length: LUT_SIZE ** 3 * 3 }, (_, i) => (i % 2 ? 1 : 0));
const PARTS = keyParts({ plan: PLAN, size: LUT_SIZE, backend: 'wasm', precision: 'float' });
const KEY = keyOf(PARTS);
/** Where a hash of what follows stands in an entry, and its length in bytes. */
const ENTRY_HASH_AT = 52;
const ENTRY_HEAD = 84;

export const LOOK_READERS: readonly Reader[] = [
  {
    kind: 'recipe',
    makeSeeds: () => [
      JSON.stringify(RECIPE),
      JSON.stringify({
        version: 1,
        attractors: [{ color: 'teal', tolerance: 40, strength: 90 }],
        channels: { luminance: true, saturation: true, hue: false },
      }),
    ],
    read(bytes) {
      const recipe = parseRecipe(bytes.toString());
      if (recipe.rows.some(({ color, from }) => `${color}${from}`.includes('{'))) return; // its tokens are not there
      apply(planFromCensus(CENSUS, recipe, 'srgb'));
    },
  },
  { kind: 'plan', makeSeeds: () => [JSON.stringify(PLAN)], read: (bytes) => apply(parsePlan(bytes.toString())) },
  {
    kind: 'tokens',
    makeSeeds: async () => [
      ...(await Promise.all(TOKENS.map((name) => readFile(`test/fixtures/tokens/${name}`, 'utf8')))),
      JSON.stringify({ a: { $ref: 'tokens.json#/b' }, b: { $type: 'color', $value: { $ref: 'b%20.json#/c/$value' } } }),
    ],
    async read(bytes, folder) {
      const path = join(folder, 'tokens.json');
      await writeFile(path, bytes);
      await loadTokens([path]);
    },
  },
  {
    kind: 'lookup table',
    makeSeeds: () => [formatCube(identityLut(LUT_SIZE), 'x', ['y'])],
    async read(bytes, folder) {
      const path = join(folder, 'look.cube');
      await writeFile(path, bytes);
      await readLutFile(path);
    },
  },
  {
    kind: 'cached table',
    makeSeeds: () => [encodeEntry(KEY, PARTS, NODES)],
    read: (bytes, folder) =>
      readsAnything(async () => {
        if (bytes.length > ENTRY_HEAD)
          createHash('sha256').update(bytes.subarray(ENTRY_HEAD)).digest().copy(bytes, ENTRY_HASH_AT);
        const nodes = decodeEntry(bytes, KEY, NODES.length);
        expectThat(nodes === undefined || nodes.every((node) => node >= 0 && node <= 1), 'nodes within the gamut');
        const path = join(folder, 'entry');
        await writeFile(path, bytes);
        const parts = await readEntryParts(path);
        if (parts) expectThat(!differences(PARTS, parts).join().includes('\n'), 'one line');
      }),
  },
  {
    kind: 'parts of a cached table',
    makeSeeds: () => [JSON.stringify(PARTS)],
    read: (bytes, folder) =>
      readsAnything(async () => {
        const path = join(folder, 'entry');
        const entry = encodeEntry(KEY, PARTS, NODES);
        const head = Buffer.from(entry.subarray(0, ENTRY_HEAD));
        head.writeUInt32LE(bytes.length, 12);
        await writeFile(path, Buffer.concat([head, bytes]));
        const parts = await readEntryParts(path);
        if (parts) expectThat(!differences(PARTS, parts).join().includes('\n'), 'one line');
      }),
  },
];

/** Whatever was accepted makes colors. */
function apply(plan: Plan): void {
  const pull = createPull(plan);
  for (const color of COLORS)
    for (const code of pull(color))
      expectThat(Number.isInteger(code) && code >= 0 && code <= 255, `an 8-bit code, got ${code}`);
}
