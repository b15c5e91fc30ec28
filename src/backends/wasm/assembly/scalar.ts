/** The kernels that need no SIMD. The rest is left to js there. */
export { clear, countRgb, countRgba, emit, fill, paintRgb, paintRgba } from './census';
export { bucket, collectColors, collectPixels } from './distances';
export { pullColors, pullPixels } from './pull';
