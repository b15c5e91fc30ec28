import { useMemo, useRef } from 'preact/hooks';
import type { Lch } from '../../src/core/color/oklch.js';
import { PictureCanvas } from '../preview/picture-canvas.js';
import { drawPlane, edgeOf, MAX_CHROMA, mostChroma } from './oklch-plane.js';

interface OklchFieldProps {
  readonly color: Lch;
  /** CSS, for the thumb. */
  readonly shown: string;
  readonly onInput: (part: Pick<Lch, 'l' | 'c'>) => void;
}

/** What an arrow key moves by, with Shift ten times as much. */
const STEP = { l: 0.01, c: 0.005 };

const MOVES: Readonly<Record<string, Pick<Lch, 'l' | 'c'>>> = {
  ArrowUp: { l: STEP.l, c: 0 },
  ArrowDown: { l: -STEP.l, c: 0 },
  ArrowRight: { l: 0, c: STEP.c },
  ArrowLeft: { l: 0, c: -STEP.c },
  PageUp: { l: 10 * STEP.l, c: 0 },
  PageDown: { l: -10 * STEP.l, c: 0 },
};

/**
 * Chroma and lightness of one hue as a field, with the edges of sRGB and Display P3. Arrow keys move; Home takes the chroma
 * away, End goes to the edge of sRGB. What no display shows is not taken.
 */
export function OklchField({ color: { l, c, h }, shown, onInput }: OklchFieldProps) {
  const field = useRef<HTMLDivElement>(null);
  // A drag within the field draws nothing anew.
  const hue = Math.round(h);
  const plane = useMemo(() => drawPlane(hue), [hue]);
  const edges = useMemo(() => ({ srgb: edgeOf(hue, 'srgb'), p3: edgeOf(hue, 'display-p3') }), [hue]);

  const take = (lightness: number, chroma: number): void => {
    const next = Math.min(1, Math.max(0, lightness));
    onInput({ l: next, c: Math.min(Math.max(0, chroma), mostChroma(next, h, 'display-p3')) });
  };
  const takeAt = (event: PointerEvent): void => {
    const box = field.current?.getBoundingClientRect();
    if (!box || event.buttons === 0) return;
    take(1 - (event.clientY - box.top) / box.height, ((event.clientX - box.left) / box.width) * MAX_CHROMA);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    const times = event.shiftKey && event.key.startsWith('Arrow') ? 10 : 1;
    if (move) take(l + times * move.l, c + times * move.c);
    else if (event.key === 'Home') take(l, 0);
    else if (event.key === 'End') take(l, mostChroma(l, h, 'srgb'));
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={field}
      class="oklch-field"
      role="slider"
      tabIndex={0}
      data-autofocus
      aria-label="Lightness and chroma"
      aria-roledescription="field"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(l * 100)}
      aria-valuetext={`Lightness ${Math.round(l * 100)} %, chroma ${c.toFixed(3)}`}
      title="Up: lighter. Right: more chroma. Solid line: what sRGB has, dashed: Display P3"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        takeAt(event);
      }}
      onPointerMove={takeAt}
    >
      <PictureCanvas picture={plane} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <path class="beyond" d={`M1 0H0L${edges.p3}L0 1H1Z`} />
        <path class="edge" d={`M${edges.srgb}`} />
        <path class="edge p3" d={`M${edges.p3}`} />
      </svg>
      <i class="thumb-2d" style={{ left: `${(c / MAX_CHROMA) * 100}%`, top: `${(1 - l) * 100}%`, '--swatch': shown }} />
    </div>
  );
}
