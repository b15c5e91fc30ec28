import { escapeControls } from '../../core/plain-text.js';
import { say } from './say.js';

/** Shorter work gets no line: it would only flicker. */
const SHOW_AFTER_MS = 700;
/** The time left goes down by itself; what happens more often than this is not drawn each time. */
const REDRAW_MS = 100;
const BAR_WIDTH = 24;
const CLEAR = '\r\u001b[K';

/** The last line of a terminal's standard error, drawn over itself; silent elsewhere. */
export interface ProgressLine {
  /** Prints a line above it. */
  log(line: string): void;
  stop(): void;
}

/**
 * @param text what the line says now; cut at the terminal's edge
 * @param isWanted false: only `log` writes
 */
export function createProgressLine(text: () => string, isWanted = true): ProgressLine {
  const { stderr } = process;
  let isDrawn = false;
  const draw = (): void => {
    // Wrapped, it could not be drawn over. Bars and names may have wide signs: some room is left.
    stderr.write(`${CLEAR}${[...escapeControls(text())].slice(0, stderr.columns - 2).join('')}`);
    isDrawn = true;
  };
  const clear = (): void => {
    if (isDrawn) stderr.write(CLEAR);
  };
  let timer: NodeJS.Timeout | undefined;
  // A terminal without a width (`docker run -t`, some CI) cannot be drawn over.
  if (isWanted && stderr.isTTY && stderr.columns > 2) {
    timer = setTimeout(() => {
      draw();
      timer = setInterval(draw, REDRAW_MS).unref();
    }, SHOW_AFTER_MS).unref();
  }
  return {
    log(line) {
      clear();
      say(line);
      if (isDrawn) draw();
    },
    stop() {
      clearTimeout(timer);
      clear();
      isDrawn = false;
    },
  };
}

/** @param share 0 to 1 */
export function drawBar(share: number): string {
  const filled = Math.round(BAR_WIDTH * Math.min(1, share));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}
