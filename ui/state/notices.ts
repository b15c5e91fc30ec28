import { messageOf } from '../../src/protocol/errors.js';
import { isCanceled } from './apply.js';
import { createStore, type Store } from './store.js';

export interface Notice {
  readonly text: string;
  readonly isError: boolean;
  /** Layers or files left out, in words. */
  readonly details: readonly string[];
  /** One thing that may be done about it. */
  readonly action?: NoticeAction | undefined;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notices {
  readonly notice: Store<Notice | undefined>;
  tell(text: string, isError?: boolean, details?: readonly string[], action?: NoticeAction): void;
  /** Whatever is offered is too late now. */
  dropAction(): void;
  /** An error in words; a cancel is none. */
  showError(error: unknown): void;
  /** Kept for the end of an Apply, which shows its progress where notices stand. */
  keep(sentence: string): void;
  /** What was kept, once. */
  takeKept(): string[];
}

const NOTICE_MS = 5000;
/** What offers something stays until there was time to take it. */
const OFFER_MS = 12_000;

export function createNotices(): Notices {
  const notice = createStore<Notice | undefined>(undefined);
  let kept: string[] = [];

  function tell(text: string, isError = false, details: readonly string[] = [], action?: NoticeAction): void {
    const told: Notice = { text, isError, details, action };
    notice.set(told);
    // Good news go by themselves; a fault stays until it is read.
    if (!isError && details.length === 0) {
      // By its text: it may have lost its action meanwhile.
      const isTold = (shown: Notice | undefined): boolean => shown?.text === told.text && shown.details === details;
      setTimeout(() => notice.update((shown) => (isTold(shown) ? undefined : shown)), action ? OFFER_MS : NOTICE_MS);
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
    dropAction: () => notice.update((shown) => (shown?.action ? { ...shown, action: undefined } : shown)),
    keep: (sentence) => void kept.push(sentence),
    showError(error) {
      if (!isCanceled(error)) tell(messageOf(error), true, takeKept());
    },
  };
}
