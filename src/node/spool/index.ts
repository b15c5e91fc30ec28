/** Loaded when an image is too large for memory. */
export { startSpooling } from './decode-spool.js';
export { encodeSpool } from './encode-spool.js';
export { freeMemory } from './free-memory.js';
export { deepStream, measureSpool, rowsOfSpool } from './measure.js';
export { paintSpool } from './paint.js';
