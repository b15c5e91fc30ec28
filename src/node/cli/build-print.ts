import { ColorshineError } from '../../core/index.js';
import type { Finding } from '../build/check-build.js';
import type { Described } from '../build/finish-build.js';
import type { Manifest } from '../build/manifest.js';
import { named } from '../build/paths.js';
import type { BuildPlan, StepReason } from '../build/plan-build.js';
import type { StepOutcome } from '../build/run-build.js';
import { seconds } from './print.js';
import type { Progress } from './progress.js';

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
  const say = (line: string): void => {
    if (!quiet && !json) process.stderr.write(`${line}\n`);
  };
  const writeJson = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  /** Why a watched build runs; said only when there is something else to say. */
  let pending = '';
  const told = new Set<unknown>();
  /** Each notice once, however many outputs it concerns. */
  const notices = new Map<string, string[]>();

  let shown: Progress | undefined;

  return {
    notice(sentence) {
      if (json) writeJson({ status: 'notice', message: sentence });
      else if (!quiet && shown) shown.log(`colorshine: ${sentence}`);
      else say(`colorshine: ${sentence}`);
    },

    attach(progress) {
      shown = progress;
    },

    measuring() {
      let count = 0;
      const isShown = process.stderr.isTTY && !quiet && !json;
      return {
        next(input) {
          count++;
          if (isShown) process.stderr.write(`\r\u001b[Kmeasuring ${count}: ${input}`);
        },
        stop() {
          if (isShown && count > 0) process.stderr.write('\r\u001b[K');
        },
      };
    },

    leftOut({ leftOut }) {
      if (leftOut.length > 0 && verbose) for (const path of leftOut) say(`${path}: left out, an earlier build made it`);
    },

    changed([first = '', ...rest]) {
      pending = `${named(first)}${rest.length > 0 ? ` and ${rest.length} more` : ''} changed`;
    },

    dryRun(plan) {
      for (const { job, build, reason } of plan.steps) {
        const { input, output, theme } = job;
        const action = reason === 'up to date' ? 'keep' : 'make';
        if (json) writeJson({ status: 'planned', action, reason, input, output, theme, build });
        else if (action === 'make') process.stdout.write(`make  ${output}  from ${input}  (${reason})\n`);
        else if (verbose) process.stdout.write(`keep  ${output}\n`);
      }
      for (const { job } of plan.stale) {
        if (json) writeJson({ status: 'planned', action: 'prune', output: job.output });
        else if (verbose) process.stdout.write(`stale ${job.output}\n`);
      }
      const count = plan.steps.filter(({ reason }) => reason !== 'up to date').length;
      const total = plan.steps.length;
      say(
        count === 0
          ? `Nothing to make: ${number(total, 'output')} up to date.`
          : `${number(count, 'output')} to make, ${total - count} up to date. Nothing was written.`,
      );
      sayStale(plan, say);
    },

    checked({ steps }, findings) {
      const count = { missing: 0, stale: 0, foreign: 0 };
      for (const { path, problem, reason } of findings) {
        count[problem]++;
        if (json) writeJson({ status: problem, path, reason });
        else process.stdout.write(`${problem.padEnd(7)}  ${path}  (${reason})\n`);
      }
      const isFine = findings.length === 0;
      if (json) writeJson({ status: isFine ? 'done' : 'failed', summary: { outputs: steps.length, ...count } });
      else if (isFine) say(`${number(steps.length, 'output')} as the configuration says.`);
      else {
        const counts = Object.entries(count).flatMap(([problem, n]) => (n > 0 ? [`${n} ${problem}`] : []));
        say(
          `${number(findings.length, 'file')} not as the configuration says: ${counts.join(', ')}. Nothing was written.`,
        );
      }
    },

    outcome(outcome, progress) {
      const { job, build, reason } = outcome.step;
      const { input, output, theme } = job;
      if (pending !== '' && !json && !quiet) progress.log(pending);
      pending = '';
      if (outcome.status === 'failed') {
        const { error } = outcome;
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof ColorshineError ? error.code : 'UNEXPECTED';
        if (json) writeJson({ status: 'failed', input, output, theme, build, code, message });
        // What is wrong with an image fails all its outputs with one error.
        if (told.has(error)) return;
        told.add(error);
        progress.log(`colorshine: ${message.includes(input) ? message : `${output}: ${message}`}`);
        return;
      }
      const { inputHash, hash, byteLength, format, width, height, pages, plan } = outcome.record.report;
      const shown = { inputHash, hash, bytes: byteLength, format, width, height, pages, plan };
      if (json) {
        const notices = outcome.record.report.notices;
        writeJson({ status: 'made', input, output, theme, build, reason, ...shown, notices, ms: outcome.ms });
      } else if (verbose) {
        progress.log(`${output}  ${width} x ${height}, ${kilobytes(byteLength)}, ${seconds(outcome.ms)}  (${reason})`);
      }
      for (const notice of outcome.record.report.notices) notices.set(notice, [...(notices.get(notice) ?? []), output]);
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
        writeJson({ status, summary: { ...counts, pruned, bytes, described, ms } });
        return;
      }
      if (pending !== '') say(pending);
      pending = '';
      for (const [notice, outputs] of notices) {
        say(`note: ${notice} (${outputs[0]}${outputs.length > 1 ? ` and ${outputs.length - 1} more` : ''})`);
      }
      notices.clear();
      say(summaryLine({ made: made.length, fresh, failed, left, bytes, ms }));
      if (made.length > 0 && made.length < plan.steps.length) say(`  because: ${reasonsLine(made)}`);
      for (const { what, path, written } of described) if (written) say(`  ${LABELS[what]}: ${path}`);
      if (failed + left > 0) say('  The manifest was not written: it would not be whole.');
      if (pruned > 0) say(`  ${number(pruned, 'output')} of earlier builds deleted.`);
      else sayStale(plan, say);
      if (verbose) say(`  cache: ${plan.records.folder}`);
    },

    merged(plan, { described, manifest, shards }) {
      const outputs = manifest.sources.reduce((sum, source) => sum + source.outputs.length, 0);
      if (json) {
        writeJson({ status: 'merged', shards, sources: manifest.sources.length, outputs, described });
        return;
      }
      say(
        `Merged ${number(shards, 'shard')}: ${number(outputs, 'output')} of ${number(manifest.sources.length, 'image')}.`,
      );
      for (const { what, path, written } of described)
        say(`  ${LABELS[what]}: ${path}${written ? '' : ' (unchanged)'}`);
      sayStale(plan, say);
    },
  };
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
