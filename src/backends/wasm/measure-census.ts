/** Radii among the colors of a census that lies in the heap. */
import type { Collected, DistanceBand } from '../../core/analysis/bands.js';
import type { Census } from '../../core/analysis/census.js';
import { radiiFromBands } from '../../core/analysis/plan-from-bands.js';
import type { Radius } from '../../core/analysis/radius.js';
import { SAMPLE_PIXELS } from '../../core/analysis/sample-colors.js';
import type { PlanTarget } from '../../core/analysis/targets.js';
import { copyList } from '../../core/breath.js';
import type { Center } from '../../core/row/distance.js';
import type { Cancel, Gamut } from '../../core/types.js';
import { BUCKET_COUNT, BUFFER_INPUT, BUFFER_RESULTS, CHUNK, MEASURED_ROWS } from './assembly/layout.js';
import { BandList } from './band-list.js';
import type { Engine } from './engine.js';
import type { Heap } from './heap.js';
import { SINGLE, sampleScale, writeBands, writeCenters } from './parameters.js';
import { flowInHeap } from './samples.js';
import type { Turn } from './turn.js';

/** Where a census lies in the heap: addresses of its packed colors and of the visible pixels of each, uint32. */
export interface CensusPlace {
  readonly colors: number;
  readonly counts: number;
  /** Distinct colors. */
  readonly length: number;
  /** Visible pixels of all of them. */
  readonly visible: number;
}

/** A census that lies in the heap until a picture is counted there. */
interface Resident {
  readonly census: Census;
  /** Weakly: a heap that nobody uses is to go. */
  readonly heap: WeakRef<Heap>;
  readonly place: CensusPlace;
  readonly sampled: Uint32Array;
}

/**
 * `Backend.measureCensus`. A slider that is dragged asks about one census again and again: it is copied once.
 *
 * @param tables of pictures, beside which a census lies
 * @returns `pictureTables` are the same for whoever counts a picture
 */
export function createCensusMeasurer(engine: Engine, tables: Turn) {
  let resident: Resident | undefined;

  async function settle(census: Census, visible: number, signal?: Cancel): Promise<Resident> {
    const { colors, counts } = census;
    const heap = engine.heap();
    if (resident?.census === census && resident.heap.deref() === heap) return resident;
    const place = { ...heap.layOutPicture(colors.length), length: colors.length, visible };
    const room = (at: number): Uint32Array => heap.u32.subarray(at / 4, at / 4 + colors.length);
    resident = undefined;
    await copyList(colors, room(place.colors), signal);
    await copyList(counts, room(place.counts), signal);
    resident = { census, heap: new WeakRef(heap), place, sampled: sampleCensus(colors, counts, visible) };
    return resident;
  }

  async function measureCensus(
    census: Census,
    targets: readonly PlanTarget[],
    gamut: Gamut,
    signal?: Cancel,
  ): Promise<readonly Radius[] | undefined> {
    const visible = resident?.census === census ? resident.place.visible : sum(census.counts);
    if (visible >= 2 ** 32) return undefined; // areas, not pixels
    const leave = await tables.enter(signal);
    const letGo = engine.hold();
    try {
      const { place, sampled } = await settle(census, visible, signal);
      const source = {
        sample: (centers: readonly Center[]) => bucketColors(engine, sampled, centers, gamut),
        scaleOf: sampleScale,
        collect: (bands: readonly DistanceBand[]) => collectInCensus(engine, place, bands, gamut, signal),
      };
      return (await radiiFromBands(source, targets, gamut, signal)).radii;
    } finally {
      letGo();
      leave();
    }
  }

  const pictureTables: Turn = {
    async enter(signal) {
      const leave = await tables.enter(signal);
      resident = undefined;
      return leave;
    },
  };
  return { measureCensus, pictureTables };
}

export function sum(counts: Float64Array | Uint32Array): number {
  let all = 0;
  for (let i = 0; i < counts.length; i++) all += counts[i] as number;
  return all;
}

/** Colors as often as their pixels are met in steps of one length through all pixels. */
function sampleCensus(colors: Uint32Array, counts: Float64Array, visible: number): Uint32Array {
  const sampled = new Uint32Array(Math.min(SAMPLE_PIXELS, visible));
  const stride = visible / sampled.length;
  for (let i = -1, passed = 0, n = 0; n < sampled.length; n++) {
    while (passed <= n * stride) passed += counts[++i] as number;
    sampled[n] = colors[i] as number;
  }
  return sampled;
}

/** What lies in bands of distances. */
export async function collectInCensus(
  engine: Engine,
  { colors, counts, length, visible }: CensusPlace,
  bands: readonly DistanceBand[],
  gamut: Gamut,
  signal?: Cancel,
): Promise<Collected> {
  const lists = bands.map(() => new BandList());
  const viewOf = ({ u32 }: Heap, at: number): Uint32Array => u32.subarray(at / 4, at / 4 + length);
  for (let first = 0; first < bands.length; first += MEASURED_ROWS) {
    const group = bands.slice(first, first + MEASURED_ROWS);
    const own = lists.slice(first, first + MEASURED_ROWS);
    await engine.run({
      kernel: 'collectColors',
      setup: { colors, counts, rows: group.length },
      ...flowInHeap(length, CHUNK),
      prepare: (heap) => writeBands(heap, group, gamut),
      signal,
      take(block, { results }, _result, heap) {
        const [from, to] = [block * CHUNK, (block + 1) * CHUNK];
        const part = viewOf(heap, colors).subarray(from, to);
        const pixels = viewOf(heap, counts).subarray(from, to);
        for (const [row, list] of own.entries()) list.add(heap, results, row, part, pixels);
      },
    });
  }
  return { visible, bands: lists.map((list) => list.toFind()) };
}

/** Sorts a few colors into buckets by their distance to each target, on the calling thread. */
export function bucketColors(
  engine: Engine,
  colors: Uint32Array,
  targets: readonly Center[],
  gamut: Gamut,
): Float64Array[] {
  const { heap, exports } = engine.own();
  const buffer = heap.bufferAt(0);
  const [input, results] = [buffer + BUFFER_INPUT, buffer + BUFFER_RESULTS];
  const all = targets.map(() => new Float64Array(BUCKET_COUNT));
  for (let first = 0; first < targets.length; first += MEASURED_ROWS) {
    const group = all.slice(first, first + MEASURED_ROWS);
    writeCenters(heap, targets.slice(first, first + MEASURED_ROWS), gamut, SINGLE);
    for (let start = 0; start < colors.length; start += CHUNK) {
      const chunk = colors.subarray(start, start + CHUNK);
      heap.u32.set(chunk, input / 4);
      exports.bucket(input, chunk.length, group.length, results);
      group.forEach((pixels, row) => {
        const found = results / 2 + row * CHUNK;
        for (const bucket of heap.u16.subarray(found, found + chunk.length)) {
          pixels[bucket] = (pixels[bucket] as number) + 1;
        }
      });
    }
  }
  return all;
}
