import { ColorshineError } from '../../src/core/errors.js';
import type { Model } from './model.js';

type Parts = Pick<Model, 'selection' | 'image' | 'layers'>;

/** Waits until it is known what the selection shows and the plan is measured on all of it. @returns false for nothing */
export async function waitForPicture(parts: Parts): Promise<boolean> {
  const { selection, image, layers } = parts;
  const isKnown = await new Promise<boolean>((resolve) => {
    const ends: (() => void)[] = [];
    const look = (): void => {
      const answer = judge(parts);
      if (answer === undefined) return;
      for (const end of ends) end();
      resolve(answer);
    };
    ends.push(...[selection, image, layers.census].map((store) => store.subscribe(look)));
    look();
  });
  await layers.ready(new AbortController().signal);
  const state = image.get();
  if (state.kind === 'error' && !layers.isActive()) throw new ColorshineError('INVALID_PIXELS', state.message);
  return isKnown;
}

/** Undefined while something is on its way. */
function judge({ selection, image, layers }: Parts): boolean | undefined {
  const selected = selection.get();
  const census = layers.census.get();
  if (!selected || !census || census.revision < selected.revision) return undefined;
  const { kind } = image.get();
  if (kind === 'loading') return undefined;
  if (kind !== 'none') return true;
  return selected.images.length > 0 || layers.isActive() ? undefined : false;
}
