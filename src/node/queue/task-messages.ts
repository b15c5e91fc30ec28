import type { Stage } from '../pipeline/stage.js';
import type { Task, TaskResult } from './task.js';

/** What a worker says to one of its task processes. */
export type ToProcess =
  | { readonly type: 'task'; readonly task: Task }
  | { readonly type: 'may-write'; readonly id: number; readonly answer: boolean };

/** What a task process says. */
export type FromProcess =
  | { readonly type: 'stage'; readonly stage: Stage }
  | { readonly type: 'may-write'; readonly id: number; readonly outputs: readonly string[] }
  | { readonly type: 'done'; readonly result: TaskResult }
  /** `code` is ColorshineError's; undefined for what nobody expected. */
  | { readonly type: 'failed'; readonly code?: string; readonly message: string };
