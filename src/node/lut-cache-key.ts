import { createHash } from 'node:crypto';
import type { Channels, LutRequest, PlanRow } from '../core/index.js';
import { canonicalOrder } from '../core/pull.js';

declare const COLORSHINE_VERSION: string | undefined;

/** Raised when the model changes what a plan gives: old entries must not be found any more. */
export const MODEL_VERSION = 1;

/** One attractor of an entry. `color` and `tolerance` explain it to people and are no part of the key. */
export interface AttractorParts extends Pick<PlanRow, 'color' | 'tolerance' | 'oklab' | 'powerlessHue'> {
  readonly strength: number;
  readonly radius: number;
}

/** Everything that decides a table's content; stored in its entry as JSON. */
export interface KeyParts {
  readonly engine: string;
  readonly model: number;
  readonly size: number;
  readonly backend: string;
  readonly precision: string;
  readonly gamut: string;
  readonly channels: Channels;
  /** In canonical order; without those that cannot act. */
  readonly attractors: readonly AttractorParts[];
}

export function keyParts({ plan, size, backend, precision }: LutRequest): KeyParts {
  const active = canonicalOrder(plan.rows).filter(({ radius, strength }) => radius > 0 && strength > 0);
  return {
    engine: typeof COLORSHINE_VERSION === 'string' ? COLORSHINE_VERSION : 'source',
    model: MODEL_VERSION,
    size,
    // js and wasm compute floats alike.
    backend: precision === 'float' ? 'any' : backend,
    precision,
    gamut: plan.gamut,
    channels: plan.channels,
    attractors: active.map(({ color, tolerance, oklab, powerlessHue, strength, radius }) => ({
      color,
      tolerance,
      oklab,
      powerlessHue,
      strength,
      radius,
    })),
  };
}

/** SHA-256 over the parts in a fixed order. @returns 32 bytes */
export function keyOf(parts: KeyParts): Buffer {
  const { engine, model, size, backend, precision, gamut, channels, attractors } = parts;
  const canonical = [
    ...[engine, model, size, backend, precision, gamut],
    [channels.luminance, channels.saturation, channels.hue],
    attractors.map(({ oklab, powerlessHue, strength, radius }) => [...oklab, powerlessHue, strength, radius]),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest();
}

/** What differs between what is wanted and an entry, one phrase each: "strength 75 instead of 70 (blue)". */
export function differences(wanted: KeyParts, entry: KeyParts): string[] {
  const found: string[] = [];
  const compare = (name: string, want: unknown, have: unknown, tail = ''): void => {
    if (want !== have) found.push(`${name} ${want} instead of ${have}${tail}`);
  };
  compare('size', wanted.size, entry.size);
  for (const name of ['luminance', 'saturation', 'hue'] as const) {
    compare(name, onOff(wanted.channels[name]), onOff(entry.channels[name]));
  }
  compare('gamut', wanted.gamut, entry.gamut);
  compare('backend', wanted.backend, entry.backend);
  compare('nodes', wanted.precision, entry.precision);
  compare('version', wanted.engine, entry.engine);
  compare('model', wanted.model, entry.model);
  found.push(...attractorDifferences(wanted.attractors, entry.attractors));
  return found;
}

/** Whether a phrase of `differences` is about pixels rather than settings. */
export function isRadiusDifference(phrase: string): boolean {
  return phrase.startsWith('radius ');
}

function attractorDifferences(wanted: readonly AttractorParts[], entry: readonly AttractorParts[]): string[] {
  const found: string[] = [];
  const rest = [...entry];
  const unmatched: AttractorParts[] = [];
  for (const attractor of wanted) {
    const at = rest.findIndex((other) => isSameColor(attractor, other));
    if (at < 0) {
      unmatched.push(attractor);
      continue;
    }
    const [other] = rest.splice(at, 1) as [AttractorParts];
    const { color, strength, tolerance, radius } = attractor;
    if (strength !== other.strength) found.push(`strength ${strength} instead of ${other.strength} (${color})`);
    if (tolerance !== other.tolerance) found.push(`tolerance ${tolerance} instead of ${other.tolerance} (${color})`);
    else if (radius !== other.radius) {
      const [want, have] = tellApart(radius, other.radius);
      found.push(`radius ${want} instead of ${have} (${color}, measured on other pixels)`);
    }
  }
  for (const { color } of unmatched) {
    const other = rest.shift();
    found.push(other ? `color ${color} instead of ${other.color}` : `attractor ${color} in addition`);
  }
  for (const { color } of rest) found.push(`attractor ${color} left out`);
  return found;
}

/** Two numbers that differ, with as many decimals as it takes to see it. */
function tellApart(p: number, q: number): [string, string] {
  for (let decimals = 4; decimals <= 12; decimals++) {
    if (p.toFixed(decimals) !== q.toFixed(decimals)) return [p.toFixed(decimals), q.toFixed(decimals)];
  }
  return [String(p), String(q)];
}

function isSameColor(p: AttractorParts, q: AttractorParts): boolean {
  return p.powerlessHue === q.powerlessHue && p.oklab.every((x, i) => x === q.oklab[i]);
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}
