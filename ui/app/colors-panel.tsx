import type { Blend, Channels } from '../../src/core/types.js';
import { IconButton } from '../controls/button.js';
import { Chips } from '../controls/chips.js';
import { isFileHost } from '../host.js';
import { chipsFromPalette } from '../state/color-chips.js';
import { hasKeepSet, KEEP_SETS, toggleKeepSet } from '../state/keep-sets.js';
import type { Model } from '../state/model.js';
import { addRepaint, setBlend, toggleChannel } from '../state/recipe-state.js';
import { useStore } from '../state/store.js';
import { AddMenu } from './add-menu.js';
import { addOrTell } from './add-row.js';
import { CommandLine } from './command-line.js';
import { RecipeMenu } from './recipe-menu.js';
import { RecipeRows } from './recipe-rows.js';

const CHANNELS: readonly { readonly name: keyof Channels; readonly label: string; readonly title: string }[] = [
  { name: 'luminance', label: 'Luminance', title: 'Rows may make pixels lighter or darker' },
  { name: 'saturation', label: 'Saturation', title: 'Rows may make colors stronger or paler' },
  { name: 'hue', label: 'Hue', title: 'Rows may turn hues' },
];

const BLEND_WORDS: readonly { readonly blend: Blend; readonly label: string; readonly title: string }[] = [
  { blend: 'oklab', label: 'Smooth', title: 'Between two attracting colors lies grey: no foreign hues at the edges' },
  { blend: 'oklch', label: 'Vivid', title: 'Between two attracting colors lie the hues between them' },
];

/** The recipe: colors of the image, rows, channels, blend. */
export function ColorsPanel({ model }: { readonly model: Model }) {
  const image = useStore(model.image);
  const channels = useStore(model.history, ({ present }) => present.channels);
  const canUndo = useStore(model.history, ({ past }) => past.length > 0);
  const canRedo = useStore(model.history, ({ future }) => future.length > 0);
  const blend = useStore(model.history, ({ present }) => present.blend);
  const repaint = (color: string): void => addOrTell(model, (edit) => addRepaint(edit, color));
  const chips = image.kind === 'open' ? chipsFromPalette(image.image) : [];
  const onCount = Object.values(channels).filter(Boolean).length;
  return (
    <>
      <section class="section" aria-labelledby="rows-title">
        <header>
          <h2 id="rows-title">Recolor</h2>
          <span class="spacer" />
          <IconButton icon="undo" label="Undo" disabled={!canUndo} onClick={model.undo} />
          <IconButton icon="redo" label="Redo" disabled={!canRedo} onClick={model.redo} />
          <RecipeMenu model={model} />
          <AddMenu model={model} color={chips[0]?.color ?? 'orange'} />
        </header>
        {chips.length > 0 && (
          <Chips
            label="Colors of the image: click one to recolor it"
            chips={chips}
            onPick={(chip) => repaint(chip.color)}
          />
        )}
        <KeepSets model={model} />
        <RecipeRows model={model} />
      </section>
      <section class="section" aria-labelledby="channels-title">
        <h2 id="channels-title">Change</h2>
        <fieldset class="channels" aria-labelledby="channels-title">
          {CHANNELS.map(({ name, label, title }) => (
            <button
              key={name}
              type="button"
              class="toggle"
              aria-pressed={channels[name]}
              title={channels[name] && onCount === 1 ? 'At least one stays on' : title}
              onClick={() => model.edit((edit) => toggleChannel(edit, name))}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <div class="labeled">
          <span class="slider-label">Blend</span>
          <fieldset class="choice" aria-label="How attract rows blend">
            {BLEND_WORDS.map(({ blend: one, label, title }) => (
              <button
                key={one}
                type="button"
                class="toggle"
                aria-pressed={blend === one}
                title={title}
                onClick={() => model.edit((edit) => setBlend(edit, one))}
              >
                {label}
              </button>
            ))}
          </fieldset>
        </div>
      </section>
      {isFileHost(model.host) && <CommandLine model={model} />}
    </>
  );
}

/** Skin and greys, left alone by one press. */
function KeepSets({ model }: { readonly model: Model }) {
  const edit = useStore(model.history, ({ present }) => present);
  return (
    <fieldset class="keep-sets" aria-label="Keep as they are">
      <span class="slider-label">Keep</span>
      {KEEP_SETS.map((set) => {
        const isKept = hasKeepSet(edit, set);
        return (
          <button
            key={set.label}
            type="button"
            class="toggle"
            aria-pressed={isKept}
            aria-label={`Keep ${set.label.toLowerCase()}`}
            title={set.says}
            onClick={() => addOrTell(model, (now) => toggleKeepSet(now, set), isKept ? 0 : set.rows.length)}
          >
            {set.label}
          </button>
        );
      })}
    </fieldset>
  );
}
