import { describe, expect, it } from 'vitest';
import { gridAxis } from '../../../src/core/lut/build.js';
import { type Backend, buildLut, createJsBackend, createPull } from '../../../src/index.js';
import { PATHS, planOf } from '../../support/cases.js';

const js = createJsBackend();
/** A backend that only knows 8-bit colors, as a GPU does. */
const eightBit: Backend = { name: 'js', evaluate: js.evaluate, dispose() {} };

/** Visits every node: its address, and its place on the three axes. */
function eachNode(size: number, visit: (at: number, place: readonly [number, number, number]) => void): void {
  for (let n = 0; n < size ** 3; n++) visit(n * 3, [n % size, Math.floor(n / size) % size, Math.floor(n / size ** 2)]);
}

describe.each(PATHS)('$name', (recipe) => {
  const plan = planOf(recipe);

  it('has the reference at every node, to a 16-bit code', async () => {
    // Nodes of 16 fall on whole 16-bit codes (65535 / 15), where the reference can be asked.
    const size = 16;
    const { nodes } = await buildLut(plan, size, js);
    const pull = createPull(plan, 65535);
    let worst = 0;
    eachNode(size, (at, place) => {
      const expected = pull(place.map((i) => (i * 65535) / (size - 1)) as [number, number, number]);
      for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs((nodes[at + k] ?? 0) * 65535 - (expected[k] ?? 0)));
    });
    expect(worst).toBeLessThan(0.55);
  });

  it('has the reference at the nearest 8-bit colors on a backend that knows no others', async () => {
    const size = 9;
    const { nodes, axes } = await buildLut(plan, size, eightBit);
    const pull = createPull(plan);
    let wrong = 0;
    eachNode(size, (at, place) => {
      const codes = place.map((i) => Math.round((i * 255) / (size - 1))) as [number, number, number];
      const expected = pull(codes);
      for (let k = 0; k < 3; k++) {
        const isOnCode = Math.abs((axes[k]?.[place[k] ?? 0] ?? -1) - (codes[k] ?? 0) / 255) < 1e-12;
        if (!isOnCode || Math.round((nodes[at + k] ?? 0) * 255) !== expected[k]) wrong++;
      }
    });
    expect(wrong).toBe(0);
  });
});

it('refuses sizes that make no grid', async () => {
  const plan = planOf({ rows: ['red;50;70'] });
  for (const size of [0, 1, 130, 3.5, Number.NaN]) {
    await expect(buildLut(plan, size, js)).rejects.toThrow('lut-size: expected');
  }
});

it('stops when it is canceled', async () => {
  const plan = planOf({ rows: ['red;50;70'] });
  await expect(buildLut(plan, 33, js, { aborted: true })).rejects.toMatchObject({ code: 'CANCELED' });
});

it('puts 8-bit grid lines on codes, each on one of its own', () => {
  const axis = gridAxis(129, '8-bit');
  expect(new Set(axis).size).toBe(129);
  expect(axis.every((x) => Number.isInteger(Math.round(x * 255 * 1e9) / 1e9))).toBe(true);
});
