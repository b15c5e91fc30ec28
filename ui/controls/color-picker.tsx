import { clampChroma, converter, formatCss, formatHex, inGamut, type Oklch, parse } from 'culori';
import { useRef } from 'preact/hooks';
import type { ColorChip } from '../app/color-chips.js';
import { Chips } from './chips.js';

interface ColorPickerProps {
  readonly value: string;
  readonly onInput: (color: string) => void;
  /** Named groups of colors to choose from: the image's palette, variables, styles. */
  readonly groups: readonly { readonly title: string; readonly chips: readonly ColorChip[] }[];
}

const toOklch = converter('oklch');
const isSrgb = inGamut('rgb');
/** Stops along a track: enough for a smooth gradient. */
const STOPS = 9;
const MAX_CHROMA = 0.32;

/** Three sliders in OKLCH, the space the model works in, and colors at hand. */
export function ColorPicker({ value, onInput, groups }: ColorPickerProps) {
  // What was set here last, exactly: its text is rounded to 8 bits, and a grey has no hue to come back from.
  const set = useRef<{ readonly text: string; readonly color: Lch } | undefined>(undefined);
  const color = set.current?.text === value ? set.current.color : readLch(value, set.current?.color.h ?? 0);
  const { l, c, h } = color;
  const change = (part: Partial<Lch>): void => {
    const next = { ...color, ...part };
    set.current = { text: colorText({ mode: 'oklch', ...next }), color: next };
    onInput(set.current.text);
  };
  return (
    <div class="color-picker">
      <PickerTrack
        label="Lightness"
        value={Math.round(l * 100)}
        max={100}
        gradient={(t) => ({ mode: 'oklch', l: t, c: Math.min(c, 0.15), h })}
        onInput={(x) => change({ l: x / 100 })}
        isFirst
      />
      <PickerTrack
        label="Chroma"
        value={Math.round(c * 1000)}
        max={MAX_CHROMA * 1000}
        gradient={(t) => ({ mode: 'oklch', l, c: t * MAX_CHROMA, h })}
        onInput={(x) => change({ c: x / 1000 })}
      />
      <PickerTrack
        label="Hue"
        value={Math.round(h)}
        max={360}
        gradient={(t) => ({ mode: 'oklch', l: Math.min(0.8, Math.max(0.55, l)), c: 0.13, h: t * 360 })}
        onInput={(x) => change({ h: x })}
      />
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

type Lch = Pick<Oklch, 'l' | 'c'> & { readonly h: number };

/** @param hue of a color that has none */
function readLch(css: string, hue: number): Lch {
  const { l, c, h = hue } = toOklch(parse(css)) ?? { l: 0.5, c: 0 };
  return { l, c, h };
}

interface PickerTrackProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly gradient: (t: number) => Oklch;
  readonly onInput: (value: number) => void;
  readonly isFirst?: boolean;
}

function PickerTrack({ label, value, max, gradient, onInput, isFirst }: PickerTrackProps) {
  const stops = Array.from({ length: STOPS }, (_, i) => formatHex(clampChroma(gradient(i / (STOPS - 1)), 'oklch')));
  return (
    <label class="picker-track">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={max}
        value={value}
        data-autofocus={isFirst}
        style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** Hex where sRGB has the color, else OKLCH. */
function colorText(color: Oklch): string {
  if (isSrgb(color)) return formatHex(color);
  const round = (x: number, digits: number): number => Number(x.toFixed(digits));
  return formatCss({ mode: 'oklch', l: round(color.l, 3), c: round(color.c, 4), h: round(color.h ?? 0, 1) });
}
