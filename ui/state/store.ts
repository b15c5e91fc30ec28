import { useEffect, useState } from 'preact/hooks';

/** A value that the window follows. */
export interface Store<T> {
  get(): T;
  set(next: T): void;
  update(change: (value: T) => T): void;
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T): void => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The store's value, or the part that `select` takes of it; renders again when that changes. */
export function useStore<T, P = T>(store: Store<T>, select: (value: T) => P = (value) => value as unknown as P): P {
  const [part, setPart] = useState(() => select(store.get()));
  useEffect(() => {
    const read = (): void => setPart(() => select(store.get()));
    read();
    return store.subscribe(read);
  }, [store]);
  return part;
}
