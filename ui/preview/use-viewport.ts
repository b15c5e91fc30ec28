import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { fitViewport, keepViewport, panBy, type Size, type Viewport, zoomAt } from './viewport.js';

export interface ViewportControl {
  /** Of the stage, CSS pixels. */
  readonly size: Size;
  readonly view: Viewport;
  /** @param px point of the stage that stays; its middle unless given */
  zoom(factor: number, px?: number, py?: number): void;
  /** @returns whether there was anything to move */
  pan(dx: number, dy: number): boolean;
  /** Fits the picture into the stage. */
  showAll(): void;
}

/** What a line of a wheel that counts in lines is worth, CSS pixels. */
const LINE_PX = 16;
/** A notch of a wheel is a hundred pixels, a pinch a few: the notch counts for less, so that it zooms by half. */
const MOST_PX = 50;
const ZOOM_PER_PX = 0.008;

/** Zoom and place of a picture on its stage. Scrolling pans, a pinch and Cmd or Ctrl with the wheel zoom at the pointer. */
export function useViewport(stage: RefObject<HTMLElement | null>, picture: Size): ViewportControl {
  // Not a state: several events of one frame build on each other.
  const current = useRef<{ size: Size; view: Viewport }>({
    size: { width: 0, height: 0 },
    view: { scale: 1, x: 0, y: 0 },
  });
  const [, render] = useReducer((count: number) => count + 1, 0);
  const { width, height } = picture;

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const measure = (): void => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      const { size: before, view } = current.current;
      current.current = { size, view: keepViewport(view, before, size, { width, height }) };
      render(undefined);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage, width, height]);

  const show = (view: Viewport): boolean => {
    const { size, view: before } = current.current;
    if (view.scale === before.scale && view.x === before.x && view.y === before.y) return false;
    current.current = { size, view };
    render(undefined);
    return true;
  };
  const control: ViewportControl = {
    ...current.current,
    zoom(factor, px, py) {
      const { size, view } = current.current;
      show(zoomAt(view, factor, px ?? size.width / 2, py ?? size.height / 2, size, picture));
    },
    pan: (dx, dy) => show(panBy(current.current.view, dx, dy, current.current.size, picture)),
    showAll: () => void show(fitViewport(current.current.size, picture)),
  };

  const newest = useRef(control);
  newest.current = control;
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const onWheel = (event: WheelEvent): void => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const box = element.getBoundingClientRect();
        const px = Math.max(-MOST_PX, Math.min(MOST_PX, event.deltaY * unit));
        newest.current.zoom(Math.exp(-px * ZOOM_PER_PX), event.clientX - box.left, event.clientY - box.top);
      } else if (newest.current.pan(-event.deltaX * unit, -event.deltaY * unit)) {
        event.preventDefault(); // else the page may scroll
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [stage]);
  return control;
}
