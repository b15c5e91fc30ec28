/** What a backend is held to (docs: model.md, "Accuracy"); runs in Node and in pages alike. */
import { createJsBackend } from '../../src/backends/js/index.js';
import { COLOR_COUNT } from '../../src/core/color/packed.js';
import type { Backend, Plan } from '../../src/core/index.js';
import { CASES, type ConformanceCase, planOfCase, sampleColors } from './cases.js';
import { compareColors, type Difference } from './compare.js';

/** A backend to test. `open` throws, with a sentence, where it cannot run. */
export interface Subject {
  readonly name: string;
  open(): Promise<Backend>;
}

export interface Conformance extends Difference {
  readonly name: string;
  /** Colors on the wrong side of a radius. */
  readonly strays: number;
}

const SAMPLE = 30_000;
/** Colors of one call: several full tiles and a partial one. */
const CHUNK = 3 * 2 ** 20 + 12_345;

/** Runs one case on a sample, or on all 2^24 colors where the case asks for it. */
export async function checkCase(backend: Backend, testCase: ConformanceCase): Promise<Conformance> {
  const plan = planOfCase(testCase);
  const { everyColor = false } = testCase;
  const difference = await comparePlan(backend, plan, everyColor);
  let strays = 0;
  for (const probe of membershipProbes(plan)) strays += await countStrays(backend, probe, false);
  return { name: testCase.name, ...difference, strays };
}

/** Counts strays over all 2^24 colors for the first attractor of a case. */
export async function checkMembership(backend: Backend, testCase: ConformanceCase): Promise<number> {
  const [probe] = membershipProbes(planOfCase(testCase));
  return probe === undefined ? 0 : countStrays(backend, probe, true);
}

export function findCase(name: string): ConformanceCase {
  const found = CASES.find((testCase) => testCase.name === name);
  if (!found) throw new Error(`no case is named ${name}`);
  return found;
}

async function comparePlan(backend: Backend, plan: Plan, everyColor: boolean): Promise<Difference> {
  let compared = 0;
  let max = 0;
  let different = 0;
  for (const { colors, found, expected } of evaluateBoth(backend, plan, everyColor)) {
    const chunk = compareColors(await found, await expected);
    compared += colors.length;
    max = Math.max(max, chunk.max);
    different += Math.round((1 - chunk.identical) * colors.length);
  }
  return { compared, max, identical: 1 - different / compared };
}

/**
 * Plans that make membership visible: one attractor at a time, at strength 200, so that a color in reach becomes the
 * target and any other stays as it is.
 */
function membershipProbes(plan: Plan): Plan[] {
  const channels = { luminance: true, saturation: true, hue: true };
  return plan.attractors
    .filter(({ radius }) => radius > 0)
    .map((attractor) => ({ ...plan, channels, attractors: [{ ...attractor, strength: 200 }] }));
}

async function countStrays(backend: Backend, probe: Plan, everyColor: boolean): Promise<number> {
  let strays = 0;
  for (const { colors, found, expected } of evaluateBoth(backend, probe, everyColor)) {
    const given = await found;
    const exact = await expected;
    for (let i = 0; i < colors.length; i++) {
      const wasMoved = given[i] !== colors[i];
      const shouldMove = exact[i] !== colors[i];
      // A color that is the target, or its neighbor by rounding, cannot show whether it was reached.
      if (wasMoved !== shouldMove && isFarFrom(colors[i] as number, exact[i] as number, given[i] as number)) strays++;
    }
  }
  return strays;
}

function isFarFrom(color: number, ...results: number[]): boolean {
  return results.some((result) => compareColors(Uint32Array.of(result), Uint32Array.of(color)).max > 1);
}

interface Chunk {
  readonly colors: Uint32Array;
  readonly found: Promise<Uint32Array>;
  readonly expected: Promise<Uint32Array>;
}

function* evaluateBoth(backend: Backend, plan: Plan, everyColor: boolean): Generator<Chunk> {
  const reference = createJsBackend();
  const evaluate = async (by: Backend, colors: Uint32Array): Promise<Uint32Array> => {
    const out = new Uint32Array(colors.length);
    await by.evaluate(colors, plan, out);
    return out;
  };
  const total = everyColor ? COLOR_COUNT : SAMPLE;
  const sample = everyColor ? undefined : sampleColors(SAMPLE);
  for (let from = 0; from < total; from += CHUNK) {
    const length = Math.min(CHUNK, total - from);
    const colors = sample ?? Uint32Array.from({ length }, (_, i) => from + i);
    yield { colors, found: evaluate(backend, colors), expected: evaluate(reference, colors) };
  }
}
