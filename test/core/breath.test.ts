import { describe, expect, it } from 'vitest';
import { copyList } from '../../src/core/breath.js';

const LONG = Uint32Array.from({ length: 300_001 }, (_, i) => i * 7919);

describe('a long list', () => {
  it('is copied whole, as other numbers too', async () => {
    const copied = await copyList(LONG, new Float64Array(LONG.length));
    expect(copied).toEqual(Float64Array.from(LONG));
    expect(await copyList(copied, new Uint32Array(LONG.length))).toEqual(LONG);
  });

  it('is copied no further once it is canceled', async () => {
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 1;
      },
    };
    const to = new Uint32Array(LONG.length);
    await expect(copyList(LONG, to, signal)).rejects.toMatchObject({ code: 'CANCELED' });
    expect([to[1], to.at(-1)]).toEqual([7919, 0]);
  });
});
