import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ColorField } from '../controls/color-field.js';
import { ColorPicker } from '../controls/color-picker.js';
import { Popover } from '../controls/popover.js';
import type { ColorChip } from '../state/color-chips.js';
import { isReference } from '../state/references.js';

interface RowColorProps {
  /** Of the row, for what must be unique on the page. */
  readonly id: number;
  /** What controls call it: "Row 2", "Row 2, from". */
  readonly name: string;
  readonly value: string;
  /** The color to show; undefined for a variable that this file has not. */
  readonly shown: string | undefined;
  /** A field to type in beside the swatch, else in its popover. */
  readonly isFieldShown: boolean;
  /** The picker is open from the start. */
  readonly startsOpen?: boolean;
  readonly groups: readonly { readonly title: string; readonly chips: readonly ColorChip[] }[];
  readonly isKnown: (text: string) => boolean;
  readonly onOpen: () => void;
  readonly onInput: (color: string) => void;
  /** Told the text in the field that is no color, undefined once all is well. Without it the popover says it. */
  readonly onError?: (text: string | undefined) => void;
}

/** A color of a row: its swatch, which opens the picker, and its text. */
export function RowColor({
  id,
  name,
  value,
  shown,
  isFieldShown,
  startsOpen = false,
  groups,
  isKnown,
  onOpen,
  onInput,
  onError,
}: RowColorProps) {
  const [isPicking, setPicking] = useState(startsOpen);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const [swatch, setSwatch] = useState<HTMLButtonElement | null>(null);
  const button = useRef<HTMLButtonElement | null>(null);
  const closePicker = useCallback(() => setPicking(false), []);
  // Nobody pressed the swatch of a picker that is open from the start.
  const isOpenFromStart = useRef(startsOpen);
  useEffect(() => {
    if (isOpenFromStart.current) onOpen();
    isOpenFromStart.current = false;
  }, [onOpen]);
  const errorId = errorIdOf(id, name);
  const field = (
    <ColorField
      label={`${name}, CSS color`}
      value={value}
      errorId={errorId}
      onInput={onInput}
      onFocus={onOpen}
      isKnown={isKnown}
      onError={onError ?? setWrong}
    />
  );
  return (
    <>
      <button
        ref={(element) => {
          button.current = element;
          setSwatch(element);
        }}
        type="button"
        class="swatch"
        style={{ '--swatch': shown }}
        aria-label={`${name}: choose color, now ${value}`}
        aria-expanded={isPicking}
        title={`${value}: choose color`}
        onClick={() => {
          onOpen();
          setPicking(!isPicking);
        }}
      />
      {isFieldShown && field}
      {isPicking && swatch && (
        <Popover label={`${name}, color`} anchor={swatch} onClose={closePicker} width={264} keepsClear=".stage">
          {!isFieldShown && field}
          {!isFieldShown && wrong !== undefined && <FieldError id={errorId} text={wrong} />}
          <ColorPicker value={shown ?? 'black'} groups={groups} onInput={onInput} />
        </Popover>
      )}
    </>
  );
}

/** Where a row says what is wrong with a color of that name. */
export function errorIdOf(id: number, name: string): string {
  return `color-error-${id}-${name.endsWith('from') ? 'from' : 'color'}`;
}

/** Says why a text is no color. */
export function FieldError({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <p id={id} class="field-error" role="alert">
      {describeFault(text)}
    </p>
  );
}

function describeFault(text: string): string {
  if (isReference(text)) return `No color variable of this file is called ${text.trim()}`;
  return 'Not a CSS color. Try red, #ff6b35 or oklch(70% 0.1 50)';
}
