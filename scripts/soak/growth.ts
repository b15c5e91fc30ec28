/** How many times as much the last tenth of samples holds at most as the first did. */
export function growthOf(samples: readonly number[]): number {
  const tenth = Math.ceil(samples.length / 10);
  const most = (part: readonly number[]): number => part.reduce((a, b) => Math.max(a, b), 0);
  return most(samples.slice(-tenth)) / most(samples.slice(0, tenth));
}
