/**
 * The shipped example: a mountain lake at golden hour, drawn by code so that it is ours to ship and anyone can make it
 * again. It has a sky, rock, water, grass and flowers because attractors need something to choose from.
 */

type Rgb = readonly [number, number, number];

/** A repeatable value in [0, 1) for a lattice point. */
function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Value noise, 0 to 1. */
function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = smooth(x - ix);
  const fy = smooth(y - iy);
  const top = hash(ix, iy, seed) * (1 - fx) + hash(ix + 1, iy, seed) * fx;
  const bottom = hash(ix, iy + 1, seed) * (1 - fx) + hash(ix + 1, iy + 1, seed) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Fractal noise with 1/f amplitudes, about 0 to 1. */
export function fractalNoise(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let amplitude = 0.5;
  let scale = 1;
  for (let i = 0; i < octaves; i++) {
    sum += amplitude * noise(x * scale, y * scale, seed + i);
    amplitude *= 0.5;
    scale *= 2;
  }
  return sum / (1 - 0.5 ** octaves);
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  const k = Math.min(1, Math.max(0, t));
  return [a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k, a[2] + (b[2] - a[2]) * k];
}

function shade(color: Rgb, factor: number): Rgb {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

const HORIZON = 0.56;
const SHORE = 0.75;
const SUN = { x: 0.68, y: 0.43 };

/** Back to front: height above the horizon, roughness, lit and shaded rock, haze. */
const RIDGES: readonly { height: number; scale: number; seed: number; lit: Rgb; dark: Rgb; haze: number }[] = [
  { height: 0.34, scale: 2.2, seed: 11, lit: [214, 176, 172], dark: [126, 122, 158], haze: 0.5 },
  { height: 0.23, scale: 3.4, seed: 23, lit: [176, 132, 116], dark: [84, 88, 122], haze: 0.3 },
  { height: 0.12, scale: 5.5, seed: 37, lit: [104, 112, 84], dark: [44, 62, 70], haze: 0.14 },
];
const HAZE: Rgb = [238, 192, 160];

function sky(x: number, y: number): Rgb {
  const height = y / HORIZON;
  let color = mix([44, 84, 150], [132, 158, 196], height * 1.25);
  color = mix(color, [250, 190, 132], smooth(Math.min(1, Math.max(0, (height - 0.42) / 0.5))));
  const cloud = fractalNoise(x * 3.2 + 4, y * 10, 3, 6);
  const cover = smooth(Math.min(1, Math.max(0, (cloud - 0.5) / 0.24))) * (1 - height * 0.45);
  color = mix(color, mix([250, 236, 226], [255, 176, 134], height), cover * 0.85);
  const distance = Math.hypot((x - SUN.x) * 1.5, y - SUN.y);
  color = mix(color, [255, 226, 170], Math.exp(-distance * distance * 55) * 0.85);
  return distance < 0.032 ? mix([255, 250, 228], color, smooth(Math.max(0, distance - 0.026) / 0.006)) : color;
}

function ridgeTop(x: number, ridge: (typeof RIDGES)[number]): number {
  const profile = 1 - Math.abs(2 * fractalNoise(x * ridge.scale, 0.5, ridge.seed, 7) - 1);
  return HORIZON - ridge.height * (0.25 + 0.85 * profile * profile);
}

/** Height of the rock face: gullies that fall away from the ridge and bend as they go. */
function rock(x: number, below: number, seed: number): number {
  const bend = 0.035 * (fractalNoise(x * 12, below * 14, seed + 9, 3) - 0.5);
  const gully = 1 - Math.abs(2 * fractalNoise((x + bend) * 34, below * 9, seed + 5, 6) - 1);
  return 0.65 * gully + 0.35 * fractalNoise(x * 60, below * 80, seed + 15, 4);
}

/** The dark fringe of firs along the far shore. */
function forestTop(x: number): number {
  const spike = Math.abs(((x * 130 + 3 * noise(x * 40, 1, 77)) % 1) - 0.5) * 2;
  return HORIZON - 0.012 - 0.02 * fractalNoise(x * 9, 3, 71, 3) - 0.012 * spike * noise(x * 130, 2, 73);
}

function land(x: number, y: number): Rgb {
  if (y > forestTop(x)) {
    return mix([22, 44, 42], [58, 76, 50], fractalNoise(x * 120, y * 160, 79, 3));
  }
  for (let i = RIDGES.length - 1; i >= 0; i--) {
    const ridge = RIDGES[i] as (typeof RIDGES)[number];
    const top = ridgeTop(x, ridge);
    if (y < top) continue;
    const below = y - top;
    const texture = rock(x, below, ridge.seed);
    // Light comes from the right: the rise of the rock toward it is what is lit.
    const rise = (rock(x + 0.003, below, ridge.seed) - texture) / 0.003;
    const light = 0.46 + 0.34 * Math.tanh(rise * 0.16) + 0.5 * (texture - 0.5);
    let color = mix(ridge.dark, ridge.lit, light);
    if (i === 0 && y - top < 0.05 * (0.4 + texture)) color = mix(color, [246, 236, 232], 0.75 * light + 0.2);
    return mix(color, HAZE, ridge.haze * smooth(Math.min(1, (y - top) / (HORIZON - top + 0.01))) + ridge.haze * 0.25);
  }
  return sky(x, y);
}

function lake(x: number, y: number): Rgb {
  const depth = (y - HORIZON) / (SHORE - HORIZON);
  const ripple = fractalNoise(x * 14, y * 190, 51, 4) - 0.5;
  const mirrored = HORIZON - (y - HORIZON) * 1.55 + ripple * 0.03 * (0.3 + depth);
  const reflection = land(x + ripple * 0.012, Math.max(0.01, mirrored));
  const water = mix(shade(reflection, 0.86), [32, 92, 116], 0.28 + 0.34 * depth);
  return mix(water, [255, 236, 204], Math.max(0, ripple - 0.2) * 1.6);
}

function meadow(x: number, y: number): Rgb {
  const depth = (y - SHORE) / (1 - SHORE);
  const blade = fractalNoise(x * 90, y * 46 + x * 8, 91, 5);
  const patch = fractalNoise(x * 6, y * 8, 95, 4);
  let color = mix([38, 74, 30], [150, 172, 66], 0.15 + blade * 0.75 + (patch - 0.5) * 0.9);
  color = mix(color, [196, 168, 84], Math.max(0, patch - 0.56) * 1.6);
  return shade(color, 1.04 - 0.42 * depth);
}

/** Flowers grow denser and larger toward the viewer. */
function flower(x: number, y: number, aspect: number): Rgb | undefined {
  const rows = 9;
  const depth = Math.floor(((y - SHORE) / (1 - SHORE)) * rows) / rows;
  if (depth < 0.1) return undefined;
  const size = 0.0035 + 0.0105 * depth;
  const cx = Math.floor((x * aspect) / (size * 3));
  const cy = Math.floor(y / (size * 3));
  if (hash(cx, cy, 101) > 0.2 + 0.25 * fractalNoise(x * 5, y * 5, 103, 3)) return undefined;
  const dx = (x * aspect) / (size * 3) - cx - 0.3 - 0.4 * hash(cx, cy, 105);
  const dy = y / (size * 3) - cy - 0.3 - 0.4 * hash(cx, cy, 107);
  const angle = Math.atan2(dy, dx);
  const radius = (0.19 + 0.05 * Math.cos(angle * 5 + 6 * hash(cx, cy, 109))) * (0.7 + 0.5 * hash(cx, cy, 111));
  const distance = Math.hypot(dx, dy * 1.25);
  if (distance > radius) return undefined;
  const pick = hash(cx, cy, 113);
  const petal: Rgb = pick < 0.55 ? [206, 44, 36] : pick < 0.8 ? [244, 196, 48] : [176, 120, 200];
  if (distance < radius * 0.28) return shade([70, 50, 30], 1 + dy);
  return shade(petal, 1.05 - 0.45 * (distance / radius) * (dy > 0 ? 1 : 0.4) - 0.15 * depth);
}

/** Renders the scene. @returns 8-bit RGB, row by row */
export function renderScene(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  const aspect = width / height;
  for (let j = 0, at = 0; j < height; j++) {
    const y = (j + 0.5) / height;
    for (let i = 0; i < width; i++, at += 3) {
      const x = (i + 0.5) / width;
      const shore = SHORE + 0.03 * (fractalNoise(x * 5, 7, 61, 4) - 0.5);
      const ground = y > shore ? (flower(x, y, aspect) ?? meadow(x, y)) : y > HORIZON ? lake(x, y) : land(x, y);
      const vignette = 1 - 0.16 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2;
      const grain = (hash(i, j, 7) + hash(i, j, 9) - 1) * 5;
      for (let k = 0; k < 3; k++) data[at + k] = Math.min(255, Math.max(0, (ground[k] as number) * vignette + grain));
    }
  }
  return data;
}
