import { linearFromEncoded, linearTable } from '../../core/color/srgb.js';
import { CELL_GUESSES, CELL_LIMITS, GUESS_CELLS, LINEAR } from './assembly/layout.js';

/**
 * Fills the kernel's tables: linear values of the codes, and the encoder's guesses.
 *
 * A linear value falls, rounded, into one of 4096 cells. A cell holds the code at its lower end and the linear value
 * where the next code begins; one cell spans 0.8 codes where the curve is steepest, so one comparison settles it.
 */
export function writeTables(memory: ArrayBuffer): void {
  new Float32Array(memory, LINEAR, 256).set(linearTable(255));
  const guesses = new Uint8Array(memory, CELL_GUESSES, GUESS_CELLS + 1);
  const limits = new Float32Array(memory, CELL_LIMITS, GUESS_CELLS + 1);
  for (let cell = 0, code = 0; cell <= GUESS_CELLS; cell++) {
    while (code < 255 && nextCodeBegins(code) <= (cell - 0.5) / GUESS_CELLS) code++;
    guesses[cell] = code;
    limits[cell] = code < 255 ? nextCodeBegins(code) : Number.POSITIVE_INFINITY;
  }
}

function nextCodeBegins(code: number): number {
  return linearFromEncoded((code + 0.5) / 255);
}
