/**
 * Package entry `colorshine`: the pure core, the js backend and design tokens. Runs in any ES2022 engine.
 * @module colorshine
 */
export { createJsBackend } from './backends/js/index.js';
export * from './core/index.js';
export * from './tokens/index.js';
