import { rgbOfColor } from '../../tokens/index.js';

/** Paints a color as two columns of a terminal line; empty where colors cannot be shown. */
export type Swatch = (css: string) => string;

/** Bits of color that standard output shows: 24, 8, or fewer. FORCE_COLOR and NO_COLOR are heeded. */
function terminalColorDepth(): number {
  if (process.stdout.isTTY) return process.stdout.getColorDepth();
  return process.env.FORCE_COLOR === '3' ? 24 : 1;
}

export function createSwatch(depth = terminalColorDepth()): Swatch {
  if (depth < 8) return () => '';
  return (css) => {
    const [r, g, b] = rgbOfColor(css);
    const code = depth >= 24 ? `2;${r};${g};${b}` : `5;${cubeIndex(r, g, b)}`;
    return `\x1b[48;${code}m  \x1b[0m `;
  };
}

/** The nearest color of the 6 x 6 x 6 cube of 256-color terminals. */
function cubeIndex(r: number, g: number, b: number): number {
  const level = (code: number): number => (code < 48 ? 0 : code < 115 ? 1 : Math.floor((code - 35) / 40));
  return 16 + 36 * level(r) + 6 * level(g) + level(b);
}
