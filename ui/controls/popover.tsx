import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface PopoverProps {
  readonly label: string;
  /** Where it opens: below this element, or above where there is no room. */
  readonly anchor: HTMLElement | null;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly width?: number;
  /** Selector of what it should rather not cover. */
  readonly keepsClear?: string;
}

/** With less room below it, a panel rather covers what it should not than scroll: CSS pixels. */
const LEAST_ROOM = 160;

/** A panel over the window. Esc, a press outside and Tab past its end close it; after Esc the focus is where it came from. */
export function Popover({ label, anchor, onClose, children, width = 240, keepsClear }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element || !anchor) return;
    const place = (): void => {
      const box = anchor.getBoundingClientRect();
      const height = element.scrollHeight + element.offsetHeight - element.clientHeight;
      const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
      const below = box.bottom + 4;
      const room = innerHeight - 8 - below;
      const above = Math.min(box.top - 4 - height, innerHeight - height - 8);
      const clear = keepsClear === undefined ? undefined : document.querySelector(keepsClear)?.getBoundingClientRect();
      const covers = clear !== undefined && left < clear.right && above < clear.bottom;
      const isBelow = height <= room || (covers && room >= LEAST_ROOM);
      Object.assign(element.style, {
        left: `${left}px`,
        top: `${isBelow ? below : Math.max(8, above)}px`,
        maxHeight: `${isBelow && covers ? room : innerHeight - 16}px`,
      });
    };
    place();
    const first =
      element.querySelector<HTMLElement>('[data-autofocus]') ??
      element.querySelector<HTMLElement>('input, textarea, button');
    first?.focus({ preventScroll: true });
    // Colors of the file and messages come later, and make it taller.
    const observer = new ResizeObserver(place);
    observer.observe(element);
    addEventListener('resize', place);
    return () => {
      observer.disconnect();
      removeEventListener('resize', place);
    };
  }, [anchor, width, keepsClear]);

  useEffect(() => {
    const onLeave = ({ target }: Event): void => {
      // A panel that makes room for the next one is not left.
      const isLeft = panel.current?.contains(target as Node) === false && !anchor?.contains(target as Node);
      if (isLeft) onClose();
    };
    // On the window, since a press on a bare spot of the panel leaves the focus outside of it.
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      event.preventDefault();
      onClose();
      anchor?.focus();
    };
    addEventListener('pointerdown', onLeave, true);
    addEventListener('focusin', onLeave);
    addEventListener('keydown', onEscape, true);
    return () => {
      removeEventListener('pointerdown', onLeave, true);
      removeEventListener('focusin', onLeave);
      removeEventListener('keydown', onEscape, true);
      // Only when the focus died with the panel: a press elsewhere has its own target.
      if (document.activeElement === document.body) anchor?.focus();
    };
  }, [anchor, onClose]);

  /** A slider has nothing else to do with Enter. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.target as Element).matches('[type=range], [role=slider]')) return;
    event.preventDefault();
    onClose();
    anchor?.focus();
  };
  return (
    <div
      ref={panel}
      class="popover"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      style={{ width: `${width}px` }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
