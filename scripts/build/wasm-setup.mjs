/** vitest's globalSetup: tests run from source, also on a clone where nothing was built and after an edit of the kernel. */
export { buildWasm as default } from './wasm.mjs';
