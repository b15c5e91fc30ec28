import { createBuildEngine } from '../build/engine.js';
import type { Engine } from '../engine.js';

/** The engine's threads end this long after the last image, so that a build's process can end. */
const IDLE_MS = 500;

/** One engine for images that come close together. */
export function lendEngine(): <T>(work: (engine: Engine) => Promise<T>) => Promise<T> {
  let engine: Engine | undefined;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;
  return async (work) => {
    clearTimeout(idle);
    engine ??= createBuildEngine();
    users++;
    try {
      return await work(engine);
    } finally {
      users--;
      if (users === 0) {
        idle = setTimeout(() => {
          engine?.dispose();
          engine = undefined;
        }, IDLE_MS).unref();
      }
    }
  };
}
