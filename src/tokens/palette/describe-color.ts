import type { Triple } from '../../core/color/oklab.js';

/** Hue names by OKLCH hue in degrees: each holds up to its end. */
const HUES: readonly (readonly [number, string])[] = [
  [15, 'pink'],
  [40, 'red'],
  [75, 'orange'],
  [115, 'yellow'],
  [160, 'green'],
  [215, 'teal'],
  [275, 'blue'],
  [320, 'purple'],
  [360, 'pink'],
];
/** Below this OKLCH chroma a color looks grey, below the second muted. */
const GREY_CHROMA = 0.025;
const MUTED_CHROMA = 0.075;

/** A color in a few words: `dark blue`, `light muted orange`, `mid grey`. */
export function describeColor([L, a, b]: Readonly<Triple>): string {
  if (L < 0.12) return 'black';
  const chroma = Math.sqrt(a * a + b * b);
  if (chroma < GREY_CHROMA) return L > 0.96 ? 'white' : `${lightnessWord(L)} grey`;
  const degrees = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const hue = (HUES.find(([end]) => degrees < end) ?? HUES[0])?.[1] as string;
  const isBrown = (hue === 'orange' || hue === 'yellow') && L < 0.55;
  const name = isBrown ? (hue === 'orange' ? 'brown' : 'olive') : hue;
  return [lightnessWord(L), chroma < MUTED_CHROMA ? 'muted' : '', name].filter((word) => word !== '').join(' ');
}

function lightnessWord(L: number): string {
  if (L < 0.25) return 'very dark';
  if (L < 0.45) return 'dark';
  if (L < 0.68) return 'mid';
  return L < 0.88 ? 'light' : 'very light';
}
