import type { Ora } from 'ora';
import type { Stage } from '../recolor-buffer.js';

/** Shorter work gets no bar: it would only flicker. */
const SHOW_AFTER_MS = 700;
const BAR_WIDTH = 24;
/** Share of an image's time that is over when a stage begins; decode and encode dominate. */
const STAGE_SHARE: Record<Stage, number> = { decode: 0, recolor: 0.3, encode: 0.5 };
const STAGE_WORDS: Record<Stage, string> = { decode: 'reading', recolor: 'recoloring', encode: 'writing' };

/** Before this the time left would be a guess. */
const MIN_DONE = 3;
const MIN_ELAPSED_MS = 3000;

/** A progress line on a terminal's standard error; silent elsewhere. */
export interface Progress {
  stage(input: string, stage: Stage): void;
  /** One image is finished, well or not. */
  finish(input: string, hasFailed?: boolean): void;
  /** Prints a line above the bar. */
  log(line: string): void;
  stop(): void;
}

export function createProgress(total: number, isWanted: boolean): Progress {
  const running = new Map<string, Stage>();
  const began = performance.now();
  let done = 0;
  let failed = 0;
  let spinner: Ora | undefined;
  let timer: NodeJS.Timeout | undefined;

  const text = (): string => {
    const partial = [...running.values()].reduce((sum, stage) => sum + STAGE_SHARE[stage], 0);
    const filled = Math.round((BAR_WIDTH * Math.min(total, done + partial)) / total);
    const [current] = running;
    const what = current ? `${STAGE_WORDS[current[1]]} ${current[0]}` : '';
    const failures = failed > 0 ? `, ${failed} failed` : '';
    const left = describeTimeLeft(performance.now() - began, done, total);
    return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done} of ${total}${failures}${left}  ${what}`;
  };
  const refresh = (): void => {
    if (spinner) spinner.text = text();
  };
  // A terminal without a width (`docker run -t`, some CI) would have ora clear endless lines.
  if (isWanted && process.stderr.isTTY && process.stderr.columns > 0) {
    timer = setTimeout(async () => {
      const { default: ora } = await import('ora');
      if (timer) spinner = ora({ text: text(), stream: process.stderr }).start();
    }, SHOW_AFTER_MS);
    timer.unref();
  }
  return {
    stage(input, stage) {
      running.set(input, stage);
      refresh();
    },
    finish(input, hasFailed = false) {
      running.delete(input);
      done++;
      if (hasFailed) failed++;
      refresh();
    },
    log(line) {
      spinner?.clear();
      process.stderr.write(`${line}\n`);
      spinner?.render();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      spinner?.stop();
    },
  };
}

/** `, 2 min left`; nothing before there is something to go by, or when it ends soon. */
export function describeTimeLeft(elapsedMs: number, done: number, total: number): string {
  if (done < MIN_DONE || elapsedMs < MIN_ELAPSED_MS || done >= total) return '';
  const seconds = ((elapsedMs / done) * (total - done)) / 1000;
  if (seconds < 5) return '';
  if (seconds < 90) return `, ${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, ${minutes} min left` : `, ${Math.round(minutes / 60)} h left`;
}
