/**
 * The pull as a kernel: one text that gpu.js translates to GLSL and WGSL and that unit tests run as plain JavaScript.
 * Reference: `pull`; layout of `plan`: parameters.ts.
 *
 * Rules of a kernel file (checked by scripts/build/kernel-source.mjs or by gpu.js itself): function declarations over
 * numbers and nothing else at the top level; arrays are read in the root only, always braces, no closures, no `pow`
 * and no `cos` (GPUs may be as coarse as 1e-3 there), no literal under 1e-6 (it would print with an exponent).
 */
import type { KernelScope, Numbers } from './kernel-scope.js';

/**
 * Root: one color.
 *
 * @param colors packed colors, r + 256 g + 65536 b, exact in float32
 * @param plan what `packParameters` wrote
 * @returns the new packed color, or -1 - color where float32 cannot decide and the host must (see `packParameters`)
 */
export function pullColor(this: KernelScope, colors: Numbers, plan: Numbers): number {
  const color = colors[this.thread.x];
  const blueCode = Math.floor(color * 0.0000152587890625);
  const greenCode = Math.floor((color - blueCode * 65536) * 0.00390625);
  const redCode = color - blueCode * 65536 - greenCode * 256;
  let red = plan[this.constants.table + redCode];
  let green = plan[this.constants.table + greenCode];
  let blue = plan[this.constants.table + blueCode];

  const t0 = plan[this.constants.toLms];
  const t1 = plan[this.constants.toLms + 1];
  const t2 = plan[this.constants.toLms + 2];
  const t3 = plan[this.constants.toLms + 3];
  const t4 = plan[this.constants.toLms + 4];
  const t5 = plan[this.constants.toLms + 5];
  const t6 = plan[this.constants.toLms + 6];
  const t7 = plan[this.constants.toLms + 7];
  const t8 = plan[this.constants.toLms + 8];
  const o0 = plan[this.constants.toOklab];
  const o1 = plan[this.constants.toOklab + 1];
  const o2 = plan[this.constants.toOklab + 2];
  const o3 = plan[this.constants.toOklab + 3];
  const o4 = plan[this.constants.toOklab + 4];
  const o5 = plan[this.constants.toOklab + 5];
  const o6 = plan[this.constants.toOklab + 6];
  const o7 = plan[this.constants.toOklab + 7];
  const o8 = plan[this.constants.toOklab + 8];
  let l = cubeRoot(row(t0, t1, t2, red, green, blue));
  let m = cubeRoot(row(t3, t4, t5, red, green, blue));
  let s = cubeRoot(row(t6, t7, t8, red, green, blue));
  const sourceL = row(o0, o1, o2, l, m, s);
  const sourceA = row(o3, o4, o5, l, m, s);
  const sourceB = row(o6, o7, o8, l, m, s);

  // Influence: sums of w, w L, w C and w u, scaled together afterwards.
  let total = 0.0;
  let sumL = 0.0;
  let sumChroma = 0.0;
  let sumX = 0.0;
  let sumY = 0.0;
  let undecided = 0.0;
  const count = plan[0];
  const guard = plan[8];
  for (let i = 0; i < count; i++) {
    const at = this.constants.attractors + i * this.constants.stride;
    const targetL = plan[at];
    const distance = length3(sourceL - targetL, sourceA - plan[at + 1], sourceB - plan[at + 2]);
    const radius = plan[at + 6];
    if (Math.abs(distance - radius) < guard) {
      undecided = 1.0;
    }
    if (distance < radius) {
      const w = plan[at + 7] + plan[at + 8] * raisedCosine(distance / radius);
      total += w;
      sumL += w * targetL;
      sumChroma += w * plan[at + 3];
      sumX += w * plan[at + 4];
      sumY += w * plan[at + 5];
    }
  }
  if (undecided > 0.5) {
    return -1 - color;
  }
  if (total <= 0) {
    return color;
  }

  // Blend.
  let scale = 1.0;
  if (total > 1) {
    scale = 1 / total;
  }
  const rest = Math.max(0, 1 - total);
  const chroma = Math.sqrt(sourceA * sourceA + sourceB * sourceB);
  let ownX = 0.0;
  let ownY = 0.0;
  if (chroma >= plan[4]) {
    ownX = sourceA / chroma;
    ownY = sourceB / chroma;
  }
  let newL = sourceL;
  if (plan[1] > 0.5) {
    newL = rest * sourceL + scale * sumL;
  }
  newL = Math.min(1, Math.max(0, newL));
  let newChroma = chroma;
  if (plan[2] > 0.5) {
    newChroma = rest * chroma + scale * sumChroma;
  }
  let directionX = ownX;
  let directionY = ownY;
  if (plan[3] > 0.5) {
    const voteX = rest * ownX + scale * sumX;
    const voteY = rest * ownY + scale * sumY;
    const vote = Math.sqrt(voteX * voteX + voteY * voteY);
    // Votes that nearly cancel leave a direction made of rounding errors.
    if (vote < plan[9] && newChroma > plan[9]) {
      return -1 - color;
    }
    if (vote >= plan[5]) {
      directionX = voteX / vote;
      directionY = voteY / vote;
    }
  }
  const newA = newChroma * directionX;
  const newB = newChroma * directionY;

  // Gamut. Step 0 looks at the color itself, 18 halve the interval (fewer were measured to leave more colors off by
  // one), the last takes what they found.
  const k0 = plan[this.constants.fromOklab];
  const k1 = plan[this.constants.fromOklab + 1];
  const k2 = plan[this.constants.fromOklab + 2];
  const k3 = plan[this.constants.fromOklab + 3];
  const k4 = plan[this.constants.fromOklab + 4];
  const k5 = plan[this.constants.fromOklab + 5];
  const k6 = plan[this.constants.fromOklab + 6];
  const k7 = plan[this.constants.fromOklab + 7];
  const k8 = plan[this.constants.fromOklab + 8];
  const f0 = plan[this.constants.fromLms];
  const f1 = plan[this.constants.fromLms + 1];
  const f2 = plan[this.constants.fromLms + 2];
  const f3 = plan[this.constants.fromLms + 3];
  const f4 = plan[this.constants.fromLms + 4];
  const f5 = plan[this.constants.fromLms + 5];
  const f6 = plan[this.constants.fromLms + 6];
  const f7 = plan[this.constants.fromLms + 7];
  const f8 = plan[this.constants.fromLms + 8];
  const epsilon = plan[6];
  const tolerance = plan[7];
  let low = 0.0;
  let high = 1.0;
  let part = 1.0;
  for (let step = 0; step < 20; step++) {
    const a = newA * part;
    const b = newB * part;
    l = cube(row(k0, k1, k2, newL, a, b));
    m = cube(row(k3, k4, k5, newL, a, b));
    s = cube(row(k6, k7, k8, newL, a, b));
    red = row(f0, f1, f2, l, m, s);
    green = row(f3, f4, f5, l, m, s);
    blue = row(f6, f7, f8, l, m, s);
    const least = Math.min(red, Math.min(green, blue));
    const most = Math.max(red, Math.max(green, blue));
    red = clip(red);
    green = clip(green);
    blue = clip(blue);
    if (step === 0) {
      if (least >= -epsilon && most <= 1 + epsilon) {
        break;
      }
      if (newL <= 0) {
        return 0;
      }
      // At L = 1 the answer jumps to white, at 0 to black, and float32 cannot tell these from a hair beside them.
      if (newL > 1 - plan[10] || newL < plan[10]) {
        return -1 - color;
      }
    }
    if (step === 19) {
      break;
    }
    l = cubeRoot(row(t0, t1, t2, red, green, blue));
    m = cubeRoot(row(t3, t4, t5, red, green, blue));
    s = cubeRoot(row(t6, t7, t8, red, green, blue));
    const off = length3(row(o0, o1, o2, l, m, s) - newL, row(o3, o4, o5, l, m, s) - a, row(o6, o7, o8, l, m, s) - b);
    if (off < tolerance) {
      low = part;
      if (step === 0) {
        break;
      }
    } else {
      high = part;
    }
    part = (low + high) * 0.5;
    if (step === 18) {
      part = low;
    }
  }
  return encode(red) + encode(green) * 256 + encode(blue) * 65536;
}

/** One row of a matrix times a column. */
export function row(m0: number, m1: number, m2: number, x: number, y: number, z: number): number {
  return m0 * x + m1 * y + m2 * z;
}

export function cube(x: number): number {
  return x * x * x;
}

export function length3(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}

export function clip(x: number): number {
  return Math.min(1, Math.max(0, x));
}

/** The GPU's own cube root and one Newton step, which makes any driver's good to float32. @param x 0 or more */
export function cubeRoot(x: number): number {
  if (x <= 0) {
    return 0;
  }
  const y = Math.cbrt(x);
  if (y < 0.000001) {
    return 0;
  }
  return y - (y * y * y - x) / (3 * y * y);
}

/** (1 + cos(pi t)) / 2 as the Taylor series of a sine around t = 1/2, within 1e-9. @param t 0 to 1 */
export function raisedCosine(t: number): number {
  const x = 1.5707963267948966 * (1 - 2 * t);
  const q = x * x;
  // 1/156, 1/110, 1/72, 1/42, 1/20 and 1/6: a division costs a GPU several products.
  let sum = 1 - q * 0.00641025641025641;
  sum = 1 - q * 0.00909090909090909 * sum;
  sum = 1 - q * 0.0138888888888889 * sum;
  sum = 1 - q * 0.0238095238095238 * sum;
  sum = 1 - q * 0.05 * sum;
  const sine = x * (1 - q * 0.166666666666667 * sum);
  return Math.min(1, Math.max(0, 0.5 + 0.5 * sine));
}

/** Linear component to its 8-bit code; x^(1 / 2.4) is x^(1/3) x^(1/12). @param x 0 to 1 */
export function encode(x: number): number {
  let encoded = 12.92 * x;
  if (x > 0.0031308) {
    const root = cubeRoot(x);
    encoded = 1.055 * root * Math.sqrt(Math.sqrt(root)) - 0.055;
  }
  return Math.min(255, Math.floor(encoded * 255 + 0.5));
}
