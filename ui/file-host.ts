import type { ApplyReport, SelectionInfo, Skipped } from '../src/protocol/replies.js';
import type { Json } from '../src/protocol/schema.js';
import type { FileHost, FileResult, Job } from './host.js';
import { createStore } from './state/store.js';

const STORAGE_PREFIX = 'colorshine.';

interface Entry {
  readonly hash: string;
  readonly file: File;
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** The host of the playground: files that were dropped, pasted or chosen. They never leave the page. */
export function createFileHost(): FileHost {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let revision = 0;
  let lastNumber = 0;
  const results = createStore<readonly FileResult[]>([]);

  const changed = (): void => {
    revision++;
    for (const listener of [...listeners]) listener();
  };

  function beginJob(hashes: readonly string[]): Job {
    const finished = new Map<string, FileResult>();
    const skipped: Skipped[] = [];
    const known = hashes.filter((hash) => entries.has(hash));
    const nameOf = (hash: string): string => entries.get(hash)?.file.name ?? 'image';
    return {
      hashes: known,
      colors: [],
      async paint() {},
      async put(hash, bytes, format) {
        const mime = `image/${format}`;
        const file = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mime });
        finished.set(hash, { name: resultName(nameOf(hash), format), mime, file, url: URL.createObjectURL(file) });
      },
      async skip(hash, reason, detail) {
        skipped.push({ layer: nameOf(hash), layerId: hash, reason, ...(detail !== undefined && { detail }) });
      },
      async commit(): Promise<ApplyReport> {
        const { size } = finished;
        if (size > 0) {
          letGo(results.get());
          results.set([...finished.values()]);
          for (const result of finished.values()) download(result);
        }
        return { layers: size, styles: 0, images: size, skipped };
      },
      async cancel() {
        letGo(finished.values());
      },
    };
  }

  return {
    kind: 'file',
    start: async () => ({ command: 'recolor', headless: false, parameters: {}, colorProfile: 'srgb' }),
    getSelection: async () => describeEntries([...entries.values()], revision),
    onSelectionChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async readImage(hash) {
      const entry = entries.get(hash);
      if (!entry) throw Object.assign(new Error('the file was removed'), { code: 'IMAGE_MISSING' });
      return new Uint8Array(await entry.file.arrayBuffer());
    },
    beginJob: async (hashes) => beginJob(hashes),
    getLayerCensus: async () => ({ revision, colors: [], images: {}, layers: 0, styles: [], recolored: 0 }),
    restore: async () => ({ layers: 0, styles: 0, images: 0, skipped: [] }),
    listLibraries: async () => [],
    listLibrary: async () => [],
    importVariables: async () => [],
    listColors: async () => ({ collections: [], styles: [], selection: null }),
    readStorage: async (key) => readLocal(key),
    writeStorage: async (key, value) => writeLocal(key, value),
    resize: async () => {},
    undo: async () => {},
    settleUndo: async () => {},
    close: async () => {},

    async addFiles(files) {
      for (const file of files) {
        const hash = `file-${++lastNumber}`;
        entries.set(hash, { hash, file, size: null });
      }
      changed();
    },
    removeFile(hash) {
      if (entries.delete(hash)) changed();
    },
    results,
    dismissResults() {
      letGo(results.get());
      results.set([]);
    },
  };
}

function describeEntries(entries: readonly Entry[], revision: number): SelectionInfo {
  return {
    revision,
    selected: entries.length,
    images: entries.map(({ hash, file, size }) => ({
      hash,
      shown: [hash],
      width: size?.width ?? null,
      height: size?.height ?? null,
      layers: [{ id: hash, name: file.name, where: 'fill' }],
      styleIds: [],
    })),
    styles: [],
    skipped: [],
    recolored: 0,
  };
}

/** As the command line names its output: photo.jpg becomes photo_colorshine.jpg. */
export function resultName(name: string, format: 'png' | 'jpeg'): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const given = dot > 0 ? name.slice(dot + 1) : '';
  const fits = format === 'png' ? /^png$/i.test(given) : /^jpe?g$/i.test(given);
  return `${stem}_colorshine.${fits ? given : format === 'png' ? 'png' : 'jpg'}`;
}

function download({ name, url }: FileResult): void {
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
}

/** What is no longer listed was downloaded long ago. */
function letGo(results: Iterable<FileResult>): void {
  for (const { url } of results) URL.revokeObjectURL(url);
}

function readLocal(key: string): Json {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_PREFIX + key) ?? 'null') as Json;
  } catch {
    return null; // private mode, or not ours
  }
}

function writeLocal(key: string, value: Json): void {
  try {
    if (value === null) localStorage.removeItem(STORAGE_PREFIX + key);
    else localStorage.setItem(STORAGE_PREFIX + key, JSON.stringify(value));
  } catch (cause) {
    throw Object.assign(new Error('this browser stores nothing for the page', { cause }), { code: 'STORAGE_FULL' });
  }
}
