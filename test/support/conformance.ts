/** What a backend is held to (docs/internals/model.md, "Accuracy"); runs in Node and in pages alike. */
import { createJsBackend } from '../../src/backends/js/index.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { type Backend, createPull, type Plan, type PlanRow } from '../../src/core/index.js';
import { type Case, planOf, sampleColors } from './cases.js';
import { compareColors, type Difference } from './compare.js';
import { everyColor } from './every-color.js';

/** A backend to test. `open` throws, with a sentence, where it cannot run. */
export interface Subject {
  readonly name: string;
  open(): Promise<Backend>;
}

export interface Conformance extends Difference {
  /** Colors on the wrong side of a radius. */
  readonly strays: number;
}

/** Colors of the sample that every case is checked on. */
export const SAMPLE_COUNT = 12_000;

/** Rows of a case whose membership is checked one by one. */
const MAX_PROBES = 8;

/** What `pull` gives for a sample of a case, and for each plan that shows the membership of a row. */
interface Wanted {
  readonly colors: Uint32Array;
  readonly plans: readonly { readonly plan: Plan; readonly answers: Uint32Array }[];
}

/** Several backends are held to one in turn, and `pull` takes microseconds a color. */
const wantedByCase = new Map<string, Wanted>();

function wantedOf(testCase: Case): Wanted {
  const known = wantedByCase.get(testCase.name);
  if (known) return known;
  const colors = sampleColors(SAMPLE_COUNT);
  const plan = planOf(testCase);
  const plans = [plan, ...membershipProbes(plan).slice(0, MAX_PROBES)];
  const wanted = { colors, plans: plans.map((each) => ({ plan: each, answers: pullAll(colors, each) })) };
  wantedByCase.set(testCase.name, wanted);
  return wanted;
}

/** Checks a case against `pull` on a sample, and the membership of each of its rows. */
export async function checkSample(backend: Backend, testCase: Case): Promise<Conformance> {
  const { colors, plans } = wantedOf(testCase);
  let difference: Difference | undefined;
  let strays = 0;
  for (const { plan, answers } of plans) {
    const found = await evaluateColors(backend, colors, plan);
    if (difference) strays += countStrays(colors, found, answers);
    else difference = compareColors(found, answers);
  }
  return { ...(difference as Difference), strays };
}

/** What is known of answers that were compared before (test/support/proof.ts). */
export type Known = Conformance & { readonly hash: string };

/**
 * Checks a case on all 2^24 colors, and there the membership of its first row where the case asks for it, against the js backend,
 * which is checked against `pull` itself.
 *
 * @param known answers with the same hash need no comparison
 */
export async function checkEveryColor(backend: Backend, testCase: Case, known?: Known): Promise<Known> {
  const plan = planOf(testCase);
  const colors = everyColor();
  const found = await evaluateColors(backend, colors, plan);
  const [probe] = testCase.everyMember ? membershipProbes(plan) : [];
  const moved = probe && (await evaluateColors(backend, colors, probe));
  const hash = (await hashWords(found)) + (moved ? await hashWords(moved) : '');
  if (known?.hash === hash) return known;
  const difference = compareColors(found, await expectJs(testCase.name, 'pull', colors, plan));
  if (!moved) return { ...difference, strays: 0, hash };
  const shouldMove = await expectJs(testCase.name, 'membership', colors, probe);
  return { ...difference, strays: countStrays(colors, moved, shouldMove), hash };
}

const HASH_BYTES = 16;

/** The beginning of a SHA-256, in Node and in pages alike. */
async function hashWords(words: Uint32Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', words)).subarray(0, HASH_BYTES);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What js answers, kept for one case, up to 128 MiB, because several backends are held to it in turn. */
const expected = { case: '', answers: new Map<string, Uint32Array>() };

async function expectJs(name: string, of: string, colors: Uint32Array, plan: Plan): Promise<Uint32Array> {
  if (expected.case !== name) expected.answers.clear();
  expected.case = name;
  const answers = expected.answers.get(of) ?? (await evaluateColors(createJsBackend(), colors, plan));
  expected.answers.set(of, answers);
  return answers;
}

/** New colors by a backend. */
export async function evaluateColors(
  backend: Backend,
  colors: Uint32Array,
  plan: Plan,
): Promise<Uint32Array<ArrayBuffer>> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out;
}

/** The same by the definition. */
export function pullAll(colors: Uint32Array, plan: Plan): Uint32Array {
  const pull = createPull(plan);
  return colors.map((color) => packColor(...(pull(unpackColor(color)) as [number, number, number])));
}

/** Moves every color to one that no case has. */
const FLATTEN: PlanRow = { color: '#8a7250', oklab: [0.57, 0.02, 0.06], powerlessHue: false, radius: 9, strength: 200 };

/**
 * Plans that make membership visible: one row at a time, at strength 200, so that a color in reach moves and any other stays as it
 * is. What a keep row has in reach stays where everything else moves.
 */
function membershipProbes(plan: Plan): Plan[] {
  const channels = { luminance: true, saturation: true, hue: true };
  return plan.rows
    .filter(({ radius }) => radius > 0)
    .map((row): Plan => {
      const strong = { ...row, strength: 200 };
      return { ...plan, channels, rows: row.keep ? [strong, FLATTEN] : [strong] };
    });
}

function countStrays(colors: Uint32Array, found: Uint32Array, expected: Uint32Array): number {
  let strays = 0;
  for (let i = 0; i < colors.length; i++) {
    if (found[i] === expected[i]) continue;
    const wasMoved = found[i] !== colors[i];
    const shouldMove = expected[i] !== colors[i];
    if (wasMoved !== shouldMove && !isNeighbor(found[i] as number, expected[i] as number)) strays++;
  }
  return strays;
}

/** A color next to its target may reach it or not by rounding alone. */
function isNeighbor(a: number, b: number): boolean {
  return compareColors(Uint32Array.of(a), Uint32Array.of(b)).max <= 1;
}
