import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { PRESETS } from '../../src/core/presets.js';
import { formatColors } from '../../src/core/row/parse.js';
import type { Recipe } from '../../src/core/types.js';
import { IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import { PictureCanvas } from '../preview/picture-canvas.js';
import type { Model } from '../state/model.js';
import { editFromRecipe } from '../state/recipe-state.js';
import { useStore } from '../state/store.js';
import type { Picture } from '../worker/engine.js';
import { NameForm } from './recipe-menu.js';

const SHIPPED: readonly Recipe[] = PRESETS.map(({ recipe }) => recipe);

/** Ready recipes, each shown on the user's own image. */
export function LooksPanel({ model }: { readonly model: Model }) {
  const own = useStore(model.library.own);
  const recents = useStore(model.library.recents);
  return (
    <>
      {own.length > 0 && <LookGroup model={model} title="My looks" looks={own} isOwn />}
      {recents.length > 0 && <LookGroup model={model} title="Recent" looks={recents} />}
      <LookGroup model={model} title="Looks" looks={SHIPPED} />
    </>
  );
}

interface LookGroupProps {
  readonly model: Model;
  readonly title: string;
  readonly looks: readonly Recipe[];
  readonly isOwn?: boolean;
}

function LookGroup({ model, title, looks, isOwn = false }: LookGroupProps) {
  const pictures = useLooks(model, looks);
  const current = useStore(model.history, ({ present }) => present.name);
  const id = `looks-${title.replaceAll(' ', '-').toLowerCase()}`;
  return (
    <section class="section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="looks">
        {looks.map((look, i) => (
          <li key={isOwn ? look.name : `${look.name}${i}`} class="look-item">
            <button
              type="button"
              class="look"
              title={look.name ?? describeColors(look)}
              aria-pressed={look.name !== undefined && look.name === current}
              onClick={() => model.edit(() => editFromRecipe(look))}
            >
              <PictureCanvas picture={pictures[i]} class="look-picture" />
              <span class="look-dots" aria-hidden="true">
                {look.rows.slice(0, 4).map(({ color }, k) => (
                  <i key={`${color}${k}`} style={{ backgroundColor: color }} />
                ))}
              </span>
              <span class="look-name">{look.name ?? describeColors(look)}</span>
            </button>
            {isOwn && <OwnActions model={model} name={look.name ?? ''} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Rename and delete. */
function OwnActions({ model, name }: { readonly model: Model; readonly name: string }) {
  const [isRenaming, setRenaming] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setRenaming(false), []);
  const remove = (event: MouseEvent): void => {
    // The focus would go with the button: the next look has it then, or the tab.
    const item = (event.currentTarget as HTMLElement).closest('.look-item');
    const heir = (item?.nextElementSibling ?? item?.previousElementSibling)?.querySelector<HTMLElement>('.delete');
    model.library.remove(name).then(
      () => {
        model.tell(`Deleted ${name}`);
        (heir ?? document.getElementById('tab-looks'))?.focus();
      },
      (error: Error) => model.tell(error.message, true),
    );
  };
  return (
    <span class="look-actions">
      <IconButton
        buttonRef={button}
        icon="pencil"
        label={`Rename ${name}`}
        expanded={isRenaming}
        onClick={() => setRenaming(!isRenaming)}
      />
      <IconButton class="delete" icon="minus" label={`Delete ${name}`} onClick={remove} />
      {isRenaming && (
        <Popover label={`Rename ${name}`} anchor={button.current} onClose={close}>
          <NameForm
            initial={name}
            action="Rename"
            onSubmit={async (next) => {
              await model.library.rename(name, next);
              close();
            }}
          />
        </Popover>
      )}
    </span>
  );
}

/** The opened image under each recipe; empty while there is none. */
function useLooks(model: Model, looks: readonly Recipe[]): readonly Picture[] {
  const hash = useStore(model.image, (state) => (state.kind === 'open' ? state.hash : undefined));
  const [pictures, setPictures] = useState<readonly Picture[]>([]);
  useEffect(() => {
    setPictures([]);
    if (hash === undefined) return;
    const stale = new AbortController();
    model.engine.looks(looks, stale.signal).then(
      (made) => !stale.signal.aborted && setPictures(made),
      () => undefined, // another image was opened meanwhile
    );
    return () => stale.abort();
  }, [model, hash, looks]);
  return pictures;
}

function describeColors({ rows }: Recipe): string {
  return rows.map(formatColors).join(', ');
}
