import type { ErrorCode } from '../../core/errors.js';
import type { Plan } from '../../core/types.js';
import type { GpuBackendOptions, GpuStats } from './options.js';

/** To the worker. Arrays are transferred, not copied. */
export type WorkerRequest =
  | { readonly type: 'open'; readonly options: Omit<GpuBackendOptions, 'onNotice' | 'onTile'> }
  | { readonly type: 'evaluate'; readonly id: number; readonly colors: Uint32Array; readonly plan: Plan }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' };

/** From the worker. Every message also says that it is alive. */
export type WorkerReply =
  | { readonly type: 'opened'; readonly stats: GpuStats }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'tile' }
  | { readonly type: 'notice'; readonly sentence: string }
  | { readonly type: 'done'; readonly id: number; readonly out: Uint32Array; readonly stats: GpuStats }
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly message: string };
