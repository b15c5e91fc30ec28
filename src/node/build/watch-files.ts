import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { isInside } from './paths.js';

/** Editors write a file in several steps; a change counts when nothing more has happened for this long. */
const SETTLE_MS = 80;
/** The system's times of files are that coarse, and more. */
const TICK_MS = 20;

export interface WatchList {
  /** Absolute paths of folders; what is in them counts, what is in folders below does not. */
  readonly folders: readonly string[];
  /** Whether a change of this absolute path counts. */
  readonly isRelevant: (path: string) => boolean;
}

export interface FileWatcher {
  /**
   * Replaces the list; changes that were seen before and still count are kept.
   *
   * @param since milliseconds since 1970: what changed from then on in folders that were not watched counts, too
   */
  watch(list: WatchList, since?: number): void;
  /** Paths that changed since the last call, once things have settled; empty after `timeoutMs` without a change. */
  next(timeoutMs: number): Promise<readonly string[]>;
  close(): void;
}

/**
 * Watches folders, one by one: the recursive mode of the system differs between platforms, and it would walk node_modules.
 * Folders rather than files, because editors replace files.
 */
export function watchFiles(): FileWatcher {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let isRelevant: WatchList['isRelevant'] = () => false;
  let lastChange = 0;
  let wake: (() => void) | undefined;

  function hear(folder: string, event: string, name: string | null): void {
    // A folder that was deleted or moved says so by its own name.
    const path = name === null || name === basename(folder) ? folder : join(folder, name);
    if (event === 'rename') dropBelow(path);
    if (!isRelevant(path)) return;
    changed.add(path);
    lastChange = performance.now();
    wake?.();
  }

  function add(folder: string): void {
    try {
      const watcher = watch(folder, (event, name) => hear(folder, event, name));
      watcher.on('error', () => drop(folder)); // deleted, as some systems say it
      watchers.set(folder, watcher);
    } catch {
      // It vanished between listing and watching; its parent will tell.
    }
  }

  /** What was saved after it had been read and before anybody listened. */
  function lookBack(folder: string, since: number): void {
    try {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (!isRelevant(path)) continue;
        const { mtimeMs, ctimeMs } = statSync(path);
        if (Math.max(mtimeMs, ctimeMs) >= since - TICK_MS) changed.add(path);
      }
    } catch {
      // What vanished meanwhile is heard of by now.
    }
  }

  function drop(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  /** Watchers follow what was there, and not what has its place now: they are made anew with the next list. */
  function dropBelow(path: string): void {
    for (const folder of [...watchers.keys()]) if (isInside(path, folder)) drop(folder);
  }

  return {
    watch(list, since) {
      isRelevant = list.isRelevant;
      const wanted = new Set(list.folders);
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) drop(folder);
      for (const folder of wanted) {
        if (watchers.has(folder)) continue;
        add(folder);
        if (since !== undefined) lookBack(folder, since);
      }
      for (const path of changed) if (!isRelevant(path)) changed.delete(path);
    },
    async next(timeoutMs) {
      if (changed.size === 0) await sleepOrWake(timeoutMs);
      while (changed.size > 0 && performance.now() - lastChange < SETTLE_MS) await sleepOrWake(SETTLE_MS);
      const paths = [...changed].sort();
      changed.clear();
      return paths;
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };

  function sleepOrWake(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
