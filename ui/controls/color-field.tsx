import { useLayoutEffect } from 'preact/hooks';
import { parseColor } from '../../src/core/row/color.js';
import { useDraft } from './use-draft.js';

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
  /** Told the text that will not do; undefined once all is well. */
  readonly onError: (text: string | undefined) => void;
}

/** A CSS color as text. While it is not one, the last good one stays in force; Esc brings back the one from before. */
export function ColorField({ label, value, errorId, onInput, onFocus, isKnown, onError }: ColorFieldProps) {
  const draft = useDraft(value);
  const isFine = (text: string): boolean => isColor(text) || isKnown?.(text.trim()) === true;
  const isValid = draft.text === undefined || isFine(draft.text);
  const wrong = isValid ? undefined : draft.text;
  useLayoutEffect(() => onError(wrong), [onError, wrong]);
  const type = (text: string): void => {
    const good = isFine(text);
    draft.type(text, good ? text.trim() : undefined);
    if (good) onInput(text.trim());
  };
  const settle = (): void => {
    // Variables may have been read only after one was named.
    if (draft.text !== undefined && isValid && draft.text.trim() !== value) onInput(draft.text.trim());
    draft.drop();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') event.currentTarget instanceof HTMLInputElement && event.currentTarget.select();
    else if (event.key === 'Escape' && draft.text !== undefined) {
      event.stopPropagation();
      if (draft.before() !== value) onInput(draft.before());
      draft.drop();
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
      value={draft.text ?? value}
      title={value}
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
