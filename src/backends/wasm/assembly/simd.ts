/** All kernels, for engines with SIMD. */

export { bucketDeep, pullDeep } from './deep';
export { lookUp } from './lut';
export * from './scalar';
