import { isCanceled } from './apply.js';
import { createStore, type Store } from './store.js';

export interface Notice {
  readonly text: string;
  readonly isError: boolean;
  /** Layers or files left out, in words. */
  readonly details: readonly string[];
}

export interface Notices {
  readonly notice: Store<Notice | undefined>;
  tell(text: string, isError?: boolean, details?: readonly string[]): void;
  /** An error in words; a cancel is none. */
  showError(error: unknown): void;
  /** Kept for the end of an Apply, which shows its progress where notices stand. */
  keep(sentence: string): void;
  /** What was kept, once. */
  takeKept(): string[];
}

const NOTICE_MS = 5000;

export function createNotices(): Notices {
  const notice = createStore<Notice | undefined>(undefined);
  let kept: string[] = [];

  function tell(text: string, isError = false, details: readonly string[] = []): void {
    const told: Notice = { text, isError, details };
    notice.set(told);
    // Good news go by themselves; a fault stays until it is read.
    if (!isError && details.length === 0) {
      setTimeout(() => notice.update((shown) => (shown === told ? undefined : shown)), NOTICE_MS);
    }
  }

  function takeKept(): string[] {
    const sentences = kept;
    kept = [];
    return sentences;
  }

  return {
    notice,
    tell,
    takeKept,
    keep: (sentence) => void kept.push(sentence),
    showError(error) {
      if (!isCanceled(error)) tell(error instanceof Error ? error.message : String(error), true, takeKept());
    },
  };
}
