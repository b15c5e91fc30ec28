/** What test/support/describe-exactness.ts runs bundled. */
export { createJsBackend } from '../../src/index.js';
export {
  colorsOf,
  compareWithReference,
  createRemembering,
  recolorColors,
  sampleWithEdges,
} from './every-color.js';
