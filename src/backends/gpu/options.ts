import type { Backend } from '../../core/backend.js';
import type { GpuMode } from './engine.js';

export interface GpuBackendOptions {
  readonly mode: GpuMode;
  /** Told in one sentence what went wrong and was repaired: a lost context, a smaller tile. Once for each kind. */
  readonly onNotice?: (sentence: string) => void;
  /** Milliseconds that opening the device or one tile may take. Default 30,000. */
  readonly deadline?: number;
  /** Bytes of GPU memory to stay within. Default 256 MiB. */
  readonly memoryLimit?: number;
  /** Called after every tile, for progress and signs of life. */
  readonly onTile?: () => void;
}

/** What the GPU was given to do since the backend was created. */
export interface GpuStats {
  readonly device: string;
  /** Colors of a large tile, after fitting and halving. */
  readonly tileSize: number;
  /** Estimated bytes of GPU memory at that size. */
  readonly estimatedBytes: number;
  readonly tiles: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Colors left to float64 on the host, because float32 could not decide them. */
  readonly hostColors: number;
  /** New contexts after a loss or a wrong answer. */
  readonly restarts: number;
  /** Halvings of the tile after an out-of-memory. */
  readonly halvings: number;
}

export interface GpuBackend extends Backend {
  readonly name: GpuMode;
  /** Name of the device or its driver, as far as the browser tells. */
  readonly device: string;
  stats(): GpuStats;
}

/** Opening a device and compiling a shader in software takes seconds on a busy machine; a hang takes forever. */
export const DEFAULT_DEADLINE = 30_000;
