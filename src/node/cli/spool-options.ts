import type { SpoolOptions } from '../spool/options.js';
import type { ParsedFlags } from './parse-flags.js';

/** What the flags say about images that go through a file on disk. */
export function spoolOptions({ values }: ParsedFlags): SpoolOptions {
  return {
    ...(values.has('spool-above') && { spoolAbove: values.get('spool-above') as number }),
    ...(values.has('tile-size') && { tileSize: values.get('tile-size') as number }),
    ...(values.has('temp-dir') && { tempDir: values.get('temp-dir') as string }),
  };
}
