/** Which backend is fastest here, found out by running each, and explained. */
import type { Backend } from '../core/backend.js';
import type { Plan } from '../core/types.js';
import { withinDeadline } from './deadline.js';
import { type BackendCandidate, type FallbackOptions, withFallback } from './fallback.js';
import { createJsBackend } from './js/index.js';
import { reasonOf } from './reason.js';
import { HASTY_SELF_TEST_COLORS, makeTestPlan, makeTimingPlan, selfTest, spreadColors } from './self-test.js';

/** What was found out about one candidate. */
export interface CandidateReport {
  readonly name: string;
  /** Whether it starts here. */
  readonly available: boolean;
  readonly selfTest: 'passed' | 'failed' | 'not run';
  /** Undefined when it was not timed, or only hastily. */
  readonly colorsPerSecond: number | undefined;
  /** Milliseconds of the self-test where that was the race. */
  readonly firstRun?: number;
  /** Part of a sentence: why it was chosen or not. */
  readonly why: string;
}

export interface Selection {
  readonly chosen: string;
  /** For the user: what was chosen and why. */
  readonly sentence: string;
  /** In the order they were given. */
  readonly candidates: readonly CandidateReport[];
  /** The chosen backend, with the others behind it in order of speed (`withFallback`). The caller disposes of it. */
  readonly backend: Backend;
}

export interface SelectOptions extends FallbackOptions {
  /** Clock in milliseconds. */
  readonly now?: () => number;
  /** How long each candidate is timed. Default `PATIENT`. */
  readonly budget?: TimingBudget;
  /** The user's word: this candidate is taken without a race if it works. */
  readonly preferred?: string;
  /**
   * Candidates that were tested and timed before, with their colors per second: they are neither started, tested nor
   * timed again, and compete with these speeds.
   */
  readonly measured?: ReadonlyMap<string, number>;
}

/** A start, self-test or timing that takes longer counts as not available. */
const PROBE_DEADLINE_MS = 10_000;
/** The sample grows from the smaller size to the larger while one run takes less than the goal. */
const SAMPLE_COLORS = { min: 1 << 13, max: 1 << 20, growth: 4 } as const;
const SAMPLE_GOAL_MS = 6;
/** Below this budget the sample does not grow: filling a large one would take longer than using it. */
const SHORT_MS = 50;
/** Both the least time and the least runs must be reached, unless it gets too long. */
export interface TimingBudget {
  readonly minMs: number;
  readonly minRuns: number;
  readonly maxMs: number;
  /** The sample grows while one run of it takes less. Default 6. */
  readonly goalMs?: number;
  /** No race at all: what the self-test took, of this many colors, is the measure. */
  readonly selfTestColors?: number;
}

/**
 * For a session of many pictures. Engines compile hot code in the background and other programs want the processor too,
 * so early runs tell little.
 */
export const PATIENT: TimingBudget = { minMs: 60, minRuns: 12, maxMs: 400 };
/** For one image with a GPU in the race, whose speed shows only on large samples. */
export const BRIEF: TimingBudget = { minMs: 0, minRuns: 3, maxMs: 20 };
/**
 * For a process that may live half a second: code that has not had time to get fast does not count as fast, and a race
 * of 100 ms would cost more than the image.
 */
export const HASTY: TimingBudget = {
  minMs: 0,
  minRuns: 0,
  maxMs: 0,
  selfTestColors: HASTY_SELF_TEST_COLORS,
};

/**
 * Compiled code that runs is faster than js; where the clock says otherwise, the machine was busy. js has to be this many times
 * as fast, so that the same image gives the same bytes every time: backends are 1/255 apart.
 */
const JS_LEAD = 100;

interface Probe {
  readonly candidate: BackendCandidate;
  readonly report: Omit<CandidateReport, 'why'> & { readonly why?: string };
  /** Set when it is usable and has been started. */
  readonly backend?: Backend;
}

/**
 * Starts each candidate, tests it against the js backend, times it and chooses the fastest; no name is preferred, so
 * software GL loses to wasm by the clock. Losers are disposed of and started again only if the winner fails.
 *
 * @param candidates js is added if it is missing; it cannot fail
 */
export async function selectBackend(
  candidates: readonly BackendCandidate[],
  options: SelectOptions = {},
): Promise<Selection> {
  const { now = () => performance.now(), budget = PATIENT } = options;
  const list = candidates.some(({ name }) => name === 'js')
    ? candidates
    : [...candidates, { name: 'js', create: async () => createJsBackend() }];
  const tester: Tester = { js: createJsBackend(), plan: makeTestPlan(), now, budget, jsFirstRun: undefined };
  const probes: Probe[] = [];
  // One after the other: side by side they would slow each other down.
  for (const candidate of preferredFirst(list, options.preferred)) {
    const speed = options.measured?.get(candidate.name);
    const result = speed === undefined ? await probe(candidate, tester) : recall(candidate, speed);
    probes.push(result);
    if (candidate.name === options.preferred && isUsable(result)) return takePreferred(result, list, options);
  }

  // Software renderers may well be slower than js, and in a race they show it.
  const isCompiled = probes.some((entry) => entry.report.name === 'wasm' && isUsable(entry));
  const handicap = isCompiled || budget.selfTestColors !== undefined ? JS_LEAD : 1;
  const standing = (entry: Probe): number => speedOf(entry) / (entry.report.name === 'js' ? handicap : 1);
  const ranked = probes.filter(isUsable).sort((p, q) => standing(q) - standing(p));
  const [winner, ...losers] = ranked;
  if (!winner) throw new Error('not even the js backend runs here');
  for (const { backend } of losers) backend?.dispose();
  const wrapped = withFallback(
    ranked.map(({ candidate }) => candidate),
    { ...options, first: winner.backend },
  );
  const reports = probes.map((entry) => explain(entry, winner, ranked));
  const sentence = summarize(winner, reports, budget);
  return { chosen: winner.report.name, sentence, candidates: reports, backend: wrapped };
}

function preferredFirst(list: readonly BackendCandidate[], preferred: string | undefined): readonly BackendCandidate[] {
  return [...list].sort((p, q) => Number(q.name === preferred) - Number(p.name === preferred));
}

function takePreferred(winner: Probe, list: readonly BackendCandidate[], options: SelectOptions): Selection {
  const others = list.filter((candidate) => candidate !== winner.candidate);
  const { name } = winner.candidate;
  return {
    chosen: name,
    sentence: `Using ${name}, as asked.`,
    candidates: [{ ...winner.report, why: 'it was asked for' }],
    backend: withFallback([winner.candidate, ...others], { ...options, first: winner.backend }),
  };
}

/**
 * Selects on first use and remembers: one value a session, held by the caller.
 *
 * @example const pick = createSelector(candidates); const { backend } = await pick();
 */
export function createSelector(
  candidates: readonly BackendCandidate[],
  options: SelectOptions = {},
): () => Promise<Selection> {
  let selection: Promise<Selection> | undefined;
  return () => (selection ??= selectBackend(candidates, options));
}

/** What was found out before, as if by `probe`. */
function recall(candidate: BackendCandidate, colorsPerSecond: number): Probe {
  return { candidate, report: { name: candidate.name, available: true, selfTest: 'passed', colorsPerSecond } };
}

function isUsable({ report }: Probe): boolean {
  return report.selfTest === 'passed';
}

/** What the probes of one selection share. */
interface Tester {
  readonly js: Backend;
  readonly plan: Plan;
  readonly now: () => number;
  readonly budget: TimingBudget;
  /** Milliseconds of js in another candidate's self-test. */
  jsFirstRun: number | undefined;
}

async function probe(candidate: BackendCandidate, tester: Tester): Promise<Probe> {
  const { name } = candidate;
  const base = { name, available: false, selfTest: 'not run', colorsPerSecond: undefined } as const;
  let backend: Backend;
  const starting = (async () => candidate.create())();
  try {
    backend = await withinDeadline(starting, PROBE_DEADLINE_MS, `backend ${name}`);
  } catch (error) {
    // Should it start after all, nobody will be there to close it.
    starting.then((late) => late.dispose()).catch(() => {});
    return { candidate, report: { ...base, why: `not available: ${reasonOf(error)}` } };
  }
  const unusable = (why: string): Probe => {
    backend.dispose();
    return { candidate, report: { ...base, available: true, selfTest: 'failed', why } };
  };
  try {
    const test = testAndTime(backend, name === 'js', tester);
    const { defect, ...times } = await withinDeadline(test, PROBE_DEADLINE_MS, 'self-test');
    if (defect) return unusable(`it failed the self-test: ${defect}`);
    return { candidate, backend, report: { ...base, available: true, selfTest: 'passed', ...times } };
  } catch (error) {
    return unusable(`it failed the self-test: ${reasonOf(error)}`);
  }
}

interface TestResult extends Pick<CandidateReport, 'colorsPerSecond' | 'firstRun'> {
  readonly defect?: string | undefined;
}

/** The js backend is the reference: hastily it is not compared with itself, and its time is known from another's test. */
async function testAndTime(backend: Backend, isReference: boolean, tester: Tester): Promise<TestResult> {
  const { js, plan, now, budget } = tester;
  const { selfTestColors } = budget;
  if (selfTestColors !== undefined && isReference) return hastyResult(tester.jsFirstRun);
  const { defect, elapsed } = await selfTest(backend, js, plan, selfTestColors, now);
  if (defect !== undefined) return { defect, colorsPerSecond: undefined };
  if (selfTestColors === undefined) {
    return { colorsPerSecond: await timeBackend(backend, makeTimingPlan(), now, budget) };
  }
  tester.jsFirstRun ??= elapsed.js; // compiled code is faster the second time: the first counts
  return hastyResult(elapsed.backend);
}

function hastyResult(firstRun: number | undefined): TestResult {
  return { colorsPerSecond: undefined, ...(firstRun !== undefined && { firstRun }) };
}

/** Colors per second: the best run of a time budget, on a sample that grows until the clock can tell. */
async function timeBackend(backend: Backend, plan: Plan, now: () => number, budget: TimingBudget): Promise<number> {
  const sample = spreadColors(budget.maxMs < SHORT_MS ? SAMPLE_COLORS.min : SAMPLE_COLORS.max);
  const out = new Uint32Array(sample.length);
  const { goalMs = SAMPLE_GOAL_MS } = budget;
  let count: number = SAMPLE_COLORS.min;
  let best = 0;
  let spent = 0;
  for (let run = 0; spent < budget.minMs || (run < budget.minRuns && spent < budget.maxMs); run++) {
    const start = now();
    await backend.evaluate(sample.subarray(0, count), plan, out.subarray(0, count));
    const elapsed = Math.max(now() - start, 1e-3);
    best = Math.max(best, (count / elapsed) * 1000);
    spent += elapsed;
    if (elapsed < goalMs && count * SAMPLE_COLORS.growth <= sample.length) count *= SAMPLE_COLORS.growth;
  }
  return best;
}

function speedOf({ report }: Probe): number {
  return report.colorsPerSecond ?? 1 / Math.max(report.firstRun ?? Number.POSITIVE_INFINITY, 1e-3);
}

function explain(entry: Probe, winner: Probe, ranked: readonly Probe[]): CandidateReport {
  return { ...entry.report, why: entry.report.why ?? standingOf(entry, winner, ranked) };
}

/** By the clock alone js may have been faster, which is not enough: see `JS_LEAD`. */
function standingOf(entry: Probe, winner: Probe, ranked: readonly Probe[]): string {
  const beats = (other: Probe): boolean => speedOf(other) > speedOf(winner);
  if (entry === winner) return ranked.some(beats) ? 'it was not clearly beaten' : 'it was the fastest';
  return beats(entry) ? `it was not clearly faster than ${winner.report.name}` : `${winner.report.name} was faster`;
}

function summarize(winner: Probe, reports: readonly CandidateReport[], { selfTestColors }: TimingBudget): string {
  const { name, firstRun = 0, colorsPerSecond = Number.POSITIVE_INFINITY } = winner.report;
  const others = reports
    .filter((report) => report.name !== name)
    .map((report) => `${report.name}${formatResult(report) ?? `: ${report.why}`}`);
  const tail = others.length > 0 ? ` (${others.join('; ')})` : '';
  const result = formatResult(winner.report);
  if (result === undefined) return `Using ${name}, as nothing else runs here${tail}.`;
  const isBeaten = reports.some(
    (report) => (report.firstRun ?? firstRun) < firstRun || (report.colorsPerSecond ?? 0) > colorsPerSecond,
  );
  const how = isBeaten ? 'not clearly beaten' : 'the fastest';
  return selfTestColors === undefined
    ? `Using ${name}, ${how} here at${result} million colors a second${tail}.`
    : `Using ${name}, ${how} here on a first ${selfTestColors} colors:${result}${tail}.`;
}

function formatResult({ colorsPerSecond, firstRun }: Probe['report']): string | undefined {
  if (colorsPerSecond) return ` ${formatSpeed(colorsPerSecond)}`;
  return firstRun === undefined ? undefined : ` ${firstRun.toFixed(1)} ms`;
}

function formatSpeed(colorsPerSecond: number): string {
  const millions = colorsPerSecond / 1e6;
  return millions.toFixed(millions < 10 ? 1 : 0);
}
