import { useRef } from 'preact/hooks';

interface DividerProps {
  /** 0 to 1. */
  readonly value: number;
  readonly width: number;
  readonly onChange: (value: number) => void;
}

/** The line between original and result: drag it, or move it by keys. */
export function Divider({ value, width, onChange }: DividerProps) {
  const isDragging = useRef(false);
  const move = (event: PointerEvent): void => {
    if (!isDragging.current || width === 0) return;
    const box = (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect();
    if (box) onChange(Math.min(1, Math.max(0, (event.clientX - box.left) / width)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, Home: -1, End: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(Math.min(1, Math.max(0, value + step * (event.shiftKey ? 5 : 1))));
  };
  return (
    <div
      class="divider"
      role="slider"
      tabIndex={0}
      aria-label="Divider between original and result"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
      aria-valuetext={`${Math.round(value * 100)} % original`}
      style={{ left: `${value * 100}%` }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        isDragging.current = true;
      }}
      onPointerMove={move}
      onPointerUp={(event) => {
        event.stopPropagation();
        isDragging.current = false;
      }}
    >
      <span class="divider-grip" />
    </div>
  );
}
