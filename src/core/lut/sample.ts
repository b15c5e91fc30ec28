import { checkChoice, INTERPOLATIONS, type Interpolation } from '../options.js';
import { makeAxisTables } from './axis-table.js';
import { checkLutShape, type Lut, type LutSampler } from './lut.js';
import { createTetrahedra } from './tetrahedral.js';
import { createByteTetrahedra } from './tetrahedral-bytes.js';
import { createTrilinear } from './trilinear.js';

/**
 * @param maxCode 255 for 8-bit pixels, 65535 for 16-bit ones
 * @throws INVALID_OPTION, INVALID_LUT
 */
export function createSampler(lut: Lut, interpolation: Interpolation, maxCode: 255 | 65535): LutSampler {
  checkChoice(interpolation, 'interpolation', INTERPOLATIONS);
  checkLutShape(lut);
  const tables = makeAxisTables(lut, maxCode);
  if (interpolation === 'trilinear') return createTrilinear(lut, tables, maxCode);
  if (maxCode === 255 && isInGamut(lut.nodes)) return createByteTetrahedra(lut, tables);
  return createTetrahedra(lut, tables, maxCode);
}

/** Whether all values lie in [0, 1]: only then do whole numbers of a known range suffice. */
export function isInGamut(nodes: Float32Array): boolean {
  for (let i = 0; i < nodes.length; i++) {
    const value = nodes[i] as number;
    if (!(value >= 0 && value <= 1)) return false;
  }
  return true;
}
