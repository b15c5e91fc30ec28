import { COLOR_COUNT } from '../core/color/packed.js';
import { type Census, type Gamut, type Pixels, type Plan, planFromCensuses, type Recipe } from '../core/index.js';
import { type MeasureOptions, takeCensus } from '../core/measure-plan.js';
import type { OpenImage } from './image/open-image.js';
import { openPixelSource, type PixelOptions } from './pipeline/pixel-source.js';

/** A census that grows picture by picture; one table of 64 MiB for each gamut makes adding a color one look-up. */
export interface CensusPool {
  /** Adds an image, a large one strip by strip; 16-bit ones are counted at 8 bits. @throws INPUT_CORRUPT, DISK_FULL, CANCELED */
  addImage(image: OpenImage, options: MeasureOptions & PixelOptions): Promise<void>;
  /** Adds a census made elsewhere. */
  addCensus(part: CensusPart): void;
  /** What was added, one a gamut, in the order in which the gamuts came. */
  parts(): CensusPart[];
  /** The plan of all that was added. */
  plan(recipe: Recipe): Plan;
}

/** The census of one gamut's pictures. */
export interface CensusPart {
  readonly gamut: Gamut;
  readonly census: Census;
}

export function createCensusPool(): CensusPool {
  const pools = new Map<Gamut, GrowingCensus>();
  const addCensus = ({ gamut, census }: CensusPart): void => {
    let pool = pools.get(gamut);
    if (!pool) pools.set(gamut, (pool = new GrowingCensus()));
    pool.add(census);
  };
  const parts = (): CensusPart[] => [...pools].map(([gamut, pool]) => ({ gamut, census: pool.toCensus() }));
  const add = async (pixels: Pixels, { backend, signal }: MeasureOptions): Promise<void> => {
    const { gamut = 'srgb' } = pixels;
    const data = pixels.data instanceof Uint16Array ? toBytes(pixels.data) : pixels.data;
    addCensus({ gamut, census: await takeCensus({ ...pixels, data }, { backend, signal }) });
  };
  return {
    async addImage(image, options) {
      const source = openPixelSource(image, options);
      try {
        await source.work({
          inMemory: ({ pixels }) => add(pixels, options),
          onDisk: ({ strips, image: { pixels } }, onShare) =>
            strips.run({ signal: options.signal, onShare }, (data) => {
              const height = data.length / pixels.channels / pixels.width;
              return add({ ...pixels, data, height }, options);
            }),
        });
      } finally {
        await source.close();
      }
    },
    addCensus,
    parts,
    plan(recipe) {
      const all = parts();
      return planFromCensuses(all, recipe, all[0]?.gamut ?? 'srgb');
    },
  };
}

class GrowingCensus {
  /** Position of a color in the lists plus one, 0 for a new color. */
  private readonly places = new Uint32Array(COLOR_COUNT);
  private readonly colors: number[] = [];
  private readonly counts: number[] = [];

  add({ colors, counts }: Census): void {
    for (let i = 0; i < colors.length; i++) {
      const color = colors[i] as number;
      const place = this.places[color] as number;
      if (place > 0) this.counts[place - 1] = (this.counts[place - 1] as number) + (counts[i] as number);
      else {
        this.places[color] = this.colors.push(color);
        this.counts.push(counts[i] as number);
      }
    }
  }

  toCensus(): Census {
    return { colors: Uint32Array.from(this.colors), counts: Float64Array.from(this.counts) };
  }
}

function toBytes(samples: Uint16Array): Uint8Array {
  return Uint8Array.from(samples, (value) => Math.round(value / 257));
}
