import { influence } from './attractor/influence.js';
import { mapToGamut } from './color/gamut.js';
import { gamutMatrices, oklabDistance, oklabFromLinear, type Triple } from './color/oklab.js';
import { POWERLESS_CHROMA } from './color/powerless.js';
import { linearFromEncoded, quantize } from './color/srgb.js';
import type { Gamut, Plan, PlanAttractor } from './types.js';

/** A hue direction shorter than this counts as none (model.md, section 4). */
export const HUELESS_LENGTH = 1e-6;

/**
 * The pull: color to color under a plan. THE definition, in float64, written for reading; every backend names it as its
 * reference and is tested against it.
 *
 * @param codes red, green, blue as integers, 0 to maxCode
 * @param maxCode 255 or 65535
 * @returns new codes; the same array when no attractor reaches the color
 * @see model.md, sections 1 and 3 to 6
 */
export function pull(codes: Readonly<Triple>, plan: Plan, maxCode: 255 | 65535 = 255): Readonly<Triple> {
  const [r, g, b] = codes.map((code) => linearFromEncoded(code / maxCode)) as Triple;
  const source = oklabFromLinear(r, g, b, gamutMatrices(plan.gamut).toLms);
  const target = pullOklab(source, plan);
  return target === undefined ? codes : (encodeOklab(target, plan.gamut).map((x) => quantize(x, maxCode)) as Triple);
}

/** The pull in Oklab, before gamut mapping. @returns undefined when no attractor reaches the color (W = 0) */
export function pullOklab(source: Readonly<Triple>, plan: Plan): Triple | undefined {
  const attractors = canonicalOrder(plan.attractors);
  const weights = attractors.map(({ oklab, radius, strength }) =>
    influence(oklabDistance(source, oklab as Triple), radius, strength),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (total === 0) return undefined;
  if (total > 1) for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / total;
  const sourceWeight = Math.max(0, 1 - total);

  const [L, a, b] = source;
  const chroma = Math.sqrt(a * a + b * b);
  const own = hueDirection(a, b, chroma < POWERLESS_CHROMA);
  const { luminance, saturation, hue } = plan.channels;

  let newL = sourceWeight * L;
  let newChroma = sourceWeight * chroma;
  let ux = sourceWeight * own[0];
  let uy = sourceWeight * own[1];
  attractors.forEach(({ oklab: [L_i, a_i, b_i], powerlessHue }, i) => {
    const w = weights[i] as number;
    const vote = hueDirection(a_i, b_i, powerlessHue);
    newL += w * L_i;
    newChroma += w * Math.sqrt(a_i * a_i + b_i * b_i);
    ux += w * vote[0];
    uy += w * vote[1];
  });
  if (!luminance) newL = L;
  if (!saturation) newChroma = chroma;

  const length = Math.sqrt(ux * ux + uy * uy);
  const hasVote = hue && length >= HUELESS_LENGTH;
  // Without a vote a color keeps its own hue; a grey has none, its direction is (0, 0), and it stays grey.
  const [dx, dy] = hasVote ? [ux / length, uy / length] : own;
  return [Math.min(1, Math.max(0, newL)), newChroma * dx, newChroma * dy];
}

/** Attractors in an order that does not depend on the recipe's, so that floating-point sums don't either. */
export function canonicalOrder(attractors: readonly PlanAttractor[]): readonly PlanAttractor[] {
  const key = ({ oklab, tolerance, strength, radius, powerlessHue }: PlanAttractor): number[] => [
    ...oklab,
    tolerance,
    strength,
    radius,
    powerlessHue ? 1 : 0,
  ];
  return attractors
    .map((attractor) => ({ attractor, key: key(attractor) }))
    .sort((p, q) => p.key.map((x, i) => x - (q.key[i] as number)).find((d) => d !== 0) ?? 0)
    .map(({ attractor }) => attractor);
}

/** Unit vector of a hue, or (0, 0) when it is powerless and casts no vote. */
function hueDirection(a: number, b: number, powerless: boolean): [number, number] {
  const chroma = Math.sqrt(a * a + b * b);
  return powerless || chroma < POWERLESS_CHROMA ? [0, 0] : [a / chroma, b / chroma];
}

function encodeOklab([L, a, b]: Readonly<Triple>, gamut: Gamut): Triple {
  const { toLms, fromLms } = gamutMatrices(gamut);
  return mapToGamut(L, a, b, toLms, fromLms);
}
