import { type Checks, callback, text, whole } from '../../core/check-options.js';
import { LARGE_PIXELS } from '../image/large-pixels.js';
import type { Stage } from '../pipeline/stage.js';

/** How images that are too large for memory go through a file on disk. None of this changes the result. */
export interface SpoolOptions {
  /**
   * Images of more pixels, all pages counted and 16-bit ones twice, are decoded to a temporary file and recolored there,
   * in memory that does not grow with the image. Default 2^25 (33.5 million); 0: every image.
   */
  readonly spoolAbove?: number;
  /** Rows in work at once, 16 to 65536; fewer where they would take much memory. Default: as many as a few megabytes hold. */
  readonly tileSize?: number;
  /** Folder of the temporary file. Default: the system's (TMPDIR). */
  readonly tempDir?: string;
  /** Called now and then with the share of a stage that is done, 0 to 1; only for images that go through a file. */
  readonly onProgress?: (stage: Stage, share: number) => void;
}

export const DEFAULT_SPOOL_ABOVE = LARGE_PIXELS;
export const TILE_RANGE = { min: 16, max: 65536 } as const;

export const SPOOL_CHECKS: Checks<SpoolOptions> = {
  spoolAbove: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  tileSize: whole(TILE_RANGE),
  tempDir: text,
  onProgress: callback,
};
