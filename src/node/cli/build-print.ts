import { messageOf } from '../../core/errors.js';
import { ColorshineError } from '../../core/index.js';
import type { Finding } from '../build/check-build.js';
import type { Described } from '../build/finish-build.js';
import type { Manifest } from '../build/manifest.js';
import { named } from '../build/paths.js';
import type { BuildPlan, StepReason } from '../build/plan-build.js';
import type { OutputRecord } from '../build/records.js';
import type { StepOutcome } from '../build/run-build.js';
import { seconds } from './print.js';
import type { Progress } from './progress.js';
import { createProgressLine } from './progress-line.js';
import { print, printJson, say } from './say.js';

export interface BuildPrinter {
  /** While a pooled build measures its images. */
  measuring(): { next(input: string): void; stop(): void };
  leftOut(plan: BuildPlan): void;
  /** What a queue tells while the build waits for it. */
  notice(sentence: string): void;
  /** The progress line that notices must not tear; undefined when it is gone. */
  attach(progress: Progress | undefined): void;
  /** What made a watched build start again. */
  changed(paths: readonly string[]): void;
  dryRun(plan: BuildPlan): void;
  checked(plan: BuildPlan, findings: readonly Finding[]): void;
  outcome(outcome: StepOutcome, progress: Progress): void;
  summary(plan: BuildPlan, outcomes: readonly StepOutcome[], end: BuildEnd): void;
  merged(plan: BuildPlan, result: { described: readonly Described[]; manifest: Manifest; shards: number }): void;
}

export interface BuildEnd {
  readonly described: readonly Described[];
  readonly pruned: number;
  readonly isInterrupted: boolean;
  readonly ms: number;
}

interface PrinterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Stale outputs that are named before the rest is only counted. */
const NAMED_STALE = 3;

/** What a build says: data on standard output with `--json`, `--check` and `--dry-run`, everything else on standard error. */
export function createBuildPrinter({ json, quiet, verbose }: PrinterOptions): BuildPrinter {
  const tell = (line: string): void => {
    if (!quiet && !json) say(line);
  };
  /** Why a watched build runs; said only when there is something else to say. */
  let pending = '';
  /** Weak: an error holds on to the engine of its build, and a watch prints for days. */
  const told = new WeakSet<object>();
  /** Each notice once, however many outputs it concerns. */
  const notices = new Map<string, string[]>();

  let shown: Progress | undefined;

  return {
    notice(sentence) {
      if (json) printJson({ status: 'notice', message: sentence });
      else if (!quiet && shown) shown.log(`colorshine: ${sentence}`);
      else tell(`colorshine: ${sentence}`);
    },

    attach(progress) {
      shown = progress;
    },

    measuring() {
      let count = 0;
      let current = '';
      const line = createProgressLine(() => `measuring ${count}: ${current}`, !quiet && !json);
      return {
        next(input) {
          count++;
          current = input;
        },
        stop: line.stop,
      };
    },

    leftOut({ leftOut }) {
      if (leftOut.length > 0 && verbose)
        for (const path of leftOut) tell(`${path}: left out, an earlier build made it`);
    },

    changed([first = '', ...rest]) {
      pending = `${named(first)}${rest.length > 0 ? ` and ${rest.length} more` : ''} changed`;
    },

    dryRun(plan) {
      for (const { job, build, key, reason } of plan.steps) {
        const { input, output, theme } = job;
        const action = reason === 'up to date' ? 'keep' : 'make';
        if (json) printJson({ status: 'planned', action, reason, input, output, theme, build, key });
        else if (action === 'make') print(`make  ${output}  from ${input}  (${reason})`);
        else if (verbose) print(`keep  ${output}`);
      }
      for (const { job } of plan.stale) {
        if (json) printJson({ status: 'planned', action: 'prune', output: job.output });
        else if (verbose) print(`stale ${job.output}`);
      }
      const count = plan.steps.filter(({ reason }) => reason !== 'up to date').length;
      const total = plan.steps.length;
      tell(
        count === 0
          ? `Nothing to make: ${number(total, 'output')} up to date.`
          : `${number(count, 'output')} to make, ${total - count} up to date. Nothing was written.`,
      );
      sayStale(plan, tell);
    },

    checked({ steps }, findings) {
      const count = { missing: 0, stale: 0, foreign: 0 };
      for (const { path, problem, reason } of findings) {
        count[problem]++;
        if (json) printJson({ status: problem, path, reason });
        else print(`${problem.padEnd(7)}  ${path}  (${reason})`);
      }
      const isFine = findings.length === 0;
      if (json) printJson({ status: isFine ? 'done' : 'failed', summary: { outputs: steps.length, ...count } });
      else if (isFine) say(`${number(steps.length, 'output')} as the configuration says.`);
      else {
        const counts = Object.entries(count).flatMap(([problem, n]) => (n > 0 ? [`${n} ${problem}`] : []));
        say(
          `${number(findings.length, 'file')} not as the configuration says: ${counts.join(', ')}. Nothing was written.`,
        );
      }
    },

    outcome(outcome, progress) {
      const { job, build, reason, before } = outcome.step;
      const { input, output, theme } = job;
      if (pending !== '' && !json && !quiet) progress.log(pending);
      pending = '';
      if (outcome.status === 'failed') {
        const { error } = outcome;
        const message = messageOf(error);
        const code = error instanceof ColorshineError ? error.code : 'UNEXPECTED';
        if (json) printJson({ status: 'failed', input, output, theme, build, code, message });
        // What is wrong with an image fails all its outputs with one error.
        if (error instanceof Error) {
          if (told.has(error)) return;
          told.add(error);
        }
        progress.log(`colorshine: ${message.includes(input) ? message : `${output}: ${message}`}`);
        return;
      }
      const { byteLength, width, height, notices: found } = outcome.record.report;
      if (json) {
        const shown = { ...toJson(outcome.record), ...(before && { before: toJson(before) }) };
        printJson({ status: 'made', input, output, theme, build, reason, ...shown, notices: found, ms: outcome.ms });
      } else if (verbose) {
        progress.log(`${output}  ${width} x ${height}, ${kilobytes(byteLength)}, ${seconds(outcome.ms)}  (${reason})`);
      }
      for (const notice of found) notices.set(notice, [...(notices.get(notice) ?? []), output]);
    },

    summary(plan, outcomes, { described, pruned, isInterrupted, ms }) {
      const made = outcomes.filter(({ status }) => status === 'made');
      const fresh = outcomes.filter(({ status }) => status === 'fresh').length;
      const failed = outcomes.filter(({ status }) => status === 'failed').length;
      const left = plan.steps.length - outcomes.length;
      const bytes = made.reduce((sum, one) => sum + (one.status === 'made' ? one.record.report.byteLength : 0), 0);
      if (json) {
        const status = isInterrupted ? 'interrupted' : failed > 0 ? 'failed' : 'done';
        const counts = { outputs: plan.steps.length, made: made.length, fresh, failed, left, stale: plan.stale.length };
        printJson({ status, summary: { ...counts, pruned, bytes, described, ms } });
        return;
      }
      if (pending !== '') tell(pending);
      pending = '';
      for (const [notice, outputs] of notices) {
        tell(`note: ${notice} (${outputs[0]}${outputs.length > 1 ? ` and ${outputs.length - 1} more` : ''})`);
      }
      notices.clear();
      tell(summaryLine({ made: made.length, fresh, failed, left, bytes, ms }));
      if (made.length > 0 && made.length < plan.steps.length) tell(`  because: ${reasonsLine(made)}`);
      for (const { what, path, written } of described) if (written) tell(`  ${LABELS[what]}: ${path}`);
      if (failed + left > 0) tell('  The manifest was not written: it would not be whole.');
      if (pruned > 0) tell(`  ${number(pruned, 'output')} of earlier builds deleted.`);
      else sayStale(plan, tell);
      if (verbose) tell(`  cache: ${plan.records.folder}`);
    },

    merged(plan, { described, manifest, shards }) {
      const outputs = manifest.sources.reduce((sum, source) => sum + source.outputs.length, 0);
      if (json) {
        printJson({ status: 'merged', shards, sources: manifest.sources.length, outputs, described });
        return;
      }
      tell(
        `Merged ${number(shards, 'shard')}: ${number(outputs, 'output')} of ${number(manifest.sources.length, 'image')}.`,
      );
      for (const { what, path, written } of described)
        tell(`  ${LABELS[what]}: ${path}${written ? '' : ' (unchanged)'}`);
      sayStale(plan, tell);
    },
  };
}

/** What a record says of an output, for programs. */
function toJson({ report }: OutputRecord): object {
  const { inputHash, hash, byteLength: bytes, format, width, height, pages, plan } = report;
  return { inputHash, hash, bytes, format, width, height, pages, plan };
}

const LABELS: Readonly<Record<Described['what'], string>> = { manifest: 'manifest', picture: 'html', css: 'css' };

interface Counts {
  readonly made: number;
  readonly fresh: number;
  readonly failed: number;
  readonly left: number;
  readonly bytes: number;
  readonly ms: number;
}

function summaryLine({ made, fresh, failed, left, bytes, ms }: Counts): string {
  if (made + failed + left === 0)
    return `Everything is up to date: ${number(fresh, 'output')}, checked in ${seconds(ms)}.`;
  const parts = [
    `${number(made, 'output')} made${made > 0 ? ` (${kilobytes(bytes)})` : ''}`,
    ...(fresh > 0 ? [`${fresh} up to date`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left > 0 ? [`${left} not reached`] : []),
  ];
  return `${parts.join(', ')}, in ${seconds(ms)}.`;
}

/** `3 recipe changed, 1 output missing`. */
function reasonsLine(outcomes: readonly StepOutcome[]): string {
  const counts = new Map<StepReason, number>();
  for (const { step } of outcomes) counts.set(step.reason, (counts.get(step.reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${reason} (${count})`).join(', ');
}

function sayStale({ stale }: BuildPlan, say: (line: string) => void): void {
  if (stale.length === 0) return;
  const names = stale.slice(0, NAMED_STALE).map(({ job }) => job.output);
  const more = stale.length > NAMED_STALE ? ` and ${stale.length - NAMED_STALE} more` : '';
  const verb = stale.length === 1 ? 'is' : 'are';
  say(
    `  ${number(stale.length, 'output')} of earlier builds ${verb} no longer made: ${names.join(', ')}${more}; --prune deletes them.`,
  );
}

function number(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}

function kilobytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
