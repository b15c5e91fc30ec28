import { createBuildEngine } from '../build/engine.js';
import type { Engine } from '../engine.js';

/** The engine's threads end this long after the last image, so that a build's process can end. */
const IDLE_MS = 500;

/** Images in work at once: one decodes or encodes while another is recolored; more would only take memory. */
const CONCURRENCY = 2;

/** One engine for images that come close together. */
export function lendEngine(): <T>(work: (engine: Engine) => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let engine: Engine | undefined;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;
  return async (work) => {
    while (users >= CONCURRENCY) await new Promise<void>((wake) => waiting.push(wake));
    users++;
    clearTimeout(idle);
    engine ??= createBuildEngine();
    try {
      return await work(engine);
    } finally {
      users--;
      waiting.shift()?.();
      if (users === 0) {
        idle = setTimeout(() => {
          engine?.dispose();
          engine = undefined;
        }, IDLE_MS).unref();
      }
    }
  };
}
