import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { cssFromPacked } from '../state/color-chips.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import type { OpenedImage } from '../worker/engine.js';
import { averageColor, boxOfClick, type Tile } from './average-color.js';
import { Divider } from './divider.js';
import { Layer } from './layer.js';
import { paintPicture } from './paint.js';
import { PictureCanvas } from './picture-canvas.js';
import { Readout } from './readout.js';
import { SheetGrid } from './sheet-grid.js';
import { ThemeGrid } from './theme-grid.js';
import { PreviewTools } from './tools.js';
import { usePress } from './use-press.js';
import { useViewport } from './use-viewport.js';
import { type Box, boxAround, boxAt, pixelAt } from './viewport.js';

interface StageProps {
  readonly model: Model;
  readonly image: OpenedImage;
  /** @param isReplacing with Shift or Alt: for the open row instead of a new one */
  readonly onPick: (color: string, isReplacing: boolean) => void;
}

/** Source below, result above it and cut at the divider; both under one zoom. */
export function Stage({ model, image, onPick }: StageProps) {
  const { source, width, height } = image;
  const mode = useStore(model.mode);
  const stage = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLCanvasElement>(null);
  const [split, setSplit] = useState(0.5);
  const [pointerY, setPointerY] = useState(0);
  const hasResult = useStore(model.preview, (reply) => reply !== undefined);
  const isReach = useStore(model.preview, (reply) => reply?.isReach === true);
  const isComparing = useStore(model.isComparing);
  const pointed = useStore(model.pointed);
  const detail = useStore(model.detail.shown);
  const { size, view, zoom, pan, showAll } = useViewport(stage, image);

  // Painted straight from the reply, without a render in between: a slider's frame budget is short.
  useLayoutEffect(() => {
    const paint = (): void => {
      const reply = model.preview.get();
      if (reply?.picture && after.current) paintPicture(after.current, reply.picture);
    };
    paint();
    return model.preview.subscribe(paint);
  }, [model, source, hasResult]);

  const { x, y, scale } = view;
  useEffect(() => {
    const box = boxAt({ x, y, scale }, { x: 0, y: 0, ...size }, image);
    model.detail.lookAt(
      box && { box, image: { width, height }, scale: scale * devicePixelRatio, preview: source.width / width },
    );
  }, [model, image, source, size, x, y, scale, width, height]);
  useEffect(() => () => model.point(undefined), [model]);

  const tiles = useMemo((): readonly Tile[] => {
    const tiles = [{ picture: source, box: { x: 0, y: 0, width, height } }];
    if (detail) tiles.push({ picture: detail.source, box: detail.box });
    const sharpness = ({ picture, box }: Tile): number => picture.width / box.width;
    return tiles.sort((p, q) => sharpness(q) - sharpness(p));
  }, [source, width, height, detail]);
  const pick = (box: Box | undefined, isReplacing: boolean): void => {
    const color = box && averageColor(tiles, box);
    if (color !== undefined) onPick(cssFromPacked(color, source.gamut), isReplacing);
  };
  const { handlers, box, hasSpace } = usePress({
    onClick(px, py, isReplacing) {
      const at = pixelAt(view, px, py, image);
      pick(at && boxOfClick(at, image), isReplacing);
    },
    onDraw(drawn) {
      const part = boxAt(view, drawn, image);
      model.point(part && averageColor(tiles, part));
    },
    onBox: (drawn, isReplacing) => pick(boxAt(view, drawn, image), isReplacing),
    onPan: pan,
    onPinch({ dx, dy, x: px, y: py, factor }) {
      pan(dx, dy);
      zoom(factor, px, py);
    },
    onHover(point) {
      const at = point && pixelAt(view, point.x, point.y, image);
      model.point(at && averageColor(tiles, boxAround(at, 1, image)));
      if (point) setPointerY(point.y);
    },
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const by = { ArrowLeft: [32, 0], ArrowRight: [-32, 0], ArrowUp: [0, 32], ArrowDown: [0, -32] }[event.key];
    if (by) pan(by[0] as number, by[1] as number);
    else if (event.key === '+' || event.key === '=') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else if (event.key === '0') showAll();
    else if (event.key === '1') zoom(1 / scale);
    else return;
    event.preventDefault();
  };

  const isSplit = mode === 'split' && !isReach;
  const cut = isComparing ? 1 : isSplit ? split : 0;
  return (
    <div class="preview">
      <div class="stage-area">
        <section
          ref={stage}
          class={`stage ${hasSpace ? 'panning' : ''}`}
          inert={mode === 'themes' || mode === 'sheet'}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it zooms and pans by keyboard
          tabIndex={0}
          aria-label="Preview. Arrow keys pan, plus and minus zoom. A click picks a color, a drag the mean of a box"
          onKeyDown={onKeyDown}
          {...handlers}
        >
          <Layer view={view} image={image} detail={detail && { picture: detail.source, box: detail.box }}>
            <PictureCanvas picture={source} label="Original" />
          </Layer>
          {hasResult && (
            <div class="cut" style={{ clipPath: `inset(0 0 0 ${cut * 100}%)` }}>
              <Layer view={view} image={image} detail={detail}>
                <canvas key={source.gamut} ref={after} role="img" aria-label={isReach ? 'Reach' : 'Result'} />
              </Layer>
            </div>
          )}
          {isSplit && hasResult && !isComparing && <Divider value={split} width={size.width} onChange={setSplit} />}
          {box && <div class="marquee" style={px(box)} />}
          {pointed && <Readout pointed={pointed} gamut={source.gamut} isAtTop={pointerY > size.height / 2} />}
          {isComparing && <span class="badge">Original</span>}
        </section>
        {mode === 'themes' && <ThemeGrid model={model} />}
        {mode === 'sheet' && <SheetGrid model={model} />}
      </div>
      <PreviewTools model={model} scale={scale} onZoom={zoom} onFit={showAll} />
    </div>
  );
}

function px({ x, y, width, height }: Box) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}
