/** Below this OKLCH chroma a hue is powerless (docs/internals/model.md, section 4). */
export const POWERLESS_CHROMA = 1e-4;

/**
 * A color as a straight mix takes it: grey where it has chroma but its hue is `none`.
 *
 * @param oklab L, a, b
 * @param powerlessHue whether the hue is `none` or the chroma too small for one; the latter is mixed as it is
 */
export function straightOklab(
  oklab: readonly [number, number, number],
  powerlessHue: boolean,
): [number, number, number] {
  const [L, a, b] = oklab;
  return powerlessHue && Math.sqrt(a * a + b * b) >= POWERLESS_CHROMA ? [L, 0, 0] : [L, a, b];
}
