import { ColorshineError, LUT_SIZE_RANGE, type StrategyChoice } from '../../core/index.js';
import { checkInteger, DEFAULT_LUT_SIZE, type Interpolation } from '../../core/options.js';
import type { ParsedFlags } from './parse-flags.js';

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
export function readSpeedSettings({ values }: ParsedFlags): SpeedSettings {
  const notices: string[] = [];
  const lutSize = readLutSize(values);
  let strategy = (values.get('strategy') ?? 'auto') as StrategyChoice;
  if (lutSize !== undefined) {
    strategy = 'lut';
    if (values.get('fused-kernel') === true) {
      notices.push('fused_kernel: the lookup table takes its place, each pixel is interpolated in one pass');
    }
  } else if (values.get('fused-kernel') === true) {
    if (strategy === 'table') {
      throw new ColorshineError('INVALID_OPTION', '--fused-kernel: expected --strategy direct or none, got table');
    }
    strategy = 'direct';
    notices.push('fused_kernel: every pixel is computed in one pass (strategy direct)');
  }
  if (values.get('approximate') === true && (strategy === 'table' || strategy === 'direct')) {
    throw new ColorshineError('INVALID_OPTION', `--approximate: expected --strategy auto or none, got ${strategy}`);
  }
  if (values.get('fast-spatial') === true)
    notices.push('fast_spatial: each distinct color is computed once, which does its work');
  const interpolation = values.get('interpolation') as Interpolation | undefined;
  if (interpolation && lutSize === undefined) {
    notices.push(`interpolation ${interpolation}: no lookup table is used, colors are exact`);
  }
  return { strategy, notices, ...(lutSize !== undefined && { lutSize }), ...(interpolation && { interpolation }) };
}

/** @returns undefined for no table */
function readLutSize(values: ParsedFlags['values']): number | undefined {
  const strategy = values.get('strategy') as StrategyChoice | undefined;
  const given = values.get('lut-size') as number | undefined; // 0 means no table, as in imgcolorshine
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
