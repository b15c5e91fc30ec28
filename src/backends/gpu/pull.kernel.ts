/**
 * The pull as a kernel: one text that gpu.js translates to GLSL and WGSL and that unit tests run as plain JavaScript.
 * Reference: `pull`; layout of `plan`: parameters.ts.
 *
 * Rules of a kernel file (checked by scripts/build/kernel-source.mjs or by gpu.js itself): function declarations over
 * numbers and nothing else at the top level; arrays are read in the root only, always braces, no closures, no `pow`
 * and no `cos` (GPUs may be as coarse as 1e-3 there), no literal under 1e-6 (it would print with an exponent), no two loops with one name for
 * their counter (gpu.js declares it outside).
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

  const guard = plan[this.constants.membershipGuard];
  let undecided = 0.0;
  // How far lightness may be off, and with it whatever else is summed by weight.
  const lightnessGuard = plan[this.constants.lightnessGuard];
  let unsure = lightnessGuard;

  // Keep rows, which come first, and repaint rows: sums of w, w k(L) (t - c), scaled together afterwards.
  let free = 1.0;
  let moved = 0.0;
  let moveL = 0.0;
  let moveA = 0.0;
  let moveB = 0.0;
  const keeps = plan[this.constants.keeps];
  const surfaces = plan[this.constants.surfaces];
  if (this.constants.hasSurfaces > 0) {
    for (let i = 0; i < surfaces; i++) {
      const at = this.constants.surfaceRows + i * this.constants.stride;
      const centerL = plan[at];
      const light = centerL / Math.max(sourceL, plan[this.constants.surfaceFloor]);
      const offL = plan[this.constants.surfaceLightness] * (sourceL - centerL);
      const distance = length3(offL, light * sourceA - plan[at + 1], light * sourceB - plan[at + 2]);
      const radius = plan[at + 6];
      const near = guard * Math.max(1, light);
      if (distance < radius + near) {
        if (distance > radius - near || radius < near * plan[this.constants.smallRadius]) {
          undecided = 1.0;
        }
        if (distance < radius) {
          let falloff = 1.0;
          if (2 * distance > radius) {
            falloff = raisedCosine((2 * distance - radius) / radius);
            unsure = Math.max(unsure, lightnessGuard + (plan[at + 8] * near) / radius);
          }
          const w = plan[at + 7] + plan[at + 8] * falloff;
          if (i < keeps) {
            free = free * (1 - w);
          } else {
            const darker = sourceL * plan[at + 9] + plan[at + 10];
            const lighter = (1 - sourceL) * plan[at + 11] + plan[at + 12];
            if (lighter < darker && plan[at + 11] > plan[this.constants.steepShade]) {
              undecided = 1.0;
            }
            const move = w * Math.min(darker, lighter);
            moved += w;
            moveL += move * plan[at + 3];
            moveA += move * plan[at + 4];
            moveB += move * plan[at + 5];
          }
        }
      }
    }
    free = Math.max(0, free);
  }

  // Attractors: sums of w, w L, w C and w u; where they blend straight, of w, w L and w (a, b).
  let total = 0.0;
  let sumL = 0.0;
  let sumChroma = 0.0;
  let sumX = 0.0;
  let sumY = 0.0;
  const attractors = plan[this.constants.attractors];
  for (let k = 0; k < attractors; k++) {
    const at = this.constants.attractorRows - k * this.constants.stride;
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
  moved = moved * free;
  total = total * free;
  if (moved <= 0 && total <= 0) {
    return color;
  }

  const luminance = plan[this.constants.luminance];
  const saturation = plan[this.constants.saturation];
  const hue = plan[this.constants.hue];
  const powerless = plan[this.constants.powerless];
  const hueGuard = plan[this.constants.hueGuard];
  // Chroma between these is too little to tell a hue by, but perhaps enough to have one.
  const steady = Math.max(hueGuard, 4 * unsure);
  const surelyGrey = powerless - 4 * unsure;
  let newL = sourceL;
  let newA = sourceA;
  let newB = sourceB;
  let chroma = Math.sqrt(sourceA * sourceA + sourceB * sourceB);
  if (this.constants.hasSurfaces > 0 && moved > 0) {
    const scale = free / Math.max(1, moved);
    const mixedA = sourceA + scale * moveA;
    const mixedB = sourceB + scale * moveB;
    const mixed = Math.sqrt(mixedA * mixedA + mixedB * mixedB);
    if (switchJump(saturation, hue, chroma, mixed, surelyGrey, steady, hueGuard) > 0.5) {
      return -1 - color;
    }
    newL = newL + luminance * scale * moveL;
    newA = switchChannel(saturation, hue, chroma, mixed, powerless, sourceA, mixedA);
    newB = switchChannel(saturation, hue, chroma, mixed, powerless, sourceB, mixedB);
    chroma = Math.sqrt(newA * newA + newB * newB);
  }
  if (total > 0) {
    let scale = free;
    if (total > 1) {
      scale = free / total;
    }
    const rest = Math.max(0, 1 - total);
    if (luminance > 0.5) {
      newL = rest * newL + scale * sumL;
    }
    if (this.constants.isStraight > 0) {
      const ownA = newA;
      const ownB = newB;
      const mixedA = rest * ownA + scale * sumX;
      const mixedB = rest * ownB + scale * sumY;
      const mixed = Math.sqrt(mixedA * mixedA + mixedB * mixedB);
      if (switchJump(saturation, hue, chroma, mixed, surelyGrey, steady, hueGuard) > 0.5) {
        return -1 - color;
      }
      newA = switchChannel(saturation, hue, chroma, mixed, powerless, ownA, mixedA);
      newB = switchChannel(saturation, hue, chroma, mixed, powerless, ownB, mixedB);
    } else {
      let newChroma = chroma;
      if (saturation > 0.5) {
        newChroma = rest * chroma + scale * sumChroma;
      }
      if (this.constants.hasSurfaces > 0 && chroma > surelyGrey && chroma < steady && newChroma > hueGuard) {
        return -1 - color;
      }
      let directionX = 0.0;
      let directionY = 0.0;
      if (chroma >= powerless) {
        directionX = newA / chroma;
        directionY = newB / chroma;
      }
      if (hue > 0.5) {
        const voteX = rest * directionX + scale * sumX;
        const voteY = rest * directionY + scale * sumY;
        const vote = Math.sqrt(voteX * voteX + voteY * voteY);
        // Votes that nearly cancel leave a direction made of rounding errors; the color's own, alone, stays true.
        if (vote < steady && newChroma > hueGuard && Math.abs(sumX) + Math.abs(sumY) > 0) {
          return -1 - color;
        }
        if (vote >= plan[this.constants.hueless]) {
          directionX = voteX / vote;
          directionY = voteY / vote;
        }
      }
      newA = newChroma * directionX;
      newB = newChroma * directionY;
    }
  }
  newL = clip(newL);

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
  const epsilon = plan[this.constants.gamutEpsilon];
  const tolerance = plan[this.constants.noticeable];
  const sureLightness = plan[this.constants.sureLightness];
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
      // At L = 1 the answer jumps to white, at 0 to black, and float32 cannot tell these from a hair beside them, except where its
      // weights are exact.
      if (unsure <= lightnessGuard) {
        const isExact = total <= 0 || plan[this.constants.flat] > 0.5;
        if (newL <= 0 || (isExact && newL < sureLightness)) {
          return 0;
        }
        if (isExact && newL > 1 - sureLightness) {
          return 16777215;
        }
      }
      if (newL > 1 - unsure || newL < unsure) {
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

/**
 * A or b of a straight mix, with the channels that are switched off taken from the color it started at.
 *
 * @param saturation 1 or 0, as `hue` is
 * @param own chroma it started at
 * @param mixed chroma of the mix
 * @param from a or b it started at
 * @param to a or b of the mix
 */
export function switchChannel(
  saturation: number,
  hue: number,
  own: number,
  mixed: number,
  powerless: number,
  from: number,
  to: number,
): number {
  if (hue > 0.5 && saturation > 0.5) {
    return to;
  }
  if (hue > 0.5 && mixed >= powerless) {
    return (own * to) / mixed;
  }
  if (saturation > 0.5 && own >= powerless) {
    return (mixed * from) / own;
  }
  return from;
}

/** Whether `switchChannel` takes a hue that nobody can tell to a chroma that shows it. @returns 1 or 0 */
export function switchJump(
  saturation: number,
  hue: number,
  own: number,
  mixed: number,
  surelyGrey: number,
  steady: number,
  visible: number,
): number {
  if (hue > 0.5 && saturation < 0.5 && mixed > surelyGrey && mixed < steady && own > visible) {
    return 1;
  }
  if (hue < 0.5 && saturation > 0.5 && own > surelyGrey && own < steady && mixed > visible) {
    return 1;
  }
  return 0;
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
