import type { Stage } from '../pipeline/stage.js';
import { createProgressLine, drawBar, type ProgressLine } from './progress-line.js';

/** Share of an image's time that is over when a stage begins; decode and encode dominate. */
const STAGE_SHARE: Record<Stage, number> = { decode: 0, recolor: 0.3, encode: 0.5 };
const STAGE_END: Record<Stage, number> = { decode: 0.3, recolor: 0.5, encode: 1 };
const STAGE_WORDS: Record<Stage, string> = { decode: 'reading', recolor: 'recoloring', encode: 'writing' };

/** Before this the time left would be a guess. */
const MIN_DONE = 3;
const MIN_ELAPSED_MS = 3000;

/** The progress of a batch, with a bar. */
export interface Progress extends ProgressLine {
  /** @param share of the stage that is done, 0 to 1, where it is known: then the time left is shown too */
  stage(input: string, stage: Stage, share?: number): void;
  /** One image is finished, well or not. */
  finish(input: string, hasFailed?: boolean): void;
}

interface Running {
  readonly stage: Stage;
  /** When the first stage began, milliseconds. */
  readonly began: number;
  /** Of the stage, where it is known. */
  readonly share?: number;
}

/** Of one image's whole work, 0 to 1. */
function shareOf({ stage, share = 0 }: Running): number {
  return STAGE_SHARE[stage] + (STAGE_END[stage] - STAGE_SHARE[stage]) * share;
}

/** What a long image's line ends with: `, 40 %, 12 s left`; nothing for one that says no more than its stage. */
export function timeLeft(image: Running, now: number): string {
  const share = shareOf(image);
  if (image.share === undefined || share === 0) return '';
  const seconds = Math.ceil((((now - image.began) / share) * (1 - share)) / 1000);
  const left = seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return `, ${Math.round(share * 100)} %, ${left} left`;
}

export function createProgress(total: number, isWanted: boolean): Progress {
  const running = new Map<string, Running>();
  const startedAt = performance.now();
  let done = 0;
  let failed = 0;
  const line = createProgressLine(() => {
    const partial = [...running.values()].reduce((sum, image) => sum + shareOf(image), 0);
    const [current] = running;
    const what = current
      ? `${STAGE_WORDS[current[1].stage]} ${current[0]}${timeLeft(current[1], performance.now())}`
      : '';
    const failures = failed > 0 ? `, ${failed} failed` : '';
    const left = describeTimeLeft(performance.now() - startedAt, done, total);
    return `${drawBar((done + partial) / total)} ${done} of ${total}${failures}${left}  ${what}`;
  }, isWanted);
  return {
    ...line,
    stage(input, stage, share) {
      const began = running.get(input)?.began ?? performance.now();
      running.set(input, { stage, began, ...(share !== undefined && { share }) });
    },
    finish(input, hasFailed = false) {
      running.delete(input);
      done++;
      if (hasFailed) failed++;
    },
  };
}

/** Of a whole batch: `, 2 min left`; nothing before there is something to go by, or when it ends soon. */
function describeTimeLeft(elapsedMs: number, done: number, total: number): string {
  if (done < MIN_DONE || elapsedMs < MIN_ELAPSED_MS || done >= total) return '';
  const seconds = ((elapsedMs / done) * (total - done)) / 1000;
  if (seconds < 5) return '';
  if (seconds < 90) return `, ${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, ${minutes} min left` : `, ${Math.round(minutes / 60)} h left`;
}
