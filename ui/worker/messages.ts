import type { SkipReason } from '../../src/protocol/messages.js';
import type { Engine } from './engine.js';

/** What the window may call; the listener of `onNotice` stays behind, and notices travel as `notice`. */
export type EngineMethod = Exclude<keyof Engine, 'onNotice'>;

/** Calls of the engine's methods; the signal stays behind and travels as `cancel`. */
export type EngineCall =
  | { readonly kind: 'call'; readonly id: number; readonly method: EngineMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number }
  /** Are you there? */
  | { readonly kind: 'ping' };

export type EngineAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'notice'; readonly sentence: string }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly reason?: SkipReason;
    };
