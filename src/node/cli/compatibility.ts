import { ColorshineError, type StrategyChoice } from '../../core/index.js';
import { checkInteger } from '../../core/options.js';
import type { ParsedFlags } from './flags.js';

const TILE_RANGE = { min: 16, max: 65536 };
/** 0 means no table, as in imgcolorshine. */
const LUT_RANGE = { min: 0, max: 129 };

/**
 * What imgcolorshine's speed flags mean here. None changes the result; `--verbose` prints the notices.
 *
 * @throws INVALID_OPTION for values out of range, or flags that contradict each other
 */
export function compatibilityNotices({ values }: ParsedFlags): { strategy: StrategyChoice; notices: string[] } {
  const notices: string[] = [];
  let strategy = (values.get('strategy') ?? 'auto') as StrategyChoice;
  if (values.has('tile-size')) checkInteger(values.get('tile-size'), '--tile-size', TILE_RANGE);
  if (values.get('fused-kernel') === true) {
    if (strategy === 'table') {
      throw new ColorshineError('INVALID_OPTION', '--fused-kernel: expected --strategy direct or none, got table');
    }
    strategy = 'direct';
    notices.push('fused_kernel: every pixel is computed in one pass (strategy direct)');
  }
  if (values.has('lut-size')) {
    const size = checkInteger(values.get('lut-size'), '--lut-size', LUT_RANGE);
    if (size > 0) notices.push(`lut_size ${size}: colors are computed exactly, not interpolated in a lookup table`);
  }
  if (values.get('hierarchical') === true)
    notices.push('hierarchical: the radii are exact, from all pixels, not from a smaller copy');
  if (values.get('fast-spatial') === true)
    notices.push('fast_spatial: each distinct color is computed once, which does its work');
  return { strategy, notices };
}
