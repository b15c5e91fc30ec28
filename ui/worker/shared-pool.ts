/** The plan that layers and images share, while there is one. */
import { ColorshineError } from '../../src/core/errors.js';
import { type CountedImage, makePool, type Pool, type PoolSpec } from './pool.js';

export interface SharedPool {
  /** Undefined while each image has a plan of its own. */
  peek(): Pool | undefined;
  /** @throws INVALID_PIXELS without one */
  get(): Pool;
  /** @returns hashes of the images that it lacks: they are to be counted */
  set(spec: PoolSpec | undefined): string[];
  /** An image's part in the next pool. */
  add(hash: string, image: CountedImage): void;
}

export function createSharedPool(): SharedPool {
  let pool: Pool | undefined;
  const counted = new Map<string, CountedImage>();
  return {
    peek: () => pool,
    get() {
      if (pool) return pool;
      throw new ColorshineError('INVALID_PIXELS', 'pool: expected colors of layers, got none');
    },
    set(spec) {
      const wanted = new Set(spec?.images.map(({ hash }) => hash));
      // Switched off and on again, nothing is to be counted anew.
      for (const hash of counted.keys()) if (spec && !wanted.has(hash)) counted.delete(hash);
      pool = spec && makePool(spec, counted);
      return [...wanted].filter((hash) => !counted.has(hash));
    },
    add: (hash, image) => void counted.set(hash, image),
  };
}
