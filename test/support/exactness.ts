/** What test/support/describe-exactness.ts runs bundled. */
export { createJsBackend } from '../../src/index.js';
export { compareWithReference, createRemembering, recolorEveryColor, sampleWithEdges } from './every-color.js';
