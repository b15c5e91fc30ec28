import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Lines beyond the edges: the next one is there before it is scrolled to, also by the arrow keys. */
const MORE_LINES = 2;

/** Items of a long list that are on the screen, or nearly: the others are room only. */
export interface Span {
  readonly first: number;
  readonly last: number;
  /** Items side by side. */
  readonly lanes: number;
}

interface WindowSpec {
  readonly count: number;
  /** From one line to the next, px. */
  readonly pitch: number;
  /** Least width of an item in a list that scrolls down, px; undefined scrolls across, an item a line. */
  readonly laneWidth?: number;
}

/** Follows what a scrolled list shows. */
export function useWindow(list: RefObject<HTMLElement | null>, { count, pitch, laneWidth }: WindowSpec): Span {
  const [span, setSpan] = useState<Span>({ first: 0, last: 0, lanes: 1 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = (): void => {
      const isAcross = laneWidth === undefined;
      const lanes = isAcross ? 1 : Math.max(1, Math.floor(element.clientWidth / laneWidth));
      const start = isAcross ? element.scrollLeft : element.scrollTop;
      const end = start + (isAcross ? element.clientWidth : element.clientHeight);
      const first = Math.max(0, Math.floor(start / pitch) - MORE_LINES) * lanes;
      const last = Math.min(count, (Math.ceil(end / pitch) + MORE_LINES) * lanes);
      setSpan((known) =>
        known.first === first && known.last === last && known.lanes === lanes ? known : { first, last, lanes },
      );
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list, count, pitch, laneWidth]);
  return span;
}
