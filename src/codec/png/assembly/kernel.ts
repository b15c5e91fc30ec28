/** What runs in WebAssembly when a PNG is written. */
export { adler32 } from './adler32';
export { deflateRuns } from './deflate';
export { filterRows } from './filter';
