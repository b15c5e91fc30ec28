import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/node/engine.js';
import { enterImage, imagesUnderWay, MAX_PIXELS_UNDER_WAY, takeRoom } from '../../src/node/under-way.js';

const third = MAX_PIXELS_UNDER_WAY / 3;

describe('takeRoom', () => {
  it('lets in what fits, in order, and what is too large for company alone', async () => {
    const engine = createEngine({ backend: 'js' });
    const log: string[] = [];
    const enter = (name: string, pixels: number) =>
      takeRoom(engine, pixels).then((leave) => {
        log.push(name);
        return leave;
      });
    const waits = [
      enter('a', third),
      enter('b', third),
      enter('huge', MAX_PIXELS_UNDER_WAY * 2),
      enter('small', 1), // would fit, but came later
    ];
    await settle();
    expect(log).toEqual(['a', 'b']);
    (await waits[0])?.();
    await settle();
    expect(log).toEqual(['a', 'b']);
    (await waits[1])?.();
    await settle();
    expect(log).toEqual(['a', 'b', 'huge']);
    (await waits[2])?.();
    await settle();
    expect(log).toEqual(['a', 'b', 'huge', 'small']);
    (await waits[3])?.();
    engine.dispose();
  });

  it('counts each engine for itself', async () => {
    const [one, other] = [createEngine({ backend: 'js' }), createEngine({ backend: 'js' })];
    await takeRoom(one, MAX_PIXELS_UNDER_WAY);
    await takeRoom(other, MAX_PIXELS_UNDER_WAY);
    const leave = enterImage(one);
    enterImage(one);
    leave();
    expect([imagesUnderWay(one), imagesUnderWay(other)]).toEqual([1, 0]);
    one.dispose();
    other.dispose();
  });
});

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
