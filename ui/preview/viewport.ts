/** Where a picture lies on the stage: CSS pixels that one of its pixels takes, and its upper left corner. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** A rectangle, with its upper left corner. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MAX_SCALE = 32;
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

/** The same part of the picture on a stage of another size; what was fitted is fitted again. */
export function keepViewport(view: Viewport, before: Size, stage: Size, picture: Size): Viewport {
  const isFitted = view.scale <= fitViewport(before, picture).scale;
  if (isFitted || before.width === 0) return fitViewport(stage, picture);
  const scale = Math.max(view.scale, fitViewport(stage, picture).scale);
  const ratio = scale / view.scale;
  const center = (at: number, was: number, room: number): number => room / 2 - (was / 2 - at) * ratio;
  const x = center(view.x, before.width, stage.width);
  const y = center(view.y, before.height, stage.height);
  return limit({ scale, x, y }, stage, picture);
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

/** The picture's whole pixels that a rectangle of the stage touches. @returns undefined where it touches none */
export function boxAt(view: Viewport, { x, y, width, height }: Box, picture: Size): Box | undefined {
  const [left, right] = span((x - view.x) / view.scale, (x + width - view.x) / view.scale, picture.width);
  const [top, bottom] = span((y - view.y) / view.scale, (y + height - view.y) / view.scale, picture.height);
  if (right <= left || bottom <= top) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A square of pixels around one, as far as the picture goes. @param side odd */
export function boxAround({ x, y }: { readonly x: number; readonly y: number }, side: number, picture: Size): Box {
  const [left, right] = span(x - (side - 1) / 2, x + (side + 1) / 2, picture.width);
  const [top, bottom] = span(y - (side - 1) / 2, y + (side + 1) / 2, picture.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function span(from: number, to: number, most: number): [number, number] {
  return [Math.max(0, Math.floor(from)), Math.min(most, Math.ceil(to))];
}
