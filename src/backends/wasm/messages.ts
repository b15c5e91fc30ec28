/** What the calling thread and its workers say to each other. Work on blocks needs no words: control.ts. */
import type { StrategyChoice } from '../../core/options.js';
import type { RecolorReport } from '../../core/report.js';
import type { Pixels, Plan, Recipe } from '../../core/types.js';
import type { KernelName, Setups } from './block-kernels.js';
import type { SharedHeap } from './heap.js';

export type ToWorker =
  /** @param module for pictures of its own: the kernels for one thread */
  | { readonly type: 'start'; readonly index: number; readonly module: WebAssembly.Module }
  /** The heap of the runs that follow. */
  | { readonly type: 'heap'; readonly heap: SharedHeap }
  | { readonly type: 'run'; readonly leg: number; readonly kernel: KernelName; readonly setup: Setups[KernelName] }
  | { readonly type: 'picture'; readonly id: number; readonly picture: WholePicture };

/** A picture that is moved to the worker and back. */
export interface WholePicture {
  readonly pixels: Pixels;
  readonly recipeOrPlan: Recipe | Plan;
  readonly strategy: StrategyChoice;
  /** One word in shared memory: 1 when the picture is not wanted any more. */
  readonly canceled: Int32Array;
}

export type FromWorker =
  | { readonly type: 'ready' }
  /** `error` is what `recolorPixels` threw: its code and message. */
  | {
      readonly type: 'picture';
      readonly id: number;
      readonly pixels: Pixels;
      readonly report?: RecolorReport;
      readonly error?: { readonly code: string; readonly message: string };
    }
  | { readonly type: 'failed'; readonly message: string };
