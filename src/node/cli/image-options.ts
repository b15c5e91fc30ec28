import { DEFAULT_MAX_PIXELS, type ImageLimits } from '../image/large-pixels.js';
import type { SpoolOptions } from '../spool/options.js';
import type { ParsedFlags } from './parse-flags.js';

/** How large an image may be, and what the flags say about images that go through a file on disk. */
export function imageOptions({ values }: ParsedFlags): ImageLimits & SpoolOptions {
  return {
    maxPixels: (values.get('max-pixels') as number | undefined) ?? DEFAULT_MAX_PIXELS,
    limitName: '--max-pixels',
    ...(values.has('spool-above') && { spoolAbove: values.get('spool-above') as number }),
    ...(values.has('tile-size') && { tileSize: values.get('tile-size') as number }),
    ...(values.has('temp-dir') && { tempDir: values.get('temp-dir') as string }),
  };
}
