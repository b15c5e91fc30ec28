import { useState } from 'preact/hooks';
import { parseDecimal } from '../../src/core/options.js';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** A value marked on the track. */
  readonly mark?: number;
  readonly unit?: string;
  readonly onInput: (value: number) => void;
}

/** A slider with its number beside it. Arrow keys move by 1, with Shift by 10. */
export function Slider({ label, value, min, max, mark, unit, onInput }: SliderProps) {
  const part = (x: number): string => `${((x - min) / (max - min)) * 100}%`;
  const limit = (x: number): number => Math.min(max, Math.max(min, x));
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowUp: 10, ArrowRight: 10, ArrowDown: -10, ArrowLeft: -10 }[event.key];
    if (step === undefined || !event.shiftKey) return;
    event.preventDefault();
    onInput(limit(value + step));
  };
  return (
    <div class="slider-row">
      <span class="slider-label">{label}</span>
      <span class="slider" style={{ '--fill': part(value), '--mark': mark === undefined ? undefined : part(mark) }}>
        {mark !== undefined && <span class="slider-mark" title={String(mark)} />}
        <input
          type="range"
          aria-label={label}
          min={min}
          max={max}
          step={1}
          value={value}
          onInput={(event) => onInput(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
      </span>
      <NumberField label={`${label}, number`} value={value} min={min} max={max} unit={unit} onInput={onInput} />
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly onInput: (value: number) => void;
}

/** A number that may be half typed: what is out of range or no number is marked and not passed on. */
export function NumberField({ label, value, min, max, unit, onInput }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const number = draft === undefined ? value : parseDecimal(draft.trim());
  const isValid = number >= min && number <= max;
  const type = (text: string): void => {
    setDraft(text);
    const typed = parseDecimal(text.trim());
    if (typed >= min && typed <= max) onInput(typed);
  };
  const step = (by: number): void => {
    setDraft(undefined);
    onInput(Math.min(max, Math.max(min, Math.round(value + by))));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
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
        value={draft ?? String(value)}
        onInput={(event) => type(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => setDraft(undefined)}
        onKeyDown={onKeyDown}
      />
      {unit && <span class="unit">{unit}</span>}
    </span>
  );
}
