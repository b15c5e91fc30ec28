/** Where a picture lies on the stage: scale in stage pixels a picture pixel, and its upper left corner. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MAX_SCALE = 16;
/** Free space around a fitted picture. */
const MARGIN = 8;

/** Of a tiny picture's longer side, so that the divider does not hide it. */
const LEAST_SIZE = 96;

/** The whole picture, centered; small ones are enlarged at most fourfold, tiny ones until they can be seen. */
export function fitViewport(stage: Size, picture: Size): Viewport {
  const most = Math.max(4, LEAST_SIZE / Math.max(picture.width, picture.height));
  const scale = Math.min(
    (stage.width - 2 * MARGIN) / picture.width,
    (stage.height - 2 * MARGIN) / picture.height,
    most,
  );
  return centered(stage, picture, Math.max(scale, 0.01));
}

function centered(stage: Size, picture: Size, scale: number): Viewport {
  return { scale, x: (stage.width - picture.width * scale) / 2, y: (stage.height - picture.height * scale) / 2 };
}

/** Zooms so that the stage's point stays on the same pixel; not below the fitted scale. */
export function zoomAt(view: Viewport, factor: number, px: number, py: number, stage: Size, picture: Size): Viewport {
  const fit = fitViewport(stage, picture);
  const scale = Math.max(fit.scale, Math.min(MAX_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return limit({ scale, x: px - (px - view.x) * ratio, y: py - (py - view.y) * ratio }, stage, picture);
}

export function panBy(view: Viewport, dx: number, dy: number, stage: Size, picture: Size): Viewport {
  return limit({ ...view, x: view.x + dx, y: view.y + dy }, stage, picture);
}

/** A picture smaller than the stage is centered; a larger one has no gap at its sides. */
function limit(view: Viewport, stage: Size, picture: Size): Viewport {
  const axis = (at: number, room: number, size: number): number =>
    size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, at));
  return {
    scale: view.scale,
    x: axis(view.x, stage.width, picture.width * view.scale),
    y: axis(view.y, stage.height, picture.height * view.scale),
  };
}

/** The picture's pixel under a point of the stage. @returns undefined outside */
export function pixelAt(view: Viewport, px: number, py: number, picture: Size): { x: number; y: number } | undefined {
  const x = Math.floor((px - view.x) / view.scale);
  const y = Math.floor((py - view.y) / view.scale);
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y } : undefined;
}
