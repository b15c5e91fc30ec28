import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fixture from '../fixtures/engine-hashes.json' with { type: 'json' };
import { closeWays, hashPicture, openWays, type Way } from './engine-hashes.js';
import { ENGINE_PICTURES } from './engine-pictures.js';

type Hashes = Record<string, Record<string, Record<string, Partial<Record<string, string>>>>>;
const stored = fixture.pictures as Hashes;

/** Some of the pictures; what the engine gave when the fixture was made, which scripts/make-engine-hashes.ts tells. */
export function describeEngineHashes(isWanted: (index: number) => boolean): void {
  describe('the engine gives the bytes and plans that it gave', () => {
    let ways: readonly Way[];
    beforeAll(async () => {
      ways = await openWays();
    });
    afterAll(() => closeWays(ways));

    it.each(ENGINE_PICTURES.filter((_, index) => isWanted(index)))('$name', async (picture) => {
      const wanted = stored[picture.name] ?? {};
      const outcomes = await hashPicture(picture, ways);
      const mismatches = outcomes.flatMap(({ way, recipe, strategy, hashes }) => {
        const want = wanted[recipe]?.[strategy]?.[way.family];
        return hashes === want ? [] : [`${recipe}, ${strategy}, ${way.name}: ${hashes}, not ${want}`];
      });
      expect(mismatches).toEqual([]);
    });

    it('on every picture and recipe of the fixture', () => {
      const names = (tree: object) => Object.keys(tree).sort();
      expect(names(stored)).toEqual(ENGINE_PICTURES.map(({ name }) => name).sort());
      for (const { name, recipes } of ENGINE_PICTURES) expect(names(stored[name] ?? {})).toEqual([...recipes].sort());
    });
  });
}
