import sharp from 'sharp';
import { hasWasmSimd } from '../../backends/wasm/compile.js';
import { MODEL_VERSION } from '../lut-cache-key.js';

declare const COLORSHINE_VERSION: string | undefined;

const { vips, sharp: sharpVersion } = sharp.versions;
/** Raised when our own encoders give other bytes. Without SIMD sharp writes what they would. */
const ENCODERS = hasWasmSimd() ? 'encoders 1' : 'encoders of sharp';

/**
 * Everything besides a job and its input that decides the output's bytes. Colors are always computed by the wasm backend:
 * its arithmetic is WebAssembly's, which is the same everywhere, with SIMD or without, in any number of threads; backends
 * among themselves are only within 1/255. sharp brings libvips and the encoders along.
 */
export const ENGINE = [
  `colorshine ${typeof COLORSHINE_VERSION === 'string' ? COLORSHINE_VERSION : 'source'}`,
  `model ${MODEL_VERSION}`,
  'wasm',
  ENCODERS,
  `sharp ${sharpVersion}`,
  `libvips ${vips}`,
].join(', ');
