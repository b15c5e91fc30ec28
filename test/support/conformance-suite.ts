/** What test/conformance.test.ts runs bundled. */
export { createWasmBackend } from '../../src/backends/wasm/index.js';
export { createJsBackend } from '../../src/index.js';
export { checkEveryColor, checkSample } from './conformance.js';
export { compareWithReference, recolorColors, sampleWithEdges } from './every-color.js';
