import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { chipsFromPalette, groupsFromColors } from '../state/color-chips.js';
import type { Model } from '../state/model.js';
import { changeRow, duplicateRow, enabledRows, moveRow, removeRow } from '../state/recipe-state.js';
import { isReference, resolveColor } from '../state/references.js';
import { useStore } from '../state/store.js';
import { addOrTell } from './add-row.js';
import { RecipeRow, type RowActions } from './recipe-row.js';

const HINTS = {
  withImage: 'Click what you want to recolor in the image, or a color below it. Or start from a look.',
  withoutImage: 'Start from a look, or add a row with +. What you make stays until there is an image.',
};

/** The rows, in an order that a drag or the arrow keys change. */
export function RecipeRows({ model }: { readonly model: Model }) {
  const edit = useStore(model.history, ({ present }) => present);
  const plan = useStore(model.preview, (reply) => reply?.plan);
  const image = useStore(model.image);
  const colors = useStore(model.design.list);
  const recents = useStore(model.library.recents);
  const tokens = useStore(model.design.tokens);
  const marked = useStore(model.pointed, (pointed) => pointed?.row);
  const list = useRef<HTMLOListElement>(null);
  /** What gets the focus once the rows have changed: a row that moves or goes would take it along. */
  const nextFocus = useRef<{ readonly id: number | undefined; readonly part: string } | undefined>(undefined);
  const [dragged, setDragged] = useState<number | undefined>(undefined);

  const groups = useMemo(
    () => [
      { title: 'From the image', chips: image.kind === 'open' ? chipsFromPalette(image.image) : [] },
      ...groupsFromColors(colors),
      {
        title: 'Recent',
        chips: recentChips(recents.flatMap(({ rows }) => rows.map(({ color }) => color))),
      },
    ],
    [image, colors, recents],
  );

  const actions = useMemo<RowActions>(
    () => ({
      select: model.select,
      peek: model.peek,
      loadColors: model.loadColors,
      change: (id, change, field) => model.edit((now) => changeRow(now, id, change), `${field} ${id}`),
      remove: (id) => {
        const edited = removeRow(model.history.get().present, id);
        nextFocus.current = { id: edited.selected, part: '.delete' };
        model.edit(() => edited);
      },
      duplicate: (id) => addOrTell(model, (now) => duplicateRow(now, id)),
      move: (id, by) => {
        nextFocus.current = { id, part: '.grip' };
        model.edit((now) => moveRow(now, id, now.rows.findIndex((row) => row.id === id) + by), `move ${id}`);
      },
    }),
    [model],
  );

  useLayoutEffect(() => {
    const wanted = nextFocus.current;
    nextFocus.current = undefined;
    if (wanted) list.current?.querySelector<HTMLElement>(`[data-row="${wanted.id}"] ${wanted.part}`)?.focus();
  }, [edit.rows]);

  // A row that opens, or is dragged, may be below the fold.
  const followed = dragged ?? edit.selected;
  useLayoutEffect(() => {
    if (followed !== undefined)
      list.current?.querySelector(`[data-row="${followed}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [followed, dragged === undefined ? undefined : edit.rows]);

  const onGrab = (event: PointerEvent, id: number): void => {
    const grip = event.currentTarget as HTMLElement;
    grip.setPointerCapture(event.pointerId);
    setDragged(id);
    const onMove = (move: PointerEvent): void => {
      const rows = [...(list.current?.children ?? [])] as HTMLElement[];
      const to = rows.findIndex((row) => move.clientY < row.getBoundingClientRect().bottom);
      model.edit((now) => moveRow(now, id, to < 0 ? rows.length - 1 : to), `drag ${id}`);
    };
    const onEnd = (): void => {
      grip.removeEventListener('pointermove', onMove);
      setDragged(undefined);
    };
    grip.addEventListener('pointermove', onMove);
    grip.addEventListener('lostpointercapture', onEnd, { once: true });
  };

  if (edit.rows.length === 0) {
    return <p class="hint">{image.kind === 'none' ? HINTS.withoutImage : HINTS.withImage}</p>;
  }
  const active = enabledRows(edit);
  return (
    <ol ref={list} class={`rows ${dragged === undefined ? '' : 'dragging'}`}>
      {edit.rows.map((row, i) => (
        <RecipeRow
          key={row.id}
          row={row}
          place={i + 1}
          isOpen={row.id === edit.selected}
          isMarked={row.id === marked}
          planned={plan?.rows[active.indexOf(row)]}
          groups={groups}
          shown={resolveColor(row.color, tokens)}
          from={row.from === undefined ? undefined : resolveColor(row.from, tokens)}
          isKnown={(text) => isReference(text) && tokens.has(text.trim().slice(1, -1).trim())}
          actions={actions}
          onGrab={onGrab}
        />
      ))}
    </ol>
  );
}

function recentChips(colors: readonly string[]): { color: string; title: string }[] {
  return [...new Set(colors)].slice(0, 12).map((color) => ({ color, title: color }));
}
