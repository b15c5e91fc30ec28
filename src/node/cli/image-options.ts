import { DEFAULT_MAX_PIXELS } from '../image/large-pixels.js';
import type { ReadingOptions } from '../image/reading-options.js';
import type { SpoolOptions } from '../spool/options.js';
import type { ImageValues } from './flags.js';

/** How an image is read, and what the flags say about images that go through a file on disk. Calls that have less do not hear of it. */
export function imageOptions(values: ImageValues): ReadingOptions & SpoolOptions {
  const { maxPixels = DEFAULT_MAX_PIXELS, failOn, profile, strip, spoolAbove, tileSize, tempDir } = values;
  const given = { maxPixels, limitName: '--max-pixels', failOn, profile, strip, spoolAbove, tileSize, tempDir };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
