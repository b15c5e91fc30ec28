import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Design } from '../state/design.js';
import { type DesignColor, type DesignGroup, leafOf } from '../state/design-colors.js';
import { isInLibrary } from '../state/libraries.js';
import { useStore } from '../state/store.js';

interface DesignListProps {
  readonly design: Design;
  readonly groups: readonly DesignGroup[];
}

/** Colors under their groups, each a checkbox. Up and down move among them, one Tab leaves them all. */
export function DesignList({ design, groups }: DesignListProps) {
  const picked = useStore(design.picked);
  const list = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | undefined>(undefined);

  useLayoutEffect(() => {
    const boxes = findBoxes(list.current);
    const tabbable = boxes.find(({ value }) => value === current) ?? boxes[0];
    for (const box of boxes) box.tabIndex = box === tabbable ? 0 : -1;
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const boxes = findBoxes(list.current);
    const at = boxes.indexOf(event.target as HTMLInputElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    boxes[Math.min(boxes.length - 1, Math.max(0, to))]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the checkboxes inside take the focus, this only moves it
    <div
      ref={list}
      onKeyDown={onKeyDown}
      onFocusCapture={(event) => setCurrent((event.target as HTMLInputElement).value)}
    >
      {groups.map((group) => (
        <GroupRows key={group.path} group={group} picked={picked} onPick={design.pick} />
      ))}
    </div>
  );
}

function findBoxes(list: HTMLElement | null): HTMLInputElement[] {
  return [...(list?.querySelectorAll<HTMLInputElement>('input:not(:disabled)') ?? [])];
}

interface GroupRowsProps {
  readonly group: DesignGroup;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (ids: readonly string[], isOn: boolean) => void;
}

function GroupRows({ group, picked, onPick }: GroupRowsProps) {
  const { path, colors } = group;
  const ids = colors.filter(isPickable).map(({ id }) => id);
  const count = ids.filter((id) => picked.has(id)).length;
  const isSome = count > 0 && count < ids.length;
  const title = path === '' ? 'All' : path;
  return (
    <fieldset class="design-group" aria-label={title}>
      <label class="design-row title">
        <input
          type="checkbox"
          value={`group ${path}`}
          checked={count > 0 && !isSome}
          disabled={ids.length === 0}
          ref={(box) => {
            if (box) box.indeterminate = isSome;
          }}
          aria-label={`All of ${title}`}
          onChange={(event) => onPick(ids, event.currentTarget.checked)}
        />
        <span class="design-name">{title}</span>
        <span class="design-value">{count > 0 ? `${count} of ${colors.length}` : colors.length}</span>
      </label>
      {colors.map((color) => (
        <ColorRow key={color.id} color={color} isPicked={picked.has(color.id)} onPick={onPick} />
      ))}
    </fieldset>
  );
}

/** Has a color, or will have one. */
function isPickable(color: DesignColor): boolean {
  return color.css !== undefined || isStillInLibrary(color);
}

/** Its color is known when it was brought into the file. */
export function isStillInLibrary({ id, css }: DesignColor): boolean {
  return css === undefined && isInLibrary(id);
}

interface ColorRowProps {
  readonly color: DesignColor;
  readonly isPicked: boolean;
  readonly onPick: (ids: readonly string[], isOn: boolean) => void;
}

function ColorRow({ color, isPicked, onPick }: ColorRowProps) {
  const { id, name, css } = color;
  const leaf = leafOf(name);
  const isMissing = !isPickable(color);
  return (
    <label class={`design-row ${isPicked ? 'on' : ''}`} title={isMissing ? `${name}: no color in this mode` : name}>
      <input
        type="checkbox"
        value={id}
        checked={isPicked}
        disabled={isMissing}
        onChange={(event) => onPick([id], event.currentTarget.checked)}
      />
      <i class={`dot ${css === undefined ? 'unknown' : ''}`} style={{ backgroundColor: css }} />
      <span class="design-name">{leaf}</span>
      {css !== leaf && css !== undefined && <span class="design-value">{shorten(css)}</span>}
      {isMissing && <span class="design-value">no color</span>}
    </label>
  );
}

/** Hex as it is, anything longer by its function's name. */
function shorten(css: string): string {
  return css.startsWith('#') ? css.slice(1).toUpperCase() : css.replace(/^color\((\S+).*$/, '$1');
}
