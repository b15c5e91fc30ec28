import type { Samples } from '../../core/index.js';

/** How far a result is from the exact one. */
export interface Difference {
  /** Largest difference of a component, in 1/255. */
  readonly max: number;
  /** Share of the pixels that differ at all, 0 to 1. */
  readonly shareDifferent: number;
  /** Share of the pixels more than 1/255 off. */
  readonly shareAboveOne: number;
}

/** @param result same length as `exact`; alpha is compared too */
export function measureDifference(result: Samples, exact: Samples, channels: 3 | 4): Difference {
  const code = exact instanceof Uint16Array ? 257 : 1;
  let max = 0;
  let different = 0;
  let above = 0;
  for (let i = 0; i < exact.length; i += channels) {
    let worst = 0;
    for (let k = 0; k < channels; k++) {
      const distance = Math.abs((result[i + k] as number) - (exact[i + k] as number));
      if (distance > worst) worst = distance;
    }
    if (worst === 0) continue;
    different++;
    if (worst > code) above++;
    if (worst > max) max = worst;
  }
  const pixels = exact.length / channels;
  return { max: max / code, shareDifferent: different / pixels, shareAboveOne: above / pixels };
}
