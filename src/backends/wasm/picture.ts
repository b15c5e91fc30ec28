import type { Collected, DistanceBand } from '../../core/analysis/bands.js';
import { planFromBands } from '../../core/analysis/plan-from-bands.js';
import { SAMPLE_PIXELS, sampleColors } from '../../core/analysis/sample-colors.js';
import { copyList, createBreath } from '../../core/breath.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { OpenPicture, PictureOptions } from '../../core/open-picture.js';
import type { Center } from '../../core/row/distance.js';
import type { Pixels } from '../../core/types.js';
import { CHUNK, COLOR_BLOCKS, MEASURED_ROWS, TABLE_BYTES } from './assembly/layout.js';
import { BandList } from './band-list.js';
import { EMITTED_BLOCKS, LIGHT_BLOCK } from './block-kernels.js';
import { EMITTED } from './control.js';
import { type Engine, ThreadLost } from './engine.js';
import type { PictureLayout } from './heap.js';
import { bucketColors, collectInCensus, sum } from './measure-census.js';
import { SINGLE, sampleScale, writeBands, writePlan } from './parameters.js';
import { flowInHeap, flowOf } from './samples.js';
import type { Turn } from './turn.js';

/** Pixels in the sample that says where radii lie about, where no census is taken: at most a millisecond's, at most this share of all. */
const DIRECT_SAMPLE_PIXELS = 1 << 16;
const SAMPLED_SHARE = 1 / 8;

interface Counted {
  readonly layout: PictureLayout;
  /** Distinct colors. */
  readonly length: number;
  /** Pixels with an alpha above 0. */
  readonly visible: number;
}

/**
 * The stages of an 8-bit picture in the engine; bytes and plans are those of `openInCore`, its reference.
 *
 * @param tables lets one picture at a time use the tables of colors
 * @throws RangeError when memory is short, before anything was done
 */
export async function openWasmPicture(
  engine: Engine,
  tables: Turn,
  pixels: Pixels,
  { wantsCensus, sample: given, signal }: PictureOptions,
): Promise<OpenPicture> {
  const { channels, gamut = 'srgb' } = pixels;
  const data = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
  const count = data.length / channels;
  const breathe = createBreath();
  const leave = wantsCensus ? await tables.enter(signal) : () => {};
  const letGo = engine.hold();
  let layout: PictureLayout | undefined;
  let counted: Counted | undefined;
  let isDirty = false;
  let isOpen = true;

  /** After a census that did not come to its end. */
  function clear(): void {
    if (!layout || !isDirty) return;
    isDirty = false;
    const { exports } = engine.own();
    for (let t = 0; t < layout.tableCount; t++) exports.clear(layout.tables + t * TABLE_BYTES, layout.more);
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    clear();
    layout = undefined;
    letGo();
    leave();
  }

  try {
    throwIfCanceled(signal);
    if (wantsCensus) layout = engine.heap().layOutPicture(Math.min(count, 2 ** 24));
  } catch (error) {
    close();
    throw error;
  }

  async function countColors(picture: PictureLayout): Promise<Counted> {
    const limits = { maxThreads: picture.tableCount, accumulates: true, signal };
    await engine.run({
      ...limits,
      kernel: 'count',
      setup: { channels, picture },
      ...flowOf(data, channels, LIGHT_BLOCK),
    });
    const { heap } = engine.own();
    heap.i32[EMITTED] = 0;
    await engine.run({
      ...limits,
      kernel: 'emit',
      setup: { channels, picture },
      ...flowInHeap(COLOR_BLOCKS, EMITTED_BLOCKS),
    });
    const length = heap.i32[EMITTED] as number;
    const visible = sum(heap.u32.subarray(picture.counts / 4, picture.counts / 4 + length));
    await breathe();
    return { layout: picture, length, visible };
  }

  /** A sample of the picture's colors, in buckets by their distance to each target. */
  function sample(targets: readonly Center[]): Float64Array[] {
    const size = Math.min(DIRECT_SAMPLE_PIXELS, Math.floor(count * SAMPLED_SHARE));
    const colors = counted ? (given ?? sampleColors(pixels, SAMPLE_PIXELS)) : sampleColors(pixels, size);
    return bucketColors(engine, colors, targets, gamut);
  }

  async function collect(bands: readonly DistanceBand[]): Promise<Collected> {
    if (counted) return collectInCensus(engine, { ...counted.layout, ...counted }, bands, gamut, signal);
    const lists = bands.map(() => new BandList());
    let visible = 0;
    for (let first = 0; first < bands.length; first += MEASURED_ROWS) {
      const group = bands.slice(first, first + MEASURED_ROWS);
      const own = lists.slice(first, first + MEASURED_ROWS);
      visible = 0;
      await engine.run({
        kernel: 'collectPixels',
        setup: { channels, rows: group.length },
        ...flowOf(data, channels, CHUNK),
        prepare: (heap) => writeBands(heap, group, gamut),
        signal,
        take(_block, { results }, found, heap) {
          visible += found;
          const part = heap.u32.subarray(results / 4, results / 4 + found);
          for (const [row, list] of own.entries()) list.add(heap, results, row, part, undefined);
        },
      });
    }
    return { visible, bands: lists.map((list) => list.toFind()) };
  }

  function viewsOf({ layout: { colors, counts, newColors }, length }: Counted) {
    const { u32 } = engine.heap();
    const view = (at: number): Uint32Array => u32.subarray(at / 4, at / 4 + length);
    return { colors: view(colors), counts: view(counts), newColors: view(newColors) };
  }

  return {
    async census() {
      if (!layout) throw new TypeError('census: the picture was opened without');
      for (;;) {
        try {
          isDirty = true;
          counted = await countColors(layout);
          isDirty = false;
          break;
        } catch (error) {
          // The pixels are as they were: those that remain count them again.
          if (!(error instanceof ThreadLost)) throw error;
          clear();
        }
      }
      const views = viewsOf(counted);
      return { ...views, counts: () => copyList(views.counts, new Float64Array(views.counts.length), signal) };
    },
    plan: (recipe) => planFromBands({ sample, scaleOf: sampleScale, collect }, recipe, gamut, signal),
    async paint(newColors) {
      const { layout: picture, length } = counted as Counted;
      const room = viewsOf(counted as Counted).newColors;
      if (newColors.byteOffset !== room.byteOffset || newColors.buffer !== room.buffer) room.set(newColors);
      await engine.run({ kernel: 'fill', setup: { picture }, ...flowInHeap(length, LIGHT_BLOCK), signal });
      await engine.run({
        kernel: 'paint',
        setup: { channels, slots: picture.slots },
        ...flowOf(data, channels, LIGHT_BLOCK, 'input'),
        signal,
      });
    },
    async pull(plan) {
      await engine.run({
        kernel: 'pullPixels',
        setup: { plan, channels },
        ...flowOf(data, channels, CHUNK, 'input'),
        prepare: (heap) => writePlan(heap, plan, SINGLE),
        signal,
      });
    },
    close,
  };
}
