import { chromaOf, distanceBetween, type LabPicture, lightnessOf } from './lab-picture.js';

/** How much local noise grows: after over before, 1 where nothing changes. */
export interface Grain {
  readonly lightness: number;
  readonly chroma: number;
}

/** Edges are no grain: the pixels with the strongest steps of the original are left out. */
const QUIET_SHARE = 0.6;
/** Standard deviations below this are those of rounding to 8 bits: growth from there says nothing. */
const ROUNDING = 5e-4;

/** The standard deviation of what a mean of 3 x 3 pixels takes away, in the quieter part of the picture. */
export function measureGrain(before: LabPicture, after: LabPicture): Grain {
  const quiet = quietPixels(before);
  const growth = (plane: (picture: LabPicture) => Float64Array): number => {
    const [was, is] = [before, after].map((picture) => highPassDeviation(plane(picture), picture.width, quiet));
    return Math.max(is as number, ROUNDING) / Math.max(was as number, ROUNDING);
  };
  return { lightness: growth(lightnessOf), chroma: growth(chromaOf) };
}

/** Pixels away from the border whose largest step from side to side is among the smaller ones. */
function quietPixels(picture: LabPicture): Uint32Array {
  const { width, height } = picture;
  const inner: number[] = [];
  for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) inner.push(y * width + x);
  const steps = Float64Array.from(inner, (i) =>
    Math.max(distanceBetween(picture, i - 1, i + 1), distanceBetween(picture, i - width, i + width)),
  );
  const limit = steps.slice().sort()[Math.floor(QUIET_SHARE * (steps.length - 1))] as number;
  return Uint32Array.from(inner.filter((_, k) => (steps[k] as number) <= limit));
}

function highPassDeviation(plane: Float64Array, width: number, pixels: Uint32Array): number {
  let sum = 0;
  for (const i of pixels) {
    let mean = 0;
    for (const row of [i - width, i, i + width]) {
      mean += (plane[row - 1] as number) + (plane[row] as number) + (plane[row + 1] as number);
    }
    sum += ((plane[i] as number) - mean / 9) ** 2;
  }
  return pixels.length === 0 ? 0 : Math.sqrt(sum / pixels.length);
}
