import { DEFAULT_MAX_PIXELS } from '../image/large-pixels.js';
import type { FailOn, ProfileChoice, ReadingOptions } from '../image/reading-options.js';
import type { SpoolOptions } from '../spool/options.js';
import type { ParsedFlags } from './parse-flags.js';

/** How an image is read, and what the flags say about images that go through a file on disk. */
export function imageOptions({ values }: ParsedFlags): ReadingOptions & SpoolOptions {
  return {
    maxPixels: (values.get('max-pixels') as number | undefined) ?? DEFAULT_MAX_PIXELS,
    limitName: '--max-pixels',
    ...(values.has('fail-on') && { failOn: values.get('fail-on') as FailOn }),
    ...(values.has('profile') && { profile: values.get('profile') as ProfileChoice }),
    ...(values.has('strip') && { strip: values.get('strip') === true }),
    ...(values.has('spool-above') && { spoolAbove: values.get('spool-above') as number }),
    ...(values.has('tile-size') && { tileSize: values.get('tile-size') as number }),
    ...(values.has('temp-dir') && { tempDir: values.get('temp-dir') as string }),
  };
}
