import type { Lut, Shaper } from './lut.js';

/** Where each input code falls on one axis of a grid. */
export interface AxisTable {
  /** Index of the node below, 0 to size - 2. */
  readonly cell: Uint8Array;
  /** How far the code is on the way to the next node, 0 to 1. */
  readonly fraction: Float32Array;
}

/**
 * Tables for red, green and blue that take each code to its cell, the shaper's curve included, so that the loop over pixels
 * divides nothing.
 *
 * @param maxCode 255 or 65535
 */
export function makeAxisTables({ axes, shaper }: Lut, maxCode: number): [AxisTable, AxisTable, AxisTable] {
  const make = (k: 0 | 1 | 2): AxisTable => makeAxisTable(axes[k], maxCode, shaper && ((x) => shape(x, shaper, k)));
  const red = make(0);
  // One table for equal axes: three of 65,536 codes would not stay near the processor.
  const isEqual = (k: 1 | 2): boolean => !shaper && axes[k].every((x, i) => x === axes[0][i]);
  return [red, isEqual(1) ? red : make(1), isEqual(2) ? red : make(2)];
}

function makeAxisTable(axis: Float64Array, maxCode: number, curve?: (x: number) => number): AxisTable {
  const cell = new Uint8Array(maxCode + 1);
  const fraction = new Float32Array(maxCode + 1);
  const last = axis.length - 2;
  let below = 0;
  for (let code = 0; code <= maxCode; code++) {
    const x = curve ? curve(code / maxCode) : code / maxCode;
    // Codes rise, and so do most curves: the search starts where the last one ended.
    while (below < last && (axis[below + 1] as number) <= x) below++;
    while (below > 0 && (axis[below] as number) > x) below--;
    const from = axis[below] as number;
    const way = (x - from) / ((axis[below + 1] as number) - from);
    cell[code] = below;
    fraction[code] = Math.min(1, Math.max(0, way));
  }
  return { cell, fraction };
}

/** Value of one curve, linear between samples. @param component 0 red, 1 green, 2 blue */
export function shape(x: number, { size, min, max, values }: Shaper, component: 0 | 1 | 2): number {
  const way = ((x - min[component]) / (max[component] - min[component])) * (size - 1);
  const clamped = Math.min(size - 1, Math.max(0, way));
  const below = Math.min(size - 2, Math.floor(clamped));
  const t = clamped - below;
  return (values[below * 3 + component] as number) * (1 - t) + (values[(below + 1) * 3 + component] as number) * t;
}
