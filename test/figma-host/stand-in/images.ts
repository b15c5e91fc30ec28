/** Images by content hash. */
import { readImageHeader } from './image-header.js';
import { assertOpen, later, type World } from './world.js';

const MAX_SIDE = 4096;

interface Stored {
  readonly bytes: Uint8Array;
  readonly missing: boolean;
  rejects: string | undefined;
}

export interface ImageStore {
  readonly fetches: Record<string, number>;
  readonly names: Map<string, string>;
  created: number;
  /** Downloads wait while this is set, as on a slow network; `release` lets them go. */
  isHeld: boolean;
  /** @param reversed the last asked first */
  release(reversed: boolean): void;
  /** The network is back: nothing rejects any more. */
  mend(): void;
  /** Puts an image of the scene; sizes are not limited: Figma holds older, larger ones. */
  add(name: string, bytes: Uint8Array, missing: boolean, rejects: string | undefined): string;
  knows(hash: string): boolean;
  /** For tests; counted nowhere. */
  read(hash: string): Uint8Array;
  create(bytes: unknown): unknown;
  get(hash: unknown): unknown;
}

/** @param sha1 hex digest, computed outside: the interpreter would take seconds for 14 MB */
export function createImageStore(world: World, sha1: (bytes: Uint8Array) => string): ImageStore {
  const images = new Map<string, Stored>();
  const fetches: Record<string, number> = {};
  const names = new Map<string, string>();
  const held: (() => void)[] = [];

  function handle(hash: string): unknown {
    const read = <T>(work: (stored: Stored) => T): Promise<T> => {
      assertOpen(world, 'Image');
      const turn = store.isHeld ? new Promise<void>((resolve) => held.push(resolve)) : Promise.resolve();
      const readNow = (): Promise<T> =>
        later(world, () => {
          const stored = images.get(hash);
          if (!stored) throw new Error('in Image: The image does not exist');
          if (stored.rejects !== undefined) throw new Error(stored.rejects);
          return work(stored);
        });
      return turn.then(readNow);
    };
    return Object.freeze({
      hash,
      getBytesAsync() {
        const name = names.get(hash) ?? hash;
        fetches[name] = (fetches[name] ?? 0) + 1;
        return read(({ bytes }) => bytes.slice());
      },
      getSizeAsync: () =>
        read(({ bytes }) => {
          const { width, height } = readImageHeader(bytes) ?? { width: 0, height: 0 };
          return { width, height };
        }),
    });
  }

  const store: ImageStore = {
    fetches,
    names,
    created: 0,
    isHeld: false,
    release(reversed) {
      store.isHeld = false;
      const waiting = held.splice(0);
      for (const go of reversed ? waiting.reverse() : waiting) go();
    },
    add(name, bytes, missing, rejects) {
      const hash = sha1(bytes);
      images.set(hash, { bytes, missing, rejects });
      names.set(hash, name);
      return hash;
    },
    mend() {
      for (const image of images.values()) image.rejects = undefined;
    },
    knows: (hash) => images.has(hash),
    read: (hash) => images.get(hash)?.bytes ?? new Uint8Array(),
    create(bytes) {
      assertOpen(world, 'createImage');
      if (!(bytes instanceof Uint8Array)) throw new TypeError('in createImage: Expected a Uint8Array');
      const header = readImageHeader(bytes);
      if (!header) throw new Error('in createImage: Image type is unsupported');
      if (header.width < 1 || header.height < 1) throw new Error('in createImage: Image is too small');
      if (Math.max(header.width, header.height) > MAX_SIDE) throw new Error('in createImage: Image is too large');
      const hash = sha1(bytes);
      store.created++;
      if (!images.has(hash)) images.set(hash, { bytes: bytes.slice(), missing: false, rejects: undefined });
      return handle(hash);
    },
    get(hash) {
      assertOpen(world, 'getImageByHash');
      if (typeof hash !== 'string') throw new TypeError('in getImageByHash: Expected a string');
      const stored = images.get(hash);
      return stored && !stored.missing ? handle(hash) : null;
    },
  };
  return store;
}
