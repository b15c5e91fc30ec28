/** `figma.clientStorage`: plain data, 5 MB, always asynchronous, copies in and out. */
import { clonePlain } from './plain-data.js';
import { assertOpen, later, type World } from './world.js';

const MAX_BYTES = 5_000_000;

export function createStorage(world: World, entries: Map<string, unknown>): object {
  const size = (): number => JSON.stringify([...entries]).length;
  return Object.freeze({
    getAsync(key: string) {
      assertOpen(world, 'clientStorage.getAsync');
      return later(world, () => clonePlain(entries.get(key), 'clientStorage'));
    },
    setAsync(key: string, value: unknown) {
      assertOpen(world, 'clientStorage.setAsync');
      const copy = clonePlain(value, 'in clientStorage.setAsync');
      return later(world, () => {
        const before = entries.get(key);
        entries.set(key, copy);
        if (size() <= MAX_BYTES) return;
        if (before === undefined) entries.delete(key);
        else entries.set(key, before);
        throw new Error('in clientStorage.setAsync: The quota of 5 MB has been exceeded');
      });
    },
    deleteAsync(key: string) {
      assertOpen(world, 'clientStorage.deleteAsync');
      return later(world, () => void entries.delete(key));
    },
    keysAsync: () => later(world, () => [...entries.keys()]),
  });
}
