import type { RowKind } from '../../src/core/row/kind.js';

/** What a row may do, the plainest first. */
export const KINDS: readonly { readonly kind: RowKind; readonly label: string; readonly says: string }[] = [
  { kind: 'repaint', label: 'Repaint', says: 'This color becomes that one. Light and shade stay.' },
  { kind: 'attractor', label: 'Attract', says: 'Colors near this one move toward it.' },
  { kind: 'keep', label: 'Keep', says: 'This color stays, whatever the other rows do.' },
];

interface KindChoiceProps {
  /** Of the row, for the names of controls. */
  readonly name: string;
  readonly kind: RowKind;
  readonly onInput: (kind: RowKind) => void;
}

/** What a row does: one of three, with a sentence. */
export function KindChoice({ name, kind, onInput }: KindChoiceProps) {
  return (
    <>
      <fieldset class="choice" aria-label={`${name} does`}>
        {KINDS.map((one) => (
          <button
            key={one.kind}
            type="button"
            class="toggle"
            aria-pressed={one.kind === kind}
            onClick={() => onInput(one.kind)}
          >
            {one.label}
          </button>
        ))}
      </fieldset>
      <p class="says">{KINDS.find((one) => one.kind === kind)?.says}</p>
    </>
  );
}
