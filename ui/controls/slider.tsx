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
}

/** A slider with its number beside it. Arrow keys move by a step, with Shift by ten. */
export function Slider({ label, value, min, max, step = 1, mark, unit, onInput }: SliderProps) {
  const part = (x: number): string => `${((x - min) / (max - min)) * 100}%`;
  const limit = (x: number): number => Math.min(max, Math.max(min, x));
  const onKeyDown = (event: KeyboardEvent): void => {
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
function NumberField({ label, value, min, max, step: size, unit, onInput }: NumberFieldProps) {
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
