/** Space in which Figma gives a document's paint colors. LEGACY documents are shown as sRGB. */
export type ColorProfile = 'srgb' | 'display-p3';

/** Farther than this from a whole 8-bit value, a color is written with decimals. In 8-bit steps. */
const HEX_TOLERANCE = 0.02;

export function readColorProfile(): ColorProfile {
  return figma.root.documentColorProfile === 'DISPLAY_P3' ? 'display-p3' : 'srgb';
}

/** A paint color as CSS, alpha left out: hex where that is exact, else `color(...)` with five decimals. */
export function rgbToCss({ r, g, b }: RGB, profile: ColorProfile): string {
  const steps = [r, g, b].map((channel) => channel * 255);
  if (profile === 'srgb' && steps.every((step) => Math.abs(step - Math.round(step)) <= HEX_TOLERANCE)) {
    return `#${steps.map((step) => Math.round(step).toString(16).padStart(2, '0')).join('')}`;
  }
  return `color(${profile} ${[r, g, b].map((channel) => Number(channel.toFixed(5))).join(' ')})`;
}
