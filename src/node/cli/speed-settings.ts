import { ColorshineError, LUT_SIZE_RANGE, type StrategyChoice } from '../../core/index.js';
import { checkInteger, DEFAULT_LUT_SIZE, type Interpolation } from '../../core/options.js';
import type { ShineValues } from './flags.js';

/** What a command line's speed flags come to. */
export interface SpeedSettings {
  readonly strategy: StrategyChoice;
  readonly lutSize?: number;
  readonly interpolation?: Interpolation;
  readonly notices: string[];
}

/**
 * What imgcolorshine's speed flags mean here. None but `--lut-size` changes the result; `--verbose` prints the notices.
 *
 * @returns `lutSize` only with the strategy `lut`
 *
 * @throws INVALID_OPTION for values out of range, or flags that contradict each other
 */
export function readSpeedSettings(values: ShineValues): SpeedSettings {
  const { fusedKernel, approximate, interpolation } = values;
  const notices: string[] = [];
  const lutSize = readLutSize(values);
  let { strategy = 'auto' } = values;
  if (lutSize !== undefined) {
    strategy = 'lut';
    if (fusedKernel) {
      notices.push('fused_kernel: the lookup table takes its place, each pixel is interpolated in one pass');
    }
  } else if (fusedKernel) {
    if (strategy === 'table') {
      throw new ColorshineError('INVALID_OPTION', '--fused-kernel: expected --strategy direct or none, got table');
    }
    strategy = 'direct';
    notices.push('fused_kernel: every pixel is computed in one pass (strategy direct)');
  }
  if (approximate && (strategy === 'table' || strategy === 'direct')) {
    throw new ColorshineError('INVALID_OPTION', `--approximate: expected --strategy auto or none, got ${strategy}`);
  }
  if (values.fastSpatial) notices.push('fast_spatial: each distinct color is computed once, which does its work');
  if (interpolation && lutSize === undefined) {
    notices.push(`interpolation ${interpolation}: no lookup table is used, colors are exact`);
  }
  return { strategy, notices, lutSize, interpolation };
}

/** 0 means none, as in imgcolorshine. @returns undefined for no table */
function readLutSize({ strategy, lutSize: given }: ShineValues): number | undefined {
  if (strategy === 'lut') {
    if (given !== 0) return checkInteger(given ?? DEFAULT_LUT_SIZE, '--lut-size', LUT_SIZE_RANGE);
    throw new ColorshineError(
      'INVALID_OPTION',
      `--lut-size: expected ${LUT_SIZE_RANGE.min} to ${LUT_SIZE_RANGE.max} with --strategy lut, got 0`,
    );
  }
  if (given === undefined || given === 0) return undefined;
  if (strategy !== undefined && strategy !== 'auto') {
    throw new ColorshineError('INVALID_OPTION', `--lut-size: expected --strategy lut or none, got ${strategy}`);
  }
  return checkInteger(given, '--lut-size', LUT_SIZE_RANGE);
}
