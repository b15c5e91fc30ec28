/** What an Apply does to one image in the worker, in order. */
export const APPLY_STAGES = ['decode', 'census', 'radii', 'paint', 'encode'] as const;
export type ApplyStage = (typeof APPLY_STAGES)[number];

/**
 * Enters stages in the browser's own timeline, where its tools and the bench read them; those of the image before are taken out.
 *
 * @returns to be called at the end of each
 */
export function timeStages(): (stage: ApplyStage) => void {
  for (const stage of APPLY_STAGES) performance.clearMeasures(stage);
  let start = performance.now();
  return (stage) => {
    const end = performance.now();
    performance.measure(stage, { start, end });
    start = end;
  };
}
