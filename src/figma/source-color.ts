import { type Check, number, object, oneOf } from '../protocol/schema.js';

/** Channels of each space in which Figma keeps a color as it was authored. */
const CHANNELS = {
  SRGB: ['r', 'g', 'b'],
  DISPLAY_P3: ['r', 'g', 'b'],
  HSL: ['h', 's', 'l'],
  HSB: ['h', 's', 'b'],
  OKLAB: ['l', 'a', 'b'],
  OKLCH: ['l', 'c', 'h'],
} as const;

const SPACES = Object.keys(CHANNELS) as (keyof typeof CHANNELS)[];

/** A color as authored, of plugin data. Undefined for what is none, or of a space newer than this: the rest counts. */
export const sourceColor: Check<ColorWithColorSpace | undefined> = (value, path) => {
  try {
    const space = oneOf(...SPACES)((value as { space?: unknown }).space, path);
    const channels = Object.fromEntries(CHANNELS[space].map((channel) => [channel, number()]));
    return object({ space: oneOf(space), ...channels })(value, path) as ColorWithColorSpace;
  } catch {
    return undefined;
  }
};
