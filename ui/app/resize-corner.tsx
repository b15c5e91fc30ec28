import type { Host } from '../host.js';

/** Figma's windows have no edge to pull: a corner does it. */
export function ResizeCorner({ host }: { readonly host: Host }) {
  const size = (width: number, height: number): void =>
    void host
      .resize(Math.max(MIN.width, Math.round(width)), Math.max(MIN.height, Math.round(height)))
      .catch(() => undefined);
  const onPointerDown = (event: PointerEvent): void => {
    const corner = event.currentTarget as HTMLElement;
    corner.setPointerCapture(event.pointerId);
    const start = { width: innerWidth - event.clientX, height: innerHeight - event.clientY };
    const onMove = (move: PointerEvent): void => size(move.clientX + start.width, move.clientY + start.height);
    corner.addEventListener('pointermove', onMove);
    corner.addEventListener('lostpointercapture', () => corner.removeEventListener('pointermove', onMove), {
      once: true,
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: [40, 0], ArrowLeft: [-40, 0], ArrowDown: [0, 40], ArrowUp: [0, -40] }[event.key];
    if (!by) return;
    event.preventDefault();
    size(innerWidth + (by[0] as number), innerHeight + (by[1] as number));
  };
  return (
    <button
      type="button"
      class="resize"
      aria-label="Resize the window: drag, or arrow keys"
      title="Resize"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

/** Below this the panel is cut off. */
const MIN = { width: 320, height: 560 } as const;
