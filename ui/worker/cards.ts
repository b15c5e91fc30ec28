/** The pictures of the contact sheet, small, each with radii of its own. */
import { decodeImage } from '../codec/decode.js';
import type { Pacer } from '../codec/pacer.js';
import { CARD_SIDE } from './engine.js';
import { createPlanner, type Planner } from './planner.js';
import { type PreviewImage, preparePreview, previewCensus } from './preview-image.js';
import { shrink } from './shrink.js';

/** Kept: what is on a screen, and what was just scrolled away. Some 1 MB each. */
const MOST_CARDS = 64;

export interface Card {
  readonly preview: PreviewImage;
  readonly planner: Planner;
}

export interface Cards {
  /** @param file undefined asks for what is kept alone. @returns undefined where that is needed */
  take(hash: string, file: Uint8Array | undefined, pacer: Pacer): Promise<Card | undefined>;
}

export function createCards(): Cards {
  const cards = new Map<string, Card>();
  return {
    async take(hash, file, pacer) {
      const card = cards.get(hash) ?? (file && (await makeCard(file, pacer)));
      if (!card) return undefined;
      // The newest stay.
      cards.delete(hash);
      cards.set(hash, card);
      for (const old of [...cards.keys()].slice(0, -MOST_CARDS)) cards.delete(old);
      return card;
    },
  };
}

async function makeCard(file: Uint8Array, pacer: Pacer): Promise<Card> {
  const image = await decodeImage(file, pacer);
  const preview = preparePreview(await shrink(image, CARD_SIDE, pacer), image.gamut);
  return { preview, planner: createPlanner(previewCensus(preview), preview.gamut) };
}
