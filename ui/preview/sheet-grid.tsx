import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../controls/icons.js';
import { useWindow } from '../controls/use-window.js';
import { nameOfImage } from '../state/image-names.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import { PictureCanvas } from './picture-canvas.js';

/** From one row of cards to the next, and the least width of a card with its gap, px. As in preview.css. */
const PITCH = 96;
const LANE_WIDTH = 92;

/** The results of all images, each with a tick: what has none stays as it is. */
export function SheetGrid({ model }: { readonly model: Model }) {
  const { sheet } = model;
  const images = useStore(model.selection, (selection) => selection?.images ?? []);
  const cards = useStore(sheet.cards);
  const unticked = useStore(sheet.unticked);
  const list = useRef<HTMLDivElement>(null);
  const { first, last, lanes } = useWindow(list, { count: images.length, pitch: PITCH, laneWidth: LANE_WIDTH });
  const shown = images.slice(first, last);
  const hashes = shown.map(({ hash }) => hash).join();
  useEffect(() => sheet.show(hashes === '' ? [] : hashes.split(',')), [sheet, hashes]);
  useEffect(() => () => sheet.show([]), [sheet]);
  return (
    <div ref={list} class="sheet">
      <fieldset
        class="cards"
        aria-label="Images to recolor"
        style={{
          '--lanes': lanes,
          paddingTop: `${(first / lanes) * PITCH}px`,
          height: `${Math.ceil(images.length / lanes) * PITCH}px`,
        }}
      >
        {shown.map((image) => {
          const picture = cards.get(image.hash);
          const name = nameOfImage(image);
          return (
            <label key={image.hash} class={`card ${unticked.has(image.hash) ? 'off' : ''}`} title={name}>
              <input
                type="checkbox"
                checked={!unticked.has(image.hash)}
                onChange={(event) => sheet.tick([image.hash], event.currentTarget.checked)}
              />
              {picture === 'broken' ? <Icon name="image" /> : <PictureCanvas picture={picture} />}
              <span dir="auto">{name}</span>
            </label>
          );
        })}
      </fieldset>
    </div>
  );
}
