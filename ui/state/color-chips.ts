import { unpackColor } from '../../src/core/color/packed.js';
import type { Gamut } from '../../src/core/types.js';
import type { ColorList } from '../../src/protocol/replies.js';
import type { OpenedImage } from '../worker/engine.js';

/** A color to choose: CSS text, and words for it. */
export interface ColorChip {
  readonly color: string;
  readonly title: string;
}

/** Text of a pixel's color. */
export function cssFromPacked(packed: number, gamut: Gamut): string {
  const codes = unpackColor(packed);
  if (gamut === 'srgb') return `#${codes.map((code) => code.toString(16).padStart(2, '0')).join('')}`;
  return `color(display-p3 ${codes.map((code) => Number((code / 255).toFixed(4))).join(' ')})`;
}

export function chipsFromPalette({ palette, gamut }: OpenedImage): ColorChip[] {
  return palette.map(({ color, share }) => {
    const css = cssFromPacked(color, gamut);
    return { color: css, title: `${css}, ${describeShare(share)} of the image` };
  });
}

/** Groups of design-system colors, variables in their default mode; at most 24 each fit a popover. */
export function groupsFromColors(colors: ColorList | undefined): { title: string; chips: ColorChip[] }[] {
  if (!colors) return [];
  const groups = colors.collections.map(({ name, variables, defaultModeId }) => ({
    title: name,
    chips: variables.flatMap((variable) => {
      const css = variable.values[defaultModeId];
      return css ? [{ color: css, title: `${variable.name}, ${css}` }] : [];
    }),
  }));
  groups.push({
    title: 'Styles',
    chips: colors.styles.map(({ name, color }) => ({ color, title: `${name}, ${color}` })),
  });
  groups.push({ title: 'Selection', chips: (colors.selection ?? []).map((color) => ({ color, title: color })) });
  return groups
    .map(({ title, chips }) => ({ title, chips: chips.slice(0, 24) }))
    .filter(({ chips }) => chips.length > 0);
}

/** A share as people say it: "34 %", "0.4 %", "under 0.1 %". */
export function describeShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return 'under 0.1 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
