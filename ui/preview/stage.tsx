import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { packColor } from '../../src/core/color/packed.js';
import { cssFromPacked } from '../app/color-chips.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import type { OpenedImage } from '../worker/engine.js';
import { paintPicture } from './paint.js';
import { PictureCanvas } from './picture-canvas.js';
import { ThemeGrid } from './theme-grid.js';
import { PreviewTools } from './tools.js';
import { fitViewport, panBy, pixelAt, type Size, type Viewport, zoomAt } from './viewport.js';

interface StageProps {
  readonly model: Model;
  readonly image: OpenedImage;
  /** @param isReplacing with Shift or Alt: for the open row instead of a new one */
  readonly onPick: (color: string, isReplacing: boolean) => void;
}

/** A press that moves less than this is a click. */
const CLICK_PX = 3;
const NO_SIZE: Size = { width: 0, height: 0 };

/** Source below, result above it and cut at the divider; both under one zoom. */
export function Stage({ model, image, onPick }: StageProps) {
  const { source } = image;
  const mode = useStore(model.mode);
  const stage = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState(NO_SIZE);
  const [view, setView] = useState<Viewport>({ scale: 1, x: 0, y: 0 });
  const [split, setSplit] = useState(0.5);
  const hasResult = useStore(model.preview, (reply) => reply !== undefined);

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      setSize(next);
      setView(fitViewport(next, source));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [source]);

  // Painted straight from the reply, without a render in between: a slider's frame budget is short.
  useLayoutEffect(() => {
    const paint = (): void => {
      const reply = model.preview.get();
      if (reply && after.current) paintPicture(after.current, reply.picture);
    };
    paint();
    return model.preview.subscribe(paint);
  }, [model, source, hasResult]);

  const zoom = (factor: number, px = size.width / 2, py = size.height / 2): void =>
    setView((current) => zoomAt(current, factor, px, py, size, source));

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0025), event.clientX - box.left, event.clientY - box.top);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  const press = usePress(
    (dx, dy) => setView((current) => panBy(current, dx, dy, size, source)),
    (px, py, isReplacing) => {
      const at = pixelAt(view, px, py, source);
      if (!at) return;
      const [r = 0, g = 0, b = 0, alpha] = source.data.subarray((at.y * source.width + at.x) * 4);
      if (alpha !== 0) onPick(cssFromPacked(packColor(r, g, b), source.gamut), isReplacing);
    },
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const pan = { ArrowLeft: [32, 0], ArrowRight: [-32, 0], ArrowUp: [0, 32], ArrowDown: [0, -32] }[event.key];
    if (pan) setView((current) => panBy(current, pan[0] as number, pan[1] as number, size, source));
    else if (event.key === '+' || event.key === '=') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else if (event.key === '0') setView(fitViewport(size, source));
    else return;
    event.preventDefault();
  };

  const place = {
    width: `${source.width * view.scale}px`,
    height: `${source.height * view.scale}px`,
    transform: `translate(${view.x}px, ${view.y}px)`,
  };
  const cut = mode === 'split' ? split : 0;
  const kind = `layer ${view.scale > 2 ? 'pixelated' : ''} ${image.opaque ? '' : 'translucent'}`;
  return (
    <div class="preview">
      <div class="stage-area">
        <section
          ref={stage}
          class="stage"
          inert={mode === 'themes'}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it zooms and pans by keyboard
          tabIndex={0}
          aria-label="Preview. Arrow keys pan, plus and minus zoom, a click picks a color"
          onKeyDown={onKeyDown}
          {...press}
        >
          <div class={kind} style={place}>
            <PictureCanvas picture={source} label="Original" />
          </div>
          {hasResult && (
            <div class="cut" style={{ clipPath: `inset(0 0 0 ${cut * 100}%)` }}>
              <div class={kind} style={place}>
                <canvas key={source.gamut} ref={after} role="img" aria-label={mode === 'reach' ? 'Reach' : 'Result'} />
              </div>
            </div>
          )}
          {mode === 'split' && hasResult && <Divider value={split} width={size.width} onChange={setSplit} />}
        </section>
        {mode === 'themes' && <ThemeGrid model={model} />}
      </div>
      <PreviewTools
        model={model}
        scale={view.scale * (source.width / image.width)}
        onZoom={zoom}
        onFit={() => setView(fitViewport(size, source))}
      />
    </div>
  );
}

/** Pointer handlers that tell a drag from a click. */
function usePress(
  onDrag: (dx: number, dy: number) => void,
  onClick: (px: number, py: number, withModifier: boolean) => void,
) {
  const last = useRef<{ x: number; y: number; moved: number } | undefined>(undefined);
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      last.current = { x: event.clientX, y: event.clientY, moved: 0 };
    },
    onPointerMove(event: PointerEvent) {
      const from = last.current;
      if (!from) return;
      const dx = event.clientX - from.x;
      const dy = event.clientY - from.y;
      const moved = from.moved + Math.abs(dx) + Math.abs(dy);
      last.current = { x: event.clientX, y: event.clientY, moved };
      if (moved > CLICK_PX) onDrag(dx, dy);
    },
    onPointerUp(event: PointerEvent) {
      const from = last.current;
      last.current = undefined;
      if (!from || from.moved > CLICK_PX) return;
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      onClick(event.clientX - box.left, event.clientY - box.top, event.shiftKey || event.altKey);
    },
    onPointerCancel() {
      last.current = undefined;
    },
  };
}

interface DividerProps {
  /** 0 to 1. */
  readonly value: number;
  readonly width: number;
  readonly onChange: (value: number) => void;
}

function Divider({ value, width, onChange }: DividerProps) {
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
