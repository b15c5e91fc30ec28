import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Text that is being typed into a field. */
export interface Draft<T> {
  /** Undefined while nothing is typed: the field shows its value. */
  readonly text: string | undefined;
  /** @param meant the value that goes out for this text; undefined for none */
  type(text: string, meant: T | undefined): void;
  drop(): void;
  /** The value from before the typing. */
  before(): T;
}

/** A draft is dropped once the field's value is changed from elsewhere: by undo, or by a slider. */
export function useDraft<T>(value: T): Draft<T> {
  const [text, setText] = useState<string | undefined>(undefined);
  const known = useRef(value);
  const start = useRef(value);
  useLayoutEffect(() => {
    if (Object.is(known.current, value)) return;
    known.current = value;
    setText(undefined);
  }, [value]);
  return {
    text,
    type(next, meant) {
      if (text === undefined) start.current = value;
      if (meant !== undefined) known.current = meant;
      setText(next);
    },
    drop: () => setText(undefined),
    before: () => (text === undefined ? value : start.current),
  };
}
