import type { ColorChip } from '../state/color-chips.js';

interface ChipsProps {
  readonly label: string;
  readonly chips: readonly ColorChip[];
  readonly onPick: (chip: ColorChip) => void;
}

/** Clickable swatches. */
export function Chips({ label, chips, onPick }: ChipsProps) {
  return (
    <fieldset class="chips" aria-label={label}>
      {chips.map((chip, i) => (
        <button
          key={`${chip.color}${i}`}
          type="button"
          class="chip"
          style={{ backgroundColor: chip.color }}
          title={chip.title}
          aria-label={chip.title}
          onClick={() => onPick(chip)}
        />
      ))}
    </fieldset>
  );
}
