import { useState } from 'preact/hooks';
import { parseColor } from '../../src/core/attractor/color.js';

/** Whether a text is a CSS color that the model takes. */
export function isColor(text: string): boolean {
  try {
    parseColor(text);
    return true;
  } catch {
    return false;
  }
}

interface ColorFieldProps {
  readonly label: string;
  readonly value: string;
  readonly errorId: string;
  readonly onInput: (color: string) => void;
  readonly onFocus?: () => void;
  /** Other texts that will do: names of variables. */
  readonly isKnown?: (text: string) => boolean;
  readonly onError: (isError: boolean) => void;
}

/** A CSS color as text. While it is not one, the last good one stays in force. */
export function ColorField({ label, value, errorId, onInput, onFocus, isKnown, onError }: ColorFieldProps) {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const isFine = (text: string): boolean => isColor(text) || isKnown?.(text) === true;
  const isValid = draft === undefined || isFine(draft);
  const type = (text: string): void => {
    setDraft(text);
    const good = isFine(text);
    onError(!good);
    if (good) onInput(text.trim());
  };
  const settle = (): void => {
    setDraft(undefined);
    onError(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') event.currentTarget instanceof HTMLInputElement && event.currentTarget.select();
    else if (event.key === 'Escape' && draft !== undefined) {
      event.stopPropagation();
      settle();
    }
  };
  return (
    <input
      class="color-field"
      type="text"
      spellcheck={false}
      autocomplete="off"
      aria-label={label}
      aria-invalid={!isValid}
      aria-describedby={isValid ? undefined : errorId}
      value={draft ?? value}
      onInput={(event) => type(event.currentTarget.value)}
      onFocus={(event) => {
        onFocus?.();
        event.currentTarget.select();
      }}
      onBlur={settle}
      onKeyDown={onKeyDown}
    />
  );
}
