/** What test/core/independent-model.test.ts runs bundled. */
export { mapToGamut } from '../../src/core/color/gamut.js';
export { createPull } from '../../src/index.js';
export { blend, labFromPixel, mapIntoSolid, pixelFromLab, pullPixel, radiusOver } from './independent-model.js';
