/** The window's model on a host and an engine that answer at once, unless a test says otherwise. */
import type { Host, Job } from '../../ui/host.js';
import { createModel } from '../../ui/state/create-model.js';
import type { Model } from '../../ui/state/model.js';
import type { Engine } from '../../ui/worker/engine.js';

export const SELECTION = { revision: 1, images: [{ hash: 'a' }], styles: [], skipped: [], recolored: 0 };
export const CENSUS = { revision: 1, colors: [], images: {}, layers: 0, styles: [], recolored: 0 };
const REPORT = { layers: 1, styles: 0, images: 1, skipped: [] };

export function fakeJob(changes: Partial<Job> = {}): Job {
  return {
    ...{ hashes: ['a'], colors: [] },
    paint: async () => {},
    put: async () => {},
    skip: async () => {},
    commit: async () => REPORT,
    cancel: async () => {},
    ...changes,
  };
}

/** Storage in memory; what is stored may be looked at and changed. */
export function fakeHost(changes: Partial<Host> = {}): Host & { readonly stored: Map<string, unknown> } {
  const stored = new Map<string, unknown>();
  return {
    stored,
    kind: 'figma',
    onSelectionChange: () => () => {},
    start: async () => ({ command: 'recolor', headless: false, parameters: {} }) as never,
    getSelection: async () => SELECTION as never,
    readImage: async () => new Uint8Array(1),
    getLayerCensus: async () => CENSUS,
    readStorage: async (key) => (stored.get(key) ?? null) as never,
    writeStorage: async (key, value) => void stored.set(key, value),
    listLibraries: async () => [],
    beginJob: async () => fakeJob(),
    undo: async () => {},
    settleUndo: async () => {},
    close: async () => {},
    ...changes,
  } as Host & { stored: Map<string, unknown> };
}

const ROW = { id: 1, color: 'teal', tolerance: 50, strength: 50, enabled: true };

/** With one image selected and one row. */
export function openModel(host: Partial<Host> = {}, engine: Partial<Engine> = {}): { model: Model; host: Host } {
  const whole = fakeHost(host);
  const working: Partial<Engine> = {
    describe: async () => ({ name: 'wasm', reason: '' }),
    race: async () => ({ name: 'wasm', reason: '' }),
    pool: async () => [],
    onNotice: () => {},
    open: async () => ({ palette: [] }) as never,
    preview: async (recipe) => ({ recipe }) as never,
    card: async () => undefined,
    transform: async () => ({ bytes: new Uint8Array(1), format: 'png' }) as never,
    ...engine,
  };
  const model = createModel(whole, working as Engine, true);
  model.selection.set(SELECTION as never);
  model.edit((edit) => ({ ...edit, rows: [ROW] }));
  return { model, host: whole };
}
