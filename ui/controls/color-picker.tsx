import { useRef } from 'preact/hooks';
import { type Lch, oklchFromOklab } from '../../src/core/color/oklch.js';
import { parseColor } from '../../src/core/row/color.js';
import { type ColorChip, cssFromPacked } from '../state/color-chips.js';
import { Chips } from './chips.js';
import { OklchField } from './oklch-field.js';
import { isIn, MAX_CHROMA, packLch } from './oklch-plane.js';
import { NumberField } from './slider.js';

interface ColorPickerProps {
  readonly value: string;
  readonly onInput: (color: string) => void;
  /** Named groups of colors to choose from: the image's palette, variables, styles. */
  readonly groups: readonly { readonly title: string; readonly chips: readonly ColorChip[] }[];
}

/** A color with less chroma has no hue of its own. */
const GREY_CHROMA = 0.002;

/** A field of chroma and lightness and a slider of hues in OKLCH, the space the model works in; and colors at hand. */
export function ColorPicker({ value, onInput, groups }: ColorPickerProps) {
  // What was set here last, exactly: its text is rounded to 8 bits, and a grey has no hue to come back from.
  const set = useRef<{ readonly text: string; readonly color: Lch } | undefined>(undefined);
  const color = set.current?.text === value ? set.current.color : readLch(value, set.current?.color.h ?? 0);
  const { l, c, h } = color;
  const change = (part: Partial<Lch>): void => {
    const next = { ...color, ...part };
    set.current = { text: colorText(next), color: next };
    onInput(set.current.text);
  };
  const hue = Math.round(h) % 360;
  return (
    <div class="color-picker">
      <OklchField color={color} shown={value} onInput={change} />
      <div class="picker-track">
        <span>Hue</span>
        <input
          type="range"
          aria-label="Hue"
          min={0}
          max={360}
          value={Math.round(h)}
          onInput={(event) => change({ h: Number(event.currentTarget.value) })}
        />
        <NumberField
          label="Hue, number"
          value={hue}
          min={0}
          max={360}
          step={1}
          unit="°"
          onInput={(x) => change({ h: x })}
        />
      </div>
      <div class="picker-numbers">
        <span>Lightness</span>
        <NumberField
          label="Lightness, number"
          value={Number((l * 100).toFixed(1))}
          min={0}
          max={100}
          step={1}
          unit="%"
          onInput={(x) => change({ l: x / 100 })}
        />
        <span>Chroma</span>
        <NumberField
          label="Chroma, number"
          value={Number(c.toFixed(3))}
          min={0}
          max={MAX_CHROMA}
          step={0.01}
          onInput={(x) => change({ c: x })}
        />
      </div>
      {groups.map(
        ({ title, chips }) =>
          chips.length > 0 && (
            <div key={title} class="chip-group">
              <span class="chip-title">{title}</span>
              <Chips label={title} chips={chips} onPick={(chip) => onInput(chip.color)} />
            </div>
          ),
      )}
    </div>
  );
}

/** @param hue of a color that has none */
function readLch(css: string, hue: number): Lch {
  const color = oklchFromOklab(parseColor(css).oklab);
  return color.c < GREY_CHROMA ? { ...color, h: hue } : color;
}

/** Hex where sRGB has the color, else OKLCH. */
function colorText(color: Lch): string {
  if (isIn(color, 'srgb')) return cssFromPacked(packLch(color, 'srgb'), 'srgb');
  const round = (x: number, digits: number): number => Number(x.toFixed(digits));
  return `oklch(${round(color.l * 100, 1)}% ${round(color.c, 4)} ${round(color.h, 1)})`;
}
