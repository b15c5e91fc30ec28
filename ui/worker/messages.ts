import type { SkipReason } from '../../src/protocol/messages.js';
import type { Engine } from './engine.js';

/** Calls of the engine's methods; the signal stays behind and travels as `cancel`. */
export type EngineCall =
  | { readonly kind: 'call'; readonly id: number; readonly method: keyof Engine; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number };

export type EngineAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly reason?: SkipReason;
    };
