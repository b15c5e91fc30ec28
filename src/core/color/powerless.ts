/** Below this OKLCH chroma a hue is powerless (docs/model.md, section 4). */
export const POWERLESS_CHROMA = 1e-4;
