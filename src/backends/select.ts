/** Which backend to use here, and why: the fastest in a race, or without one the first that works. */
import type { Backend } from '../core/backend.js';
import { messageOf } from '../core/errors.js';
import type { Plan } from '../core/types.js';
import { openWithin, withinDeadline } from './deadline.js';
import { type BackendCandidate, type FallbackOptions, withFallback } from './fallback.js';
import { createJsBackend } from './js/index.js';
import { HASTY_SELF_TEST_COLORS, makeTestPlan, makeTimingPlan, selfTest } from './self-test.js';
import { PATIENT, type TimingBudget, timeBackend } from './timing.js';

export { BRIEF, PATIENT, type TimingBudget } from './timing.js';

/** What was found out about one candidate. */
export interface CandidateReport {
  /** Name of the backend: `js`, `wasm`, `webgl2` or `webgpu`. */
  readonly name: string;
  /** Whether it starts here. */
  readonly available: boolean;
  /** Whether it gave the colors of `js` on a sample, within 1/255. */
  readonly selfTest: 'passed' | 'failed' | 'not run';
  /** Undefined when it was not timed. */
  readonly colorsPerSecond: number | undefined;
  /** Part of a sentence: why it was chosen or not. */
  readonly why: string;
}

export interface Selection {
  /** Name of the chosen backend. */
  readonly chosen: string;
  /** For the user: what was chosen and why. */
  readonly sentence: string;
  /** Those that were looked at, in that order. */
  readonly candidates: readonly CandidateReport[];
  /** The chosen backend, with the others behind it in order of preference (`withFallback`). The caller disposes of it. */
  readonly backend: Backend;
}

export interface SelectOptions extends FallbackOptions {
  /** Clock in milliseconds. */
  readonly now?: () => number;
  /** How long each candidate is timed. Default `PATIENT`. */
  readonly budget?: Budget;
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

/**
 * For a process that may live half a second. There, what the clock says of one run of a few hundred colors is noise, and a race that
 * says something costs more than the image: the first candidate that passes a short self-test is taken.
 */
export const HASTY = 'hasty';
export type Budget = TimingBudget | typeof HASTY;

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
 * software GL loses to wasm by the clock. Losers are disposed of and started again only if the winner fails. With the budget
 * `HASTY` nothing is timed and the first that works is taken.
 *
 * @param candidates in order of preference; js is added at the end if it is missing; it cannot fail
 */
export async function selectBackend(
  candidates: readonly BackendCandidate[],
  options: SelectOptions = {},
): Promise<Selection> {
  const { now = () => performance.now(), budget = PATIENT } = options;
  const list = candidates.some(({ name }) => name === 'js')
    ? candidates
    : [...candidates, { name: 'js', create: async () => createJsBackend() }];
  const tester: Tester = { js: createJsBackend(), plan: makeTestPlan(), now, budget };
  const probes: Probe[] = [];
  // One after the other: side by side they would slow each other down.
  for (const candidate of preferredFirst(list, options.preferred)) {
    const speed = options.measured?.get(candidate.name);
    const result = speed === undefined ? await probe(candidate, tester) : recall(candidate, speed);
    probes.push(result);
    if (!isUsable(result)) continue;
    if (candidate.name === options.preferred) return takeFirst(probes, list, options, 'it was asked for');
    if (budget === HASTY) return takeFirst(probes, list, options, whyFirst(candidate.name));
  }

  // Software renderers may well be slower than js, and in a race they show it.
  const isCompiled = probes.some((entry) => entry.report.name === 'wasm' && isUsable(entry));
  const handicap = isCompiled ? JS_LEAD : 1;
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
  const sentence = summarize(winner, reports);
  return { chosen: winner.report.name, sentence, candidates: reports, backend: wrapped };
}

function preferredFirst(list: readonly BackendCandidate[], preferred: string | undefined): readonly BackendCandidate[] {
  return [...list].sort((p, q) => Number(q.name === preferred) - Number(p.name === preferred));
}

/** The last probe wins; the candidates that were not looked at come behind it, those that failed are out. */
function takeFirst(
  probes: readonly Probe[],
  list: readonly BackendCandidate[],
  options: SelectOptions,
  why: string,
): Selection {
  const winner = probes.at(-1) as Probe;
  const { name } = winner.candidate;
  const others = list.filter((candidate) => !probes.some((entry) => entry.candidate === candidate));
  const candidates = probes.map(({ report }) => ({ ...report, why: report.why ?? why }));
  return {
    chosen: name,
    sentence: name === options.preferred ? `Using ${name}, as asked.` : summarizeFirst(candidates),
    candidates,
    backend: withFallback([winner.candidate, ...others], { ...options, first: winner.backend }),
  };
}

/** What is known without a clock. */
function whyFirst(name: string): string {
  return name === 'js' ? 'it runs everywhere' : 'it passed its self-test, and compiled code comes before js';
}

function summarizeFirst(candidates: readonly CandidateReport[]): string {
  const { name } = candidates.at(-1) as CandidateReport;
  const failed = candidates.slice(0, -1).map((report) => `${report.name}: ${report.why}`);
  const tail = failed.length > 0 ? ` (${failed.join('; ')})` : '';
  return name === 'js'
    ? `Using js, as nothing else runs here${tail}.`
    : `Using ${name}, which passed its self-test; in a short run nothing is timed${tail}.`;
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
  readonly budget: Budget;
}

async function probe(candidate: BackendCandidate, tester: Tester): Promise<Probe> {
  const { name } = candidate;
  const base = { name, available: false, selfTest: 'not run', colorsPerSecond: undefined } as const;
  let backend: Backend;
  try {
    backend = await openWithin(() => candidate.create(), PROBE_DEADLINE_MS, `backend ${name}`);
  } catch (error) {
    return { candidate, report: { ...base, why: `not available: ${messageOf(error)}` } };
  }
  const unusable = (why: string): Probe => {
    backend.dispose();
    return { candidate, report: { ...base, available: true, selfTest: 'failed', why } };
  };
  try {
    const test = testAndTime(backend, name === 'js', tester);
    const { defect, colorsPerSecond } = await withinDeadline(test, PROBE_DEADLINE_MS, 'self-test');
    if (defect) return unusable(`it failed the self-test: ${defect}`);
    return { candidate, backend, report: { ...base, available: true, selfTest: 'passed', colorsPerSecond } };
  } catch (error) {
    return unusable(`it failed the self-test: ${messageOf(error)}`);
  }
}

interface TestResult {
  readonly defect?: string;
  readonly colorsPerSecond: number | undefined;
}

/** The js backend is the reference: hastily it is not compared with itself. */
async function testAndTime(backend: Backend, isReference: boolean, tester: Tester): Promise<TestResult> {
  const { js, plan, now, budget } = tester;
  if (budget === HASTY && isReference) return { colorsPerSecond: undefined };
  const defect = await selfTest(backend, js, plan, budget === HASTY ? HASTY_SELF_TEST_COLORS : undefined);
  if (defect !== undefined) return { defect, colorsPerSecond: undefined };
  if (budget === HASTY) return { colorsPerSecond: undefined };
  // A GPU has a kernel of its own for attractors alone.
  const timingPlan = makeTimingPlan();
  const timedDefect = await selfTest(backend, js, timingPlan);
  if (timedDefect !== undefined) return { defect: timedDefect, colorsPerSecond: undefined };
  return { colorsPerSecond: await timeBackend(backend, timingPlan, now, budget) };
}

function speedOf({ report }: Probe): number {
  return report.colorsPerSecond ?? 0;
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

function summarize(winner: Probe, reports: readonly CandidateReport[]): string {
  const { name, colorsPerSecond = 0 } = winner.report;
  const others = reports
    .filter((report) => report.name !== name)
    .map(
      ({ name, colorsPerSecond, why }) => `${name}${colorsPerSecond ? ` ${formatSpeed(colorsPerSecond)}` : `: ${why}`}`,
    );
  const tail = others.length > 0 ? ` (${others.join('; ')})` : '';
  const isBeaten = reports.some((report) => (report.colorsPerSecond ?? 0) > colorsPerSecond);
  const how = isBeaten ? 'not clearly beaten' : 'the fastest';
  return `Using ${name}, ${how} here at ${formatSpeed(colorsPerSecond)} million colors a second${tail}.`;
}

function formatSpeed(colorsPerSecond: number): string {
  const millions = colorsPerSecond / 1e6;
  return millions.toFixed(millions < 10 ? 1 : 0);
}
