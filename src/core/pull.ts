import { influence } from './attractor/influence.js';
import { mapToGamut } from './color/gamut.js';
import { gamutMatrices, oklabDistance, oklabFromLinear, type Triple } from './color/oklab.js';
import { POWERLESS_CHROMA } from './color/powerless.js';
import { linearFromEncoded, quantize } from './color/srgb.js';
import type { Channels, Plan, PlanAttractor } from './types.js';

/** A hue direction shorter than this counts as none (docs/model.md, section 4). */
export const HUELESS_LENGTH = 1e-6;

/**
 * The pull: color to color under a plan. THE definition, in float64, written for reading; every backend names it as its
 * reference and is tested against it.
 *
 * @param codes red, green, blue as integers, 0 to maxCode
 * @param maxCode 255 or 65535
 * @returns new codes; the same array when no attractor reaches the color
 * @see docs/model.md, sections 1 and 3 to 6
 */
export function pull(codes: Readonly<Triple>, plan: Plan, maxCode: 255 | 65535 = 255): Readonly<Triple> {
  return createPull(plan, maxCode)(codes);
}

/** `pull` for many colors under one plan. */
export function createPull(plan: Plan, maxCode: 255 | 65535 = 255): (codes: Readonly<Triple>) => Readonly<Triple> {
  const targets = canonicalOrder(plan.attractors).map(prepareTarget);
  const { toLms, fromLms } = gamutMatrices(plan.gamut);
  return (codes) => {
    const linear = (code: number): number => linearFromEncoded(code / maxCode);
    const source = oklabFromLinear(linear(codes[0]), linear(codes[1]), linear(codes[2]), toLms);
    const target = pullOklab(source, targets, plan.channels);
    if (target === undefined) return codes;
    const [r, g, b] = mapToGamut(target[0], target[1], target[2], toLms, fromLms);
    return [quantize(r, maxCode), quantize(g, maxCode), quantize(b, maxCode)];
  };
}

/** An attractor with what the blend needs of it. */
interface Target extends PlanAttractor {
  readonly chroma: number;
  /** Unit vector of its hue, or (0, 0) when it casts no vote. */
  readonly vote: readonly [number, number];
}

function prepareTarget(attractor: PlanAttractor): Target {
  const [, a, b] = attractor.oklab;
  return { ...attractor, chroma: Math.sqrt(a * a + b * b), vote: hueDirection(a, b, attractor.powerlessHue) };
}

/**
 * The pull in Oklab, before gamut mapping.
 *
 * @param targets in canonical order
 * @returns undefined when no attractor reaches the color (W = 0)
 */
function pullOklab(
  source: Readonly<Triple>,
  targets: readonly Target[],
  { luminance, saturation, hue }: Channels,
): Triple | undefined {
  const weights = targets.map(({ oklab, radius, strength }) =>
    influence(oklabDistance(source, oklab), radius, strength),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (total === 0) return undefined;
  if (total > 1) for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / total;
  const sourceWeight = Math.max(0, 1 - total);

  const [L, a, b] = source;
  const chroma = Math.sqrt(a * a + b * b);
  const own = hueDirection(a, b, false);

  let newL = sourceWeight * L;
  let newChroma = sourceWeight * chroma;
  let ux = sourceWeight * own[0];
  let uy = sourceWeight * own[1];
  targets.forEach((target, i) => {
    const w = weights[i] as number;
    newL += w * target.oklab[0];
    newChroma += w * target.chroma;
    ux += w * target.vote[0];
    uy += w * target.vote[1];
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
