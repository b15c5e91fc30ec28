import { createHash } from 'node:crypto';
import {
  type Blend,
  type Channels,
  formatColors,
  formatReach,
  formatRow,
  kindOf,
  type LutRequest,
  type PlanRow,
  type RowKind,
} from '../core/index.js';
import { canonicalOrder } from '../core/pull.js';

declare const COLORSHINE_VERSION: string | undefined;

/** Raised when the model changes what a plan gives: old entries must not be found any more. */
export const MODEL_VERSION = 1;

/** One row of an entry. The texts explain it to people and are no part of the key. */
export interface RowParts extends Pick<PlanRow, 'oklab' | 'center' | 'powerlessHue' | 'strength' | 'radius'> {
  /** The whole row, its colors, and its reach, as people write them. */
  readonly text: string;
  readonly colors: string;
  readonly reach: string;
  readonly kind: RowKind;
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
  readonly blend: Blend;
  /** In canonical order; without those that cannot act. */
  readonly rows: readonly RowParts[];
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
    blend: plan.blend,
    rows: active.map((row) => ({
      text: formatRow(row),
      colors: formatColors(row),
      reach: formatReach(row),
      kind: kindOf(row),
      oklab: row.oklab,
      ...(row.center && { center: row.center }),
      powerlessHue: row.powerlessHue,
      strength: row.strength,
      radius: row.radius,
    })),
  };
}

/** SHA-256 over the parts in a fixed order. @returns 32 bytes */
export function keyOf(parts: KeyParts): Buffer {
  const { engine, model, size, backend, precision, gamut, channels, blend, rows } = parts;
  const canonical = [
    ...[engine, model, size, backend, precision, gamut],
    [channels.luminance, channels.saturation, channels.hue],
    blend,
    rows.map(({ kind, oklab, center = [], powerlessHue, strength, radius }) => [
      kind,
      ...oklab,
      ...center,
      powerlessHue,
      strength,
      radius,
    ]),
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
  compare('blend', wanted.blend, entry.blend);
  compare('gamut', wanted.gamut, entry.gamut);
  compare('backend', wanted.backend, entry.backend);
  compare('nodes', wanted.precision, entry.precision);
  compare('version', wanted.engine, entry.engine);
  compare('model', wanted.model, entry.model);
  found.push(...rowDifferences(wanted.rows, entry.rows));
  return found;
}

/** Whether a phrase of `differences` is about pixels rather than settings. */
export function isRadiusDifference(phrase: string): boolean {
  return phrase.startsWith('radius ');
}

function rowDifferences(wanted: readonly RowParts[], entry: readonly RowParts[]): string[] {
  const found: string[] = [];
  const rest = [...entry];
  const unmatched: RowParts[] = [];
  for (const row of wanted) {
    const at = rest.findIndex((other) => hasSameColors(row, other));
    if (at < 0) {
      unmatched.push(row);
      continue;
    }
    const [other] = rest.splice(at, 1) as [RowParts];
    const { colors, strength, reach, radius } = row;
    if (strength !== other.strength) found.push(`strength ${strength} instead of ${other.strength} (${colors})`);
    if (reach !== other.reach) found.push(`reach ${reach} instead of ${other.reach} (${colors})`);
    else if (radius !== other.radius) {
      const [want, have] = tellApart(radius, other.radius);
      found.push(`radius ${want} instead of ${have} (${colors}, measured on other pixels)`);
    }
  }
  for (const { colors } of unmatched) {
    const other = rest.shift();
    found.push(other ? `color ${colors} instead of ${other.colors}` : `row ${colors} in addition`);
  }
  for (const { colors } of rest) found.push(`row ${colors} left out`);
  return found;
}

/** Two numbers that differ, with as many decimals as it takes to see it. */
function tellApart(p: number, q: number): [string, string] {
  for (let decimals = 4; decimals <= 12; decimals++) {
    if (p.toFixed(decimals) !== q.toFixed(decimals)) return [p.toFixed(decimals), q.toFixed(decimals)];
  }
  return [String(p), String(q)];
}

function hasSameColors(p: RowParts, q: RowParts): boolean {
  const numbers = ({ oklab, center = oklab }: RowParts): readonly number[] => [...oklab, ...center];
  const other = numbers(q);
  return p.kind === q.kind && p.powerlessHue === q.powerlessHue && numbers(p).every((x, i) => x === other[i]);
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}
