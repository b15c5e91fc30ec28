import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface PopoverProps {
  readonly label: string;
  /** Where it opens: below this element, or above where there is no room. */
  readonly anchor: HTMLElement | null;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly width?: number;
}

/** A panel over the window. Esc and a press outside close it, and the focus goes back to where it came from. */
export function Popover({ label, anchor, onClose, children, width = 240 }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element || !anchor) return;
    const box = anchor.getBoundingClientRect();
    const height = element.offsetHeight;
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
    const isRoomBelow = box.bottom + 4 + height <= innerHeight - 8;
    const top = isRoomBelow ? box.bottom + 4 : Math.max(8, Math.min(box.top - 4 - height, innerHeight - height - 8));
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${innerHeight - 16}px` });
    const first = element.querySelector<HTMLElement>('[data-autofocus], input, textarea, button');
    first?.focus({ preventScroll: true });
  }, [anchor, width]);

  useEffect(() => {
    const onPress = (event: PointerEvent): void => {
      const target = event.target as Node;
      if (!panel.current?.contains(target) && !anchor?.contains(target)) onClose();
    };
    addEventListener('pointerdown', onPress, true);
    return () => {
      removeEventListener('pointerdown', onPress, true);
      // Only when the focus died with the panel: a press elsewhere has its own target.
      if (document.activeElement === document.body) anchor?.focus();
    };
  }, [anchor, onClose]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
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
      style={{ width: `${width}px` }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
