import { useEffect, useRef, useState } from 'preact/hooks';
import { STRENGTH_RANGE } from '../../src/core/options.js';
import { kindOf } from '../../src/core/row/kind.js';
import type { PlanRow } from '../../src/core/types.js';
import { IconButton } from '../controls/button.js';
import { Icon } from '../controls/icons.js';
import { Slider } from '../controls/slider.js';
import { type ColorChip, describeShare } from '../state/color-chips.js';
import { asKind, FULL_STRENGTH, type Row } from '../state/recipe-state.js';
import { KindChoice } from './kind-choice.js';
import { ReachControl } from './reach-control.js';
import { errorIdOf, FieldError, RowColor } from './row-color.js';

export interface RowActions {
  select(id: number): void;
  change(id: number, change: Partial<Row>, field: string): void;
  remove(id: number): void;
  duplicate(id: number): void;
  /** A color is about to be chosen or typed: those of the file are wanted. */
  loadColors(): void;
  /** Shows the reach of a row for as long as it is looked at; undefined: of none. */
  peek(id: number | undefined): void;
  /** @param by places up (negative) or down */
  move(id: number, by: number): void;
}

interface RecipeRowProps {
  readonly row: Row;
  readonly place: number;
  readonly isOpen: boolean;
  /** The pointer is on a pixel that this row has most to do with. */
  readonly isMarked: boolean;
  /** What the plan says of it; undefined while unknown or off. */
  readonly planned: PlanRow | undefined;
  readonly groups: readonly { readonly title: string; readonly chips: readonly ColorChip[] }[];
  /** The row's color, and of a repaint row the one it starts from; undefined for a variable that this file has not. */
  readonly shown: string | undefined;
  readonly from: string | undefined;
  /** Whether a text names a variable of this file. */
  readonly isKnown: (text: string) => boolean;
  readonly actions: RowActions;
  readonly onGrab: (event: PointerEvent, id: number) => void;
}

/** One row: a line when closed, with what it does, its reach and strength when open. */
export function RecipeRow({
  row,
  place,
  isOpen,
  isMarked,
  planned,
  groups,
  shown,
  from,
  isKnown,
  actions,
  onGrab,
}: RecipeRowProps) {
  const { id, strength, enabled } = row;
  const kind = kindOf(row);
  const name = `Row ${place}`;
  const change = (part: Partial<Row>, field: string): void => actions.change(id, part, field);
  const peek = (isLooking: boolean): void => actions.peek(isLooking && enabled ? id : undefined);
  const peeking = usePeek(peek);
  const [wrong, setWrong] = useState<string | undefined>(undefined);

  const onGripKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    actions.move(id, event.key === 'ArrowUp' ? -1 : 1);
  };
  const common = {
    id,
    groups,
    isKnown,
    onOpen: () => {
      actions.select(id);
      actions.loadColors();
    },
  };

  return (
    <li
      class={`row ${isOpen ? 'open' : ''} ${enabled ? '' : 'off'} ${isMarked ? 'marked' : ''}`}
      data-row={id}
      data-kind={kind}
    >
      <div class="row-line" {...peeking.ofPointer}>
        <button
          type="button"
          class="grip"
          aria-label={`Move ${name.toLowerCase()}: arrow up or down, or drag`}
          title="Drag to reorder"
          onPointerDown={(event) => onGrab(event, id)}
          onKeyDown={onGripKey}
          {...peeking.ofFocus}
        >
          <i />
        </button>
        {kind === 'keep' && <Icon name="lock" />}
        {row.from !== undefined && (
          <>
            <RowColor
              {...common}
              name={`${name}, from`}
              value={row.from}
              shown={from}
              isFieldShown={false}
              onInput={(color) => change({ from: color }, 'from')}
            />
            <Icon name="arrow" />
          </>
        )}
        <RowColor
          {...common}
          name={name}
          value={row.color}
          shown={shown}
          isFieldShown
          startsOpen={isOpen && row.from === row.color}
          onError={setWrong}
          onInput={(color) => change({ color }, 'color')}
        />
        {!isOpen && (
          <button
            type="button"
            class="summary"
            title="Reach and strength"
            onClick={() => actions.select(id)}
            {...peeking.ofFocus}
          >
            <span class="visually-hidden">{`Open ${name.toLowerCase()}: `}</span>
            {summarize(row, planned)}
            {strength !== FULL_STRENGTH && (
              <>
                <span class="visually-hidden">, </span>
                <span class="summary-line">{`strength ${strength} %`}</span>
              </>
            )}
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
      {wrong !== undefined && <FieldError id={errorIdOf(id, name)} text={wrong} />}
      {isOpen && (
        <div class="row-sliders">
          <KindChoice name={name} kind={kind} onInput={(to) => change(asKind(row, to), 'kind')} />
          <ReachControl
            name={name}
            row={row}
            planned={planned}
            onInput={(part) => change(part, 'reach')}
            onHold={peek}
          />
          <Slider
            label="Strength"
            value={strength}
            {...STRENGTH_RANGE}
            mark={FULL_STRENGTH}
            unit="%"
            onInput={(value) => change({ strength: value }, 'strength')}
          />
          <p class="touches" role="status">
            {describeReach(row, planned)}
          </p>
        </div>
      )}
    </li>
  );
}

/** The pointer has to rest on a row for so long, milliseconds: on its way elsewhere it changes no picture. */
const REST_MS = 250;

/** When a row's reach is to be shown: while the pointer rests on its line, unless something is pressed there, and while its grip has the keyboard. */
function usePeek(peek: (isLooking: boolean) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isOn = useRef(false);
  /** What was pressed on a row is about its result, until the pointer comes again. */
  const isPressed = useRef(false);
  const tell = (next: boolean): void => {
    clearTimeout(timer.current);
    if (isOn.current !== next) peek(next);
    isOn.current = next;
  };
  const end = (): void => tell(false);
  useEffect(() => end, []);
  return {
    ofPointer: {
      onPointerMove({ pointerType, buttons, movementX, movementY }: PointerEvent) {
        // The pointer has come to the row, not the row to the pointer, as after a scroll.
        const isMeant = pointerType === 'mouse' && buttons === 0 && (movementX !== 0 || movementY !== 0);
        if (!isMeant || isPressed.current || isOn.current || document.querySelector('.popover')) return;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => tell(true), REST_MS);
      },
      onPointerDown() {
        isPressed.current = true;
        end();
      },
      onPointerLeave() {
        isPressed.current = false;
        end();
      },
    },
    ofFocus: {
      onFocus: ({ currentTarget }: FocusEvent) => tell((currentTarget as Element).matches(':focus-visible')),
      onBlur: end,
    },
  };
}

/** What a closed row says of itself: what it reaches of this image, or how far where that is not known. */
function summarize({ enabled, tolerance, reach }: Row, planned: PlanRow | undefined): string {
  if (!enabled) return 'off';
  if (planned?.share !== undefined) return `${describeShare(planned.share)} of pixels`;
  if (reach === undefined) return `reach ${tolerance ?? 0} %`;
  return reach === 'auto' ? 'reach auto' : `reach ${reach}`;
}

/** What a row does to this image, in words. */
function describeReach(row: Row, planned: PlanRow | undefined): string {
  if (!row.enabled) return 'Off';
  if (row.from !== undefined && row.from === row.color) return 'Choose the color that it shall become';
  if (!planned) return '\u00a0';
  if (planned.radius === 0 || planned.share === 0) {
    return planned.tolerance === undefined || planned.tolerance > 0
      ? 'This row touches no pixel of this image. Raise its reach'
      : 'Tolerance 0: this row touches no pixel';
  }
  if (row.strength === 0) return 'Strength 0: this row changes nothing';
  const verb = kindOf(row) === 'keep' ? 'Keeps' : 'Touches';
  return planned.share === undefined ? '\u00a0' : `${verb} ${describeShare(planned.share)} of pixels`;
}
