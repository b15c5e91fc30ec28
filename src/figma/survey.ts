import type { Skipped } from '../protocol/replies.js';
import { colorsIn, type FoundColor, holdsColors } from './find-colors.js';
import { type FoundImage, holdsImage, imagesIn } from './find-images.js';
import { surveyPlaces } from './survey-places.js';

/** What is below a selection, in document order. */
export interface Survey {
  readonly images: readonly FoundImage[];
  readonly colors: readonly FoundColor[];
  readonly skipped: readonly Skipped[];
}

/** Reads a selection's layers once, for their images and, where they are asked for, their colors. Writes nothing. */
export async function surveySelection(selection: readonly SceneNode[], withColors: boolean): Promise<Survey> {
  const { places, unread } = await surveyPlaces(
    selection,
    (item) => holdsImage(item) || (withColors && holdsColors(item)),
  );
  const { images, skipped } = imagesIn(places);
  return { images, colors: withColors ? colorsIn(places) : [], skipped: [...unread, ...skipped] };
}
