import type { ComponentChildren } from 'preact';
import type { Picture } from '../worker/engine.js';
import { PictureCanvas } from './picture-canvas.js';
import type { Box, Size, Viewport } from './viewport.js';

interface LayerProps {
  readonly view: Viewport;
  readonly image: Size & { readonly opaque: boolean };
  /** A part of the same in full resolution, laid over it. */
  readonly detail: { readonly picture: Picture | undefined; readonly box: Box } | undefined;
  readonly children: ComponentChildren;
}

/** From here on an image's pixels are seen as squares. */
const SQUARES_SCALE = 2;

/** The whole image, enlarged from its preview, under what of it is known in full. */
export function Layer({ view: { scale, x, y }, image, detail, children }: LayerProps) {
  const place = {
    width: `${image.width * scale}px`,
    height: `${image.height * scale}px`,
    // On whole device pixels: at 100 % one of the image is one of the screen.
    transform: `translate(${snap(x)}px, ${snap(y)}px)`,
  };
  return (
    <div class={`layer ${scale > SQUARES_SCALE ? 'pixelated' : ''} ${image.opaque ? '' : 'translucent'}`} style={place}>
      {children}
      {detail?.picture && (
        <div class="detail" style={placeOf(detail.box, scale)}>
          <PictureCanvas picture={detail.picture} />
        </div>
      )}
    </div>
  );
}

function placeOf({ x, y, width, height }: Box, scale: number) {
  return {
    left: `${x * scale}px`,
    top: `${y * scale}px`,
    width: `${width * scale}px`,
    height: `${height * scale}px`,
  };
}

function snap(at: number): number {
  return Math.round(at * devicePixelRatio) / devicePixelRatio;
}
