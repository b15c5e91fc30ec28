import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import { PictureCanvas } from './picture-canvas.js';

/** The result under every mode of the collection, side by side; a click chooses the mode. */
export function ThemeGrid({ model }: { readonly model: Model }) {
  const themes = useStore(model.themes);
  const modes = useStore(model.design.modes);
  const list = useStore(model.design.list);
  if (!themes) return <div class="themes" />;
  const { collectionId, collectionName, items } = themes;
  const fallback = list?.collections.find(({ id }) => id === collectionId)?.defaultModeId;
  const current = modes[collectionId] ?? fallback;
  return (
    <div
      class="themes"
      style={{ '--columns': countColumns(items.length) }}
      role="radiogroup"
      aria-label={`Modes of ${collectionName}`}
    >
      {items.map(({ modeId, name, picture, isMissing }) => (
        <label key={modeId} class={`theme ${modeId === current ? 'on' : ''}`}>
          <input
            type="radio"
            name="theme"
            checked={modeId === current}
            disabled={isMissing}
            onChange={() => model.design.setMode(collectionId, modeId)}
          />
          <PictureCanvas picture={picture} label={`Result in ${name}`} />
          <span>{isMissing ? `${name}: a color is missing` : name}</span>
        </label>
      ))}
    </div>
  );
}

/** One row up to three, then two; more scroll. */
function countColumns(count: number): number {
  return count <= 3 ? count : Math.min(4, Math.ceil(count / 2));
}
