import { useEffect, useRef } from 'preact/hooks';
import { readNumber } from './read-number.js';
import { useDraft } from './use-draft.js';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What an arrow key moves by. Default 1. */
  readonly step?: number;
  /** A value marked on the track. */
  readonly mark?: number;
  readonly unit?: string;
  readonly onInput: (value: number) => void;
  /** The slider is being moved, by the pointer or by keys, or is so no more. */
  readonly onHold?: (isHeld: boolean) => void;
}

/** A key that was only touched holds the slider for so long, milliseconds. */
const TOUCHED_MS = 700;

/** A slider with its number beside it. Arrow keys move by a step, with Shift by ten. */
export function Slider({ label, value, min, max, step = 1, mark, unit, onInput, onHold }: SliderProps) {
  const part = (x: number): string => `${((x - min) / (max - min)) * 100}%`;
  const limit = (x: number): number => Math.min(max, Math.max(min, x));
  const hold = useHold(onHold);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (MOVING_KEYS.test(event.key)) hold.touch();
    const by = { ArrowUp: 10, ArrowRight: 10, ArrowDown: -10, ArrowLeft: -10 }[event.key];
    if (by === undefined || !event.shiftKey) return;
    event.preventDefault();
    onInput(limit(toStep(value + by * step, step)));
  };
  return (
    <div class="slider-row">
      <span class="slider-label">{label}</span>
      <span class="slider" style={{ '--part': part(value) }}>
        {mark !== undefined && <span class="slider-mark" title={String(mark)} />}
        <input
          type="range"
          aria-label={label}
          min={min}
          max={max}
          step={step}
          value={value}
          onInput={(event) => onInput(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
          onPointerDown={hold.start}
          onPointerUp={hold.end}
          onPointerCancel={hold.end}
          onBlur={hold.end}
        />
      </span>
      <NumberField
        label={`${label}, number`}
        value={value}
        min={min}
        max={max}
        step={step}
        unit={unit}
        onInput={onInput}
      />
    </div>
  );
}

const MOVING_KEYS = /^(Arrow|Page|Home$|End$)/;

/** Tells when a slider begins and ceases to be held; also when it goes while it is. */
function useHold(onHold: ((isHeld: boolean) => void) | undefined) {
  const newest = useRef(onHold);
  newest.current = onHold;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isHeld = useRef(false);
  const tell = (next: boolean): void => {
    clearTimeout(timer.current);
    if (isHeld.current === next) return;
    isHeld.current = next;
    newest.current?.(next);
  };
  useEffect(() => () => tell(false), []);
  return {
    start: () => tell(true),
    end: () => tell(false),
    touch() {
      tell(true);
      timer.current = setTimeout(() => tell(false), TOUCHED_MS);
    },
  };
}

/** The nearest multiple of a step, without the noise of binary fractions. */
function toStep(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(6));
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
  readonly onInput: (value: number) => void;
}

/**
 * A number that may be half typed. What is out of range is marked, and becomes the nearest end when the field is left or
 * Enter pressed; what is no number leaves the last good one. Esc brings back the number from before.
 */
export function NumberField({ label, value, min, max, step: size, unit, onInput }: NumberFieldProps) {
  const draft = useDraft(value);
  const number = draft.text === undefined ? value : readNumber(draft.text);
  const isValid = number >= min && number <= max;
  const limit = (x: number): number => Math.min(max, Math.max(min, x));
  const type = (text: string): void => {
    const typed = readNumber(text);
    const isFine = typed >= min && typed <= max;
    draft.type(text, isFine ? typed : undefined);
    if (isFine) onInput(typed);
  };
  const step = (by: number): void => {
    draft.drop();
    onInput(limit(toStep(value + by * size, size)));
  };
  const settle = (): void => {
    if (draft.text !== undefined && !isValid && !Number.isNaN(number)) onInput(limit(number));
    draft.drop();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
    } else if (event.key === 'Enter') {
      settle();
    } else if (event.key === 'Escape' && draft.text !== undefined) {
      event.stopPropagation();
      onInput(draft.before());
      draft.drop();
    }
  };
  return (
    <span class="number-field">
      <input
        class={unit === undefined ? '' : 'with-unit'}
        type="text"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={!isValid}
        title={isValid ? undefined : `A number from ${min} to ${max}`}
        value={draft.text ?? String(value)}
        onInput={(event) => type(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={settle}
        onKeyDown={onKeyDown}
      />
      {unit && <span class="unit">{unit}</span>}
    </span>
  );
}
