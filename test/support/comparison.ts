/** How two lists of packed colors differ. */
export interface Comparison {
  /** Largest difference of one component, in codes. */
  readonly max: number;
  /** Colors that differ at all. */
  readonly different: number;
}

export function compareColors(got: Uint32Array, wanted: Uint32Array): Comparison {
  if (got.length !== wanted.length) throw new RangeError(`expected ${wanted.length} colors, got ${got.length}`);
  let max = 0;
  let different = 0;
  for (let i = 0; i < got.length; i++) {
    const p = got[i] as number;
    const q = wanted[i] as number;
    if (p === q) continue;
    different++;
    for (let shift = 0; shift < 32; shift += 8)
      max = Math.max(max, Math.abs(((p >>> shift) & 255) - ((q >>> shift) & 255)));
  }
  return { max, different };
}
