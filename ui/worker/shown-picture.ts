/** The picture that previews are of: small, in parts, and as what it counts. */
import type { Census } from '../../src/core/analysis/census.js';
import type { Backend } from '../../src/core/backend.js';
import { ColorshineError } from '../../src/core/errors.js';
import type { Gamut } from '../../src/core/types.js';
import type { RawImage } from '../codec/bitmap.js';
import type { Pacer } from '../codec/pacer.js';
import type { DetailSpec } from './engine.js';
import { createPlanner, type Planner } from './planner.js';
import { type PreviewImage, preparePreview } from './preview-image.js';
import { crop, shrink } from './shrink.js';

/** Longest side of the pictures in the preset list. */
const LOOK_SIDE = 96;

interface Shown {
  readonly preview: PreviewImage;
  /** All of its pixels; undefined where the preview has them. */
  readonly full: RawImage | undefined;
  /** The part that was asked for last, by what was asked. */
  readonly details: Map<string, PreviewImage>;
  readonly small: PreviewImage;
  readonly planner: Planner;
  readonly census: Census;
}

export interface ShownPicture {
  /** Makes a picture the one that previews are of. @param source at most as large as a preview */
  show(source: RawImage, full: RawImage, census: Census, gamut: Gamut, pacer: Pacer): Promise<PreviewImage>;
  clear(): void;
  /** @throws INVALID_PIXELS where none is shown */
  get(): Shown;
  /** A part in full resolution, or all of it in less than the preview has; the preview where that is all there is. @throws INVALID_PIXELS */
  part(spec: DetailSpec, pacer: Pacer): Promise<PreviewImage>;
}

export function createShownPicture(measurer: Pick<Backend, 'measureCensus'>): ShownPicture {
  let shown: Shown | undefined;

  function get(): Shown {
    if (shown) return shown;
    throw new ColorshineError('INVALID_PIXELS', 'preview: expected an opened image, got none');
  }

  return {
    get,
    clear() {
      shown = undefined;
    },
    async show(source, full, census, gamut, pacer) {
      const preview = preparePreview(source, gamut);
      await pacer.pause();
      const small = preparePreview(await shrink(source, LOOK_SIDE, pacer), gamut);
      shown = {
        ...{ preview, small, census, planner: createPlanner(census, gamut, measurer) },
        full: full.width === source.width && full.height === source.height ? undefined : full,
        details: new Map(),
      };
      return preview;
    },
    async part({ x, y, width, height, side }, pacer) {
      const { full, details, preview } = get();
      const all = full ?? preview;
      const isWhole = width === all.width && height === all.height;
      const isSmaller = isWhole && side < Math.max(preview.width, preview.height);
      if (!full && !isSmaller) return preview;
      const key = [x, y, width, height, side].join();
      const known = details.get(key);
      if (known) return known;
      const part = full && !isSmaller ? crop(full, x, y, width, height) : { ...preview, data: preview.source };
      const made = preparePreview(await shrink(part, side, pacer), preview.gamut);
      details.clear();
      details.set(key, made);
      return made;
    },
  };
}
