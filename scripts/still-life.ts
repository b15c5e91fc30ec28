/**
 * The picture for repaint rows, drawn by code so that it is ours to ship: a cloth with folds, a ball, a cup and a lemon in the light of
 * a window. Surfaces are signed distance fields, walked along each ray; a color is albedo times light, so shades are what they are on
 * matte things.
 */
import { encodedFromLinear, linearFromEncoded } from '../src/core/color/srgb.js';

type Vec = readonly [number, number, number];

const add = (p: Vec, q: Vec, k = 1): Vec => [p[0] + k * q[0], p[1] + k * q[1], p[2] + k * q[2]];
const dot = (p: Vec, q: Vec): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
const unit = (p: Vec): Vec => {
  const length = Math.sqrt(dot(p, p));
  return [p[0] / length, p[1] / length, p[2] / length];
};
const albedoOf = (red: number, green: number, blue: number): Vec => [
  linearFromEncoded(red / 255),
  linearFromEncoded(green / 255),
  linearFromEncoded(blue / 255),
];

/** One thing on the table: its distance field, its color in full light, and how much it shines. */
interface Thing {
  readonly distance: (p: Vec) => number;
  readonly albedo: Vec;
  readonly shine: number;
}

const WALL_Z = 2.6;
const BALL: Vec = [-0.95, 0.62, 0.35];
const CUP = { at: [0.75, 0, 0.55] as Vec, radius: 0.5, height: 1.05, wall: 0.045 };
const LEMON: Vec = [0.05, 0.27, -0.55];

/** Folds of the cloth: a few long waves that cross. */
function clothHeight(x: number, z: number): number {
  const sway = 0.6 * Math.sin(0.9 * z + 0.4);
  const long = Math.sin(2.1 * (x + sway) + 1.3 * z);
  const short = Math.sin(4.3 * x - 2.7 * z + 1.5 * Math.sin(1.1 * z));
  return 0.11 * long + 0.05 * short - 0.12;
}

const THINGS: readonly Thing[] = [
  { distance: (p) => WALL_Z - p[2], albedo: albedoOf(196, 186, 170), shine: 0 },
  { distance: (p) => (p[1] - clothHeight(p[0], p[2])) * 0.7, albedo: albedoOf(58, 96, 168), shine: 0 },
  {
    distance: (p) => Math.sqrt(dot(add(p, BALL, -1), add(p, BALL, -1))) - 0.62,
    albedo: albedoOf(190, 48, 44),
    shine: 0.35,
  },
  { distance: cup, albedo: albedoOf(86, 150, 120), shine: 0.25 },
  { distance: lemon, albedo: albedoOf(232, 192, 62), shine: 0.12 },
];

function cup(p: Vec): number {
  const [x, y, z] = add(p, CUP.at, -1);
  const widening = CUP.radius * (0.82 + 0.18 * Math.min(1, Math.max(0, y / CUP.height)));
  const side = Math.abs(Math.hypot(x, z) - widening) - CUP.wall;
  const inHeight = Math.max(-y, y - CUP.height);
  const shell = Math.min(Math.max(side, inHeight), 0) + Math.hypot(Math.max(side, 0), Math.max(inHeight, 0));
  const floor = Math.hypot(Math.max(Math.hypot(x, z) - widening, 0), Math.max(Math.abs(y - 0.06) - 0.05, 0));
  const ring = Math.hypot(Math.hypot(x - CUP.radius * 0.98, y - 0.55) - 0.26, z) - 0.055;
  const handle = Math.max(ring, widening - Math.hypot(x, z));
  return 0.9 * Math.min(shell - 0.015, floor, handle);
}

function lemon(p: Vec): number {
  const [x, y, z] = add(p, LEMON, -1);
  const along = 0.93 * x + 0.37 * z;
  const across = 0.93 * z - 0.37 * x;
  const body = Math.sqrt((along / 1.45) ** 2 + y * y + across * across) - 0.27;
  const tip = Math.hypot(Math.abs(along) - 0.4, y, across) - 0.06;
  return 0.7 * Math.min(body, tip);
}

function nearest(p: Vec): { distance: number; thing: Thing } {
  let found = { distance: Number.POSITIVE_INFINITY, thing: THINGS[0] as Thing };
  for (const thing of THINGS) {
    const distance = thing.distance(p);
    if (distance < found.distance) found = { distance, thing };
  }
  return found;
}

/** Distance along a ray to what it meets; undefined beyond `far`. */
function march(from: Vec, to: Vec, far: number): number | undefined {
  let way = 0.002;
  for (let step = 0; step < 160 && way < far; step++) {
    const { distance } = nearest(add(from, to, way));
    if (distance < 4e-4) return way;
    way += distance;
  }
  return undefined;
}

const LIGHT: Vec = [-3.2, 4.4, -2.6];
const EYE: Vec = [0, 1.75, -4.6];
const AIM = unit([0, -0.29, 1]);

/** Share of the window's light that reaches a point: the nearer a thing comes to the ray, the more it hides. */
function lightAt(p: Vec, to: Vec, far: number): number {
  let open = 1;
  for (let way = 0.03; way < far; ) {
    const { distance } = nearest(add(p, to, way));
    if (distance < 1e-3) return 0;
    open = Math.min(open, (9 * distance) / way);
    way += Math.max(0.015, distance);
  }
  return open * open * (3 - 2 * open);
}

/** Share of the room's light: hidden where things are near. */
function skyAt(p: Vec, normal: Vec): number {
  let hidden = 0;
  for (let i = 1; i <= 5; i++) {
    const way = 0.09 * i;
    hidden += (way - nearest(add(p, normal, way)).distance) / 1.7 ** i;
  }
  return Math.max(0.15, 1 - 1.5 * Math.max(0, hidden));
}

function colorOf(to: Vec): Vec {
  const way = march(EYE, to, 12);
  if (way === undefined) return [0, 0, 0];
  const p = add(EYE, to, way);
  const { thing } = nearest(p);
  const e = 1e-3;
  const slope = (axis: Vec): number => thing.distance(add(p, axis, e)) - thing.distance(add(p, axis, -e));
  const normal = unit([slope([1, 0, 0]), slope([0, 1, 0]), slope([0, 0, 1])]);
  const toLight = add(LIGHT, p, -1);
  const far = Math.sqrt(dot(toLight, toLight));
  const light = unit(toLight);
  const facing = Math.max(0, dot(normal, light));
  const lit = facing > 0 ? facing * lightAt(add(p, normal, 2e-3), light, far) : 0;
  const room = 0.24 * skyAt(p, normal) * (0.75 + 0.25 * normal[1]);
  const strength = lit * (34 / (far * far)) + room;
  const half = unit(add(light, to, -1));
  const shine = lit > 0 ? thing.shine * Math.max(0, dot(normal, half)) ** 60 : 0;
  return [0, 1, 2].map((i) => (thing.albedo[i] as number) * strength + shine * lit) as unknown as Vec;
}

/** 8-bit sRGB, row by row. Four rays a pixel. */
export function renderStillLife(width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const right: Vec = [1, 0, 0];
  const up = unit([0, AIM[2], -AIM[1]]);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const sum = [0, 0, 0];
      for (let ray = 0; ray < 4; ray++) {
        const u = ((x + 0.25 + 0.5 * (ray & 1) - width / 2) / height) * 0.7;
        const v = ((height / 2 - y - 0.25 - 0.5 * (ray >> 1)) / height) * 0.7;
        const color = colorOf(unit(add(add(AIM, right, u), up, v)));
        for (let i = 0; i < 3; i++) sum[i] = (sum[i] as number) + (color[i] as number) / 4;
      }
      for (let i = 0; i < 3; i++) {
        const encoded = encodedFromLinear(Math.min(1, sum[i] as number));
        out[at + i] = Math.round(Math.min(1, encoded) * 255);
      }
    }
  }
  return out;
}
