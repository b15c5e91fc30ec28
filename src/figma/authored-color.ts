/** Colors as they are authored in OKLCH, for documents that keep them so. */

/** A color that every scale but ours would show otherwise, and its channels in sRGB. */
const PROBE = { space: 'OKLCH', l: 0.7, c: 0.1, h: 150 } as const;
const PROBE_RGB = { r: 0.4363, g: 0.6906, b: 0.4907 };
const PROBE_TOLERANCE = 0.01;

let answer: boolean | undefined;

/**
 * Whether this Figma keeps colors with their space, and reads OKLCH as we write it: lightness 0 to 1, hue in degrees. The typings
 * do not say, so it is asked to convert one.
 */
export function takesOklch(): boolean {
  answer ??= probe();
  return answer;
}

function probe(): boolean {
  try {
    const { r, g, b, sourceColor } = figma.util.rgb(PROBE);
    const isNear = (p: number, q: number): boolean => Math.abs(p - q) < PROBE_TOLERANCE;
    return sourceColor?.space === 'OKLCH' && isNear(r, PROBE_RGB.r) && isNear(g, PROBE_RGB.g) && isNear(b, PROBE_RGB.b);
  } catch {
    return false;
  }
}
