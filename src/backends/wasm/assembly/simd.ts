/** All kernels, for engines with SIMD. */

export { pullDeep } from './deep';
export { bucketDeep } from './deep-distances';
export { lookUp } from './lut';
export * from './scalar';
