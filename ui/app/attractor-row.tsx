import { useCallback, useRef, useState } from 'preact/hooks';
import { STRENGTH_RANGE, TOLERANCE_RANGE } from '../../src/core/options.js';
import type { PlanRow } from '../../src/core/types.js';
import { IconButton } from '../controls/button.js';
import { ColorField } from '../controls/color-field.js';
import { ColorPicker } from '../controls/color-picker.js';
import { Popover } from '../controls/popover.js';
import { Slider } from '../controls/slider.js';
import type { Row } from '../state/recipe-state.js';
import { isReference } from '../state/references.js';
import { type ColorChip, describeShare } from './color-chips.js';

export interface RowActions {
  select(id: number): void;
  change(id: number, change: Partial<Row>, field: string): void;
  remove(id: number): void;
  duplicate(id: number): void;
  /** A color is about to be chosen or typed: those of the file are wanted. */
  loadColors(): void;
  /** @param by places up (negative) or down */
  move(id: number, by: number): void;
}

interface AttractorRowProps {
  readonly row: Row;
  readonly place: number;
  readonly isOpen: boolean;
  /** What the plan says of it; undefined while unknown or off. */
  readonly planned: PlanRow | undefined;
  readonly groups: readonly { readonly title: string; readonly chips: readonly ColorChip[] }[];
  /** The row's color; undefined for a variable that this file has not. */
  readonly shown: string | undefined;
  /** Whether a text names a variable of this file. */
  readonly isKnown: (text: string) => boolean;
  readonly actions: RowActions;
  readonly onGrab: (event: PointerEvent, id: number) => void;
}

/** One attractor: a line when closed, with its sliders when open. */
export function AttractorRow({
  row,
  place,
  isOpen,
  planned,
  groups,
  shown,
  isKnown,
  actions,
  onGrab,
}: AttractorRowProps) {
  const { id, color, tolerance = 0, strength, enabled } = row;
  const [isPicking, setPicking] = useState(false);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const swatch = useRef<HTMLButtonElement>(null);
  const closePicker = useCallback(() => setPicking(false), []);
  const name = `Attractor ${place}`;
  const errorId = `color-error-${id}`;
  const change = (part: Partial<Row>, field: string): void => actions.change(id, part, field);

  const onGripKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    actions.move(id, event.key === 'ArrowUp' ? -1 : 1);
  };

  return (
    <li class={`row ${isOpen ? 'open' : ''} ${enabled ? '' : 'off'}`} data-row={id}>
      <div class="row-line">
        <button
          type="button"
          class="grip"
          aria-label={`Move ${name.toLowerCase()}: arrow up or down, or drag`}
          title="Drag to reorder"
          onPointerDown={(event) => onGrab(event, id)}
          onKeyDown={onGripKey}
        >
          <i />
        </button>
        <button
          ref={swatch}
          type="button"
          class="swatch"
          style={{ '--swatch': shown }}
          aria-label={`${name}: choose color, now ${color}`}
          aria-expanded={isPicking}
          title="Choose color"
          onClick={() => {
            actions.select(id);
            actions.loadColors();
            setPicking(!isPicking);
          }}
        />
        <ColorField
          label={`${name}, CSS color`}
          value={color}
          errorId={errorId}
          onInput={(text) => change({ color: text }, 'color')}
          onFocus={() => {
            actions.select(id);
            actions.loadColors();
          }}
          isKnown={isKnown}
          onError={setWrong}
        />
        {!isOpen && (
          <button type="button" class="summary" title="Tolerance and strength" onClick={() => actions.select(id)}>
            <span class="visually-hidden">{`Open ${name.toLowerCase()}: tolerance `}</span>
            {tolerance}
            <span class="visually-hidden">, strength </span>
            <span aria-hidden="true"> · </span>
            {strength}
          </button>
        )}
        {isOpen && (
          <IconButton icon="copy" label={`Duplicate ${name.toLowerCase()}`} onClick={() => actions.duplicate(id)} />
        )}
        <IconButton
          icon={enabled ? 'eye' : 'eyeOff'}
          label={`${name} on`}
          pressed={enabled}
          onClick={() => change({ enabled: !enabled }, 'enabled')}
        />
        <IconButton
          class="delete"
          icon="minus"
          label={`Delete ${name.toLowerCase()}`}
          onClick={() => actions.remove(id)}
        />
      </div>
      <p id={errorId} class="field-error" role="alert" hidden={wrong === undefined}>
        {wrong !== undefined && describeFault(wrong)}
      </p>
      {isOpen && (
        <div class="row-sliders">
          <Slider
            label="Tolerance"
            value={tolerance}
            {...TOLERANCE_RANGE}
            unit="%"
            onInput={(value) => change({ tolerance: value }, 'tolerance')}
          />
          <Slider
            label="Strength"
            value={strength}
            {...STRENGTH_RANGE}
            mark={100}
            unit="%"
            onInput={(value) => change({ strength: value }, 'strength')}
          />
          <p class="touches" role="status">
            {describeReach(row, planned)}
          </p>
        </div>
      )}
      {isPicking && (
        <Popover label={`${name}, color`} anchor={swatch.current} onClose={closePicker} width={256}>
          <ColorPicker value={shown ?? 'black'} groups={groups} onInput={(text) => change({ color: text }, 'color')} />
        </Popover>
      )}
    </li>
  );
}

function describeFault(text: string): string {
  if (isReference(text)) return `No color variable of this file is called ${text.trim()}`;
  return 'Not a CSS color. Try red, #ff6b35 or oklch(70% 0.1 50)';
}

/** What an attractor does to this image, in words. */
function describeReach({ enabled, strength }: Row, planned: PlanRow | undefined): string {
  if (!enabled) return 'Off';
  if (!planned) return ' ';
  if (planned.radius === 0 || planned.share === 0) {
    return planned.tolerance === 0
      ? 'Tolerance 0: this attractor touches no pixel'
      : 'This attractor touches no pixel of this image: many pixels are equally far from it. Raise the tolerance';
  }
  if (strength === 0) return 'Strength 0: this attractor changes nothing';
  if (planned.share === undefined) return 'A fixed reach: the same for every image';
  return `Touches ${describeShare(planned.share)} of pixels`;
}
