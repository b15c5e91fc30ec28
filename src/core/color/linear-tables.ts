import type { Samples } from '../types.js';
import { linearTable } from './srgb.js';

let linear8: Float64Array | undefined;
let linear16: Float64Array | undefined;

/**
 * `linearTable` for a picture's codes. Made once: the 65,536 powers take 4 ms.
 *
 * @param data its type tells how many codes there are
 * @returns not to be written to
 */
export function linearTableFor(data: Samples): Float64Array {
  if (data instanceof Uint16Array) return (linear16 ??= linearTable(65535));
  return (linear8 ??= linearTable(255));
}
