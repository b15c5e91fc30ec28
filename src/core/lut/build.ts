import type { Backend } from '../backend.js';
import { packColor } from '../color/packed.js';
import { checkInteger, LUT_SIZE_RANGE } from '../options.js';
import type { Cancel, Plan } from '../types.js';
import { type Lut, uniformAxis } from './lut.js';
import type { NodePrecision } from './lut-options.js';

/** What `buildLut` will do on a backend; part of a cache's key, because the tables differ. */
export function nodePrecision(backend: Backend): NodePrecision {
  return backend.evaluateGrid ? 'float' : '8-bit';
}

/**
 * Freezes a plan into a 3D table.
 *
 * Nodes of the usual sizes (17, 33, 65, 129) do not fall on 8-bit codes, and a node rounded to 8 bits carries an error of
 * its own into every color around it. So the nodes are evaluated as floats wherever the backend can (js, wasm). A GPU
 * answers in 8-bit colors; its grid lines are moved to the nearest codes, which makes the inputs exact, and only
 * the rounding of the results remains. On 8-bit pictures both are equally near (33 nodes, strength 70: 2.23 and 2.28 % of
 * a photo-like picture's pixels more than 1/255 off), since interpolation is the larger error. But 8-bit nodes would band
 * 16-bit pictures, and a .cube file promises even steps: hence floats.
 *
 * @param plan what to freeze; `planFor` or `analyze` makes one
 * @param backend computes the nodes
 * @param size nodes an axis, 2 to 129
 * @throws INVALID_OPTION, CANCELED, BACKEND_FAILED
 */
export async function buildLut(plan: Plan, size: number, backend: Backend, signal?: Cancel): Promise<Lut> {
  checkInteger(size, 'lut-size', LUT_SIZE_RANGE);
  const nodes = new Float32Array(size ** 3 * 3);
  const axis = gridAxis(size, nodePrecision(backend));
  if (backend.evaluateGrid) await backend.evaluateGrid(axis, plan, nodes, signal);
  else
    await evaluateCodes(
      Uint8Array.from(axis, (x) => Math.round(x * 255)),
      plan,
      nodes,
      backend,
      signal,
    );
  return { size, axes: [axis, axis, axis], nodes };
}

/** Encoded values of the grid lines. */
export function gridAxis(size: number, precision: NodePrecision): Float64Array {
  const axis = uniformAxis(size);
  return precision === 'float' ? axis : axis.map((x) => Math.round(x * 255) / 255);
}

async function evaluateCodes(
  codes: Uint8Array,
  plan: Plan,
  nodes: Float32Array,
  backend: Backend,
  signal?: Cancel,
): Promise<void> {
  const colors = new Uint32Array(nodes.length / 3);
  let n = 0;
  for (const blue of codes)
    for (const green of codes) for (const red of codes) colors[n++] = packColor(red, green, blue);
  const newColors = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, newColors, signal);
  for (let i = 0; i < newColors.length; i++) {
    const color = newColors[i] as number;
    nodes[i * 3] = (color & 255) / 255;
    nodes[i * 3 + 1] = ((color >>> 8) & 255) / 255;
    nodes[i * 3 + 2] = (color >>> 16) / 255;
  }
}
