import { CENSUS_MIN_PIXELS } from './analysis/census.js';
import { ColorshineError } from './errors.js';
import { checkChoice, DEFAULT_LUT_SIZE, STRATEGIES, type StrategyChoice } from './options.js';

export type Strategy = Exclude<StrategyChoice, 'auto'>;

/** What the choice of a strategy rests on. */
export interface ChoiceFacts {
  readonly pixels: number;
  readonly is16Bit: boolean;
  readonly rows: number;
  /** The radii are given: nothing has to be measured on this picture. */
  readonly hasPlan: boolean;
  readonly backend: string;
  /** Of the backend, as timed on this machine. Undefined: the speed it has on the machine of docs/internals/performance.md. */
  readonly colorsPerSecond?: number | undefined;
  /** Distinct colors, estimated (`estimateColors`). Undefined: a photograph's. */
  readonly estimatedColors?: number | undefined;
  /** With a lookup table: its error is measured, which takes the exact pull on the picture's colors. Default true. */
  readonly measuresError?: boolean | undefined;
  /** The user allows a lookup table of this many nodes an axis where it is expected to be faster. */
  readonly approximateSize?: number | undefined;
}

/** One strategy's expected cost. */
export interface WayEstimate {
  /** Which strategy this is about. */
  readonly strategy: Strategy;
  /** Whether it gives the very colors of the definition; `lut` does not. */
  readonly exact: boolean;
  /** Milliseconds without decoding and encoding; undefined when it cannot do this picture. */
  readonly milliseconds?: number;
  /** Why it was not even considered. */
  readonly excluded?: string;
}

export interface Choice {
  /** The one to take. */
  readonly strategy: Strategy;
  /** One sentence: why. */
  readonly reason: string;
  /** All strategies with their estimates, those that were excluded too. */
  readonly ways: readonly WayEstimate[];
  /** Distinct colors as estimated from a sample, if they were. */
  readonly estimatedColors?: number;
}

/**
 * Nanoseconds, measured by `colorshine bench` on the machine of docs/internals/performance.md. They only weigh one way against
 * another: bytes never depend on which is taken, and another machine would mostly choose alike.
 */
const COSTS = {
  /** Of a pixel: counting its color, and looking its new color up. */
  census: 5,
  repaint: 2.6,
  /** Of a distinct color and row: its distance, and its part in finding the radius. */
  radiiOfColor: 20,
  /** The same where every pixel is measured, in float32 at first, or in float64. */
  radiiOfPixel: { wasm: 3.5, other: 36 },
  /** A table of 64 MiB is cleared by the system page by page. */
  tableSetup: 5e5,
  lutPixel: { wasm: 8, other: 20 },
  /** Of a 16-bit pixel: its distance to a row's center and its part in finding the radius, the pull, and the look-up. */
  deepRadii: { wasm: 20, other: 36 },
  deepPull: { wasm: 65, other: 180 },
  deepLutPixel: 45,
  lutNode: 180,
} as const;

/** Colors a second where nothing was timed. */
const USUAL_SPEED: Readonly<Record<string, number>> = { js: 7e6, wasm: 40e6 };
const UNKNOWN_SPEED = 20e6;

/** Distinct colors are not known before they are counted: a photograph's, rounded up, where the estimate is not above that. */
const EXPECTED_COLORS = { share: 0.3, max: 200_000 } as const;

/**
 * Picks the fastest exact strategy by expected cost; an approximate one only where the user allows it.
 *
 * @throws INVALID_OPTION when asked for the impossible
 */
export function chooseStrategy(facts: ChoiceFacts, asked: StrategyChoice): Choice {
  checkChoice(asked, 'strategy', STRATEGIES);
  const { is16Bit } = facts;
  if (asked === 'table' && is16Bit) {
    throw new ColorshineError(
      'INVALID_OPTION',
      'strategy: table needs an 8-bit image, got 16 bits; use direct or auto',
    );
  }
  const ways = estimateWays(facts);
  const { estimatedColors } = facts;
  const estimate = estimatedColors === undefined ? {} : { estimatedColors: Math.round(estimatedColors) };
  if (asked !== 'auto') return { strategy: asked, reason: 'as asked', ways, ...estimate };
  let best: WayEstimate | undefined;
  for (const way of ways) {
    if (way.excluded !== undefined || way.milliseconds === undefined) continue;
    if (way.milliseconds < (best?.milliseconds ?? Number.POSITIVE_INFINITY)) best = way;
  }
  const { strategy } = best as WayEstimate;
  return { strategy, reason: reasonFor(strategy, facts), ways, ...estimate };
}

function reasonFor(strategy: Strategy, { is16Bit, pixels, approximateSize, estimatedColors = 0 }: ChoiceFacts): string {
  if (strategy === 'lut') {
    return `approximation is allowed, and a lookup table of ${approximateSize} nodes an axis is expected to be the fastest`;
  }
  if (strategy === 'table') return 'each distinct color is computed once, then looked up';
  if (is16Bit) return 'a 16-bit image has too many possible colors for a table';
  return estimatedColors > pixels * EXPECTED_COLORS.share
    ? 'so many pixels have a color of their own that a table would cost more than it saves'
    : 'the image is so small that a table would cost more than it saves';
}

function estimateWays(facts: ChoiceFacts): WayEstimate[] {
  const { pixels, is16Bit, rows, hasPlan, backend, approximateSize, estimatedColors = 0 } = facts;
  const kind = backend === 'wasm' ? 'wasm' : 'other'; // a GPU leaves 16 bits to js
  const speed = facts.colorsPerSecond ?? USUAL_SPEED[backend] ?? UNKNOWN_SPEED;
  const nsPerColor = is16Bit ? COSTS.deepPull[kind] : 1e9 / speed;
  const colors = Math.max(estimatedColors, Math.min(pixels * EXPECTED_COLORS.share, EXPECTED_COLORS.max));
  const ms = (nanoseconds: number): number => nanoseconds / 1e6;

  const census = pixels * COSTS.census;
  const radiiOfColors = hasPlan ? 0 : colors * rows * COSTS.radiiOfColor;
  const isCounted = !is16Bit && kind === 'other' && pixels >= CENSUS_MIN_PIXELS;
  const costOfPixel = (is16Bit ? COSTS.deepRadii : COSTS.radiiOfPixel)[kind];
  const radiiOfPixels = hasPlan
    ? 0
    : isCounted
      ? COSTS.tableSetup + census + radiiOfColors
      : pixels * rows * costOfPixel;
  const table: WayEstimate = is16Bit
    ? { strategy: 'table', exact: true, excluded: 'it needs 8 bits' }
    : {
        strategy: 'table',
        exact: true,
        milliseconds: ms(COSTS.tableSetup + census + radiiOfColors + colors * nsPerColor + pixels * COSTS.repaint),
      };
  const direct: WayEstimate = {
    strategy: 'direct',
    exact: true,
    milliseconds: ms(radiiOfPixels + pixels * nsPerColor),
  };
  const size = approximateSize ?? DEFAULT_LUT_SIZE;
  const { measuresError = true } = facts;
  // Of 16-bit pictures only a sample is compared.
  const comparing = measuresError && !is16Bit ? colors * nsPerColor : 0;
  const needsCensus = !is16Bit && (measuresError || !hasPlan);
  const measuring = is16Bit ? radiiOfPixels : needsCensus ? COSTS.tableSetup + census + radiiOfColors + comparing : 0;
  const perPixel = is16Bit ? COSTS.deepLutPixel : COSTS.lutPixel[kind];
  const lut: WayEstimate = {
    strategy: 'lut',
    exact: false,
    milliseconds: ms(measuring + size ** 3 * COSTS.lutNode + pixels * perPixel),
    ...(approximateSize === undefined && { excluded: 'it is approximate, and nobody allowed that' }),
  };
  return [table, direct, lut];
}
