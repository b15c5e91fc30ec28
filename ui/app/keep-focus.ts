import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Store } from '../state/store.js';

/**
 * Keeps the keyboard's place. What had the focus when a job began has it again when the job is over; where that is
 * gone, and where a button of the footer went after its press, the footer's main button takes it.
 *
 * @param progress set while a job runs
 */
export function useKeptFocus(footer: RefObject<HTMLElement | null>, progress: Store<unknown>): void {
  /** Last focused in the footer. */
  const pressed = useRef<Element | undefined>(undefined);
  /** Focused when the job began. */
  const before = useRef<Element | undefined>(undefined);

  useEffect(() => {
    const onFocus = ({ target }: FocusEvent): void => {
      pressed.current = footer.current?.contains(target as Node) ? (target as Element) : undefined;
    };
    addEventListener('focusin', onFocus);
    // At once: one render later the panel is inert and its focus lost.
    const end = progress.subscribe(() => {
      const { activeElement, body } = document;
      if (progress.get() !== undefined && activeElement && activeElement !== body) before.current ??= activeElement;
    });
    return () => {
      removeEventListener('focusin', onFocus);
      end();
    };
  }, [footer, progress]);

  useLayoutEffect(() => {
    if (progress.get() !== undefined) return;
    const wanted = before.current ?? pressed.current;
    const isLost = before.current !== undefined || pressed.current?.isConnected === false;
    before.current = undefined;
    if (!wanted || !isLost || document.activeElement !== document.body) return;
    const target = wanted.isConnected ? wanted : footer.current?.querySelector('.primary');
    (target as HTMLElement | null | undefined)?.focus({ preventScroll: true });
  });
}
