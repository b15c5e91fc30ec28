/** The picture that is shown: an image of the selection, or, where there is none, the layers' colors. */
import type { Host } from '../host.js';
import type { Engine } from '../worker/engine.js';
import type { LayerColors } from './layer-colors.js';
import { COLOR_BOARD, type ImageState } from './model.js';
import type { Results } from './results.js';
import type { Store } from './store.js';

/** Faults that may be gone the next time: the network's, a worker's. */
const PASSING_CODES = new Set(['IMAGE_UNREADABLE', 'BACKEND_FAILED', 'WORKER_LOST']);

export interface Opening {
  /** Opens an image in place of the one that is shown, or on its way. Never rejects: the image's state tells. */
  open(hash: string): Promise<void>;
  /** Opens the picture of the layers' colors, or none. */
  openPool(): Promise<void>;
  /** Nothing is shown any more. */
  close(): void;
}

interface Parts {
  readonly host: Host;
  readonly engine: Engine;
  readonly image: Store<ImageState>;
  readonly layers: LayerColors;
  readonly results: Pick<Results, 'clear' | 'refresh'>;
}

export function createOpening({ host, engine, image, layers, results }: Parts): Opening {
  let opening: AbortController | undefined;

  async function open(hash: string): Promise<void> {
    opening?.abort();
    const mine = new AbortController();
    opening = mine;
    results.clear();
    image.set({ kind: 'loading', hash });
    try {
      const file = await host.readImage(hash);
      if (mine.signal.aborted) return;
      const opened = await engine.open(file, mine.signal);
      if (mine.signal.aborted) return;
      image.set({ kind: 'open', hash, image: opened });
      layers.include(hash);
      results.refresh();
    } catch (error) {
      if (mine.signal.aborted) return;
      const { code = '', message = String(error) } = error as { code?: string; message?: string };
      image.set({ kind: 'error', hash, message, canRetry: PASSING_CODES.has(code) });
    }
  }

  return {
    open,
    async openPool() {
      if (layers.isActive()) image.set({ kind: 'open', hash: COLOR_BOARD, image: await engine.openPool() });
      else image.set({ kind: 'none' });
    },
    close() {
      opening?.abort();
      results.clear();
      image.set({ kind: 'none' });
    },
  };
}
