/**
 * For V8, where memory is judged: no compilers, whose code of functions that become hot comes one by one over thousands of rounds, and a
 * nursery that cannot grow. What grows all the same is ours.
 */
export const STEADY_V8 = ['--no-opt', '--no-maglev', '--no-sparkplug', '--max-semi-space-size=1'];

/** How many times as much the last tenth of samples holds at most as the first did. */
function growthOf(samples: readonly number[]): number {
  const tenth = Math.ceil(samples.length / 10);
  const most = (part: readonly number[]): number => part.reduce((a, b) => Math.max(a, b), 0);
  return most(samples.slice(-tenth)) / most(samples.slice(0, tenth));
}

/**
 * Judges what shall stay where it was.
 *
 * @param samples of one thing, in the order in which they were taken
 * @param least samples that it takes to say anything
 * @param most how many times as much there may be in the end
 * @returns words for the table, such as `, memory x 1.02`, empty below `least`, and faults
 */
export function judgeGrowth(
  what: string,
  samples: readonly number[],
  least: number,
  most: number,
): { readonly words: string; readonly faults: readonly string[] } {
  if (samples.length < least) return { words: '', faults: [] };
  const growth = growthOf(samples);
  const times = growth.toFixed(2);
  return { words: `, ${what} x ${times}`, faults: growth > most ? [`${what} grew ${times} times`] : [] };
}
