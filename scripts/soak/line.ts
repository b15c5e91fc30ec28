/** What one line of the soak gets to work with. */
export interface Context {
  /** In [0, 1), the same for the same seed. */
  readonly random: () => number;
  /** An empty folder of its own, removed afterwards. */
  readonly folder: string;
  /** False once the line's share of the time is over. */
  readonly goesOn: () => boolean;
  /** Keeps an input that found a fault. @returns where it lies */
  readonly keep: (name: string, bytes: Uint8Array | string) => Promise<string>;
}

export interface Outcome {
  /** How often it was tried, and what with, for the table. */
  readonly tried: string;
  /** One sentence each; none is a pass. */
  readonly faults: readonly string[];
}

export interface Line {
  readonly name: string;
  /** Part of the time, in shares of all lines' sum. */
  readonly share: number;
  /** A reason not to run here; undefined to run. */
  readonly whyNot?: () => string | undefined;
  run(context: Context): Promise<Outcome>;
}

/** An integer in [0, count). */
export const below = (random: () => number, count: number): number => Math.floor(random() * count);

export const pick = <T>(random: () => number, list: readonly T[]): T => list[below(random, list.length)] as T;
