/** What the test reaches: run commands, carry messages, act as a person, look at everything. */
import type { NodeSnapshot, Snapshot } from '../scene.js';
import { checkEffects } from './effects.js';
import type { Parts } from './figma.js';
import { checkPaints } from './paints.js';
import { act, commit, patch, patchProps, undo } from './world.js';

export interface Host {
  run(command: string, parameters?: unknown): void;
  /** Answers of the quick-action menu while a person types. */
  suggest(key: string, query: string): { suggestions: unknown; error: string | null };
  load(): void;
  deliver(json: string, ...buffers: ArrayBuffer[]): void;
  /** Runs the next task. @returns false when there was none */
  step(): boolean;
  undo(): boolean;
  select(...ids: string[]): void;
  removeNode(id: string): void;
  /** @param paints hashes may be written `@name` */
  setPaints(id: string, property: string, paints: readonly Record<string, unknown>[]): void;
  rename(id: string, name: string): void;
  resize(id: string, width: number, height: number): void;
  setCharacters(id: string, characters: string): void;
  switchPage(id: string): void;
  setDevMode(isDev: boolean): void;
  /** Images stay on the network until `releaseImages`. */
  holdImages(): void;
  /** @param reversed the last asked first */
  releaseImages(reversed?: boolean): void;
  /** The network is back: images that rejected load. */
  mendImages(): void;
  removeStyle(id: string): void;
  hashOf(name: string): string;
  /** Hands an image's bytes over the bridge. */
  giveImage(hash: string): void;
  snapshot(): Snapshot;
}

export function createHost(parts: Parts, hashOf: (reference: string) => string, entries: Map<string, unknown>): Host {
  const { world, context, images, ui, listeners } = parts;
  const emit = (type: string, event?: unknown): void => {
    world.tasks.push(() => {
      if (!world.isClosed) for (const callback of listeners.get(type) ?? []) callback(event);
    });
  };
  return {
    run(command, parameters) {
      emit('run', { command, parameters });
    },
    suggest(key, query) {
      const answer: { suggestions: unknown; error: string | null } = { suggestions: null, error: null };
      const result = {
        setSuggestions: (suggestions: unknown) => Object.assign(answer, { suggestions }),
        setError: (error: string) => Object.assign(answer, { error }),
        setLoadingMessage: () => undefined,
      };
      world.isQuery = true;
      for (const callback of parts.parameterListeners) callback({ key, query, parameters: {}, result });
      return answer;
    },
    load: () => ui.load(),
    deliver(json, ...buffers) {
      ui.deliver(
        json,
        buffers.map((buffer) => new Uint8Array(buffer)),
      );
    },
    step() {
      const task = world.tasks.shift();
      task?.();
      return task !== undefined;
    },
    undo: () => undo(world),
    select(...ids) {
      context.selection.ids = ids;
      emit('selectionchange');
    },
    removeNode(id) {
      act(world, () => {
        const { parent, children } = world.states.get(id) ?? { parent: null, children: [] };
        patch(world, id, {}, ['parent']);
        const siblings = world.states.get(parent ?? '');
        if (siblings)
          patch(world, siblings.id, { children: siblings.children.filter((one) => one !== id) }, ['parent']);
        const doomed = [id, ...children];
        for (let i = 0; i < doomed.length; i++) {
          doomed.push(...(i === 0 ? [] : (world.states.get(doomed[i] as string)?.children ?? [])));
          world.states.delete(doomed[i] as string);
        }
      });
    },
    setPaints(id, property, paints) {
      const resolved = paints.map((paint) =>
        typeof paint.imageHash === 'string' ? { ...paint, imageHash: hashOf(paint.imageHash) } : paint,
      );
      act(world, () => {
        const list =
          property === 'effects'
            ? checkEffects(resolved, 'user', context.check.variables, id)
            : checkPaints(resolved, 'user', context.check, true, id);
        patchProps(world, id, { [property]: list });
      });
    },
    resize: (id, width, height) => act(world, () => patchProps(world, id, { width, height })),
    rename: (id, name) => act(world, () => patch(world, id, { name }, ['name'])),
    setCharacters(id, characters) {
      act(world, () => {
        const segments = world.states.get(id)?.props.segments as { start: number; end: number }[];
        const last = segments.length - 1;
        const fitted = segments.map((segment, i) => (i === last ? { ...segment, end: characters.length } : segment));
        patchProps(world, id, { characters, segments: fitted.filter(({ start, end }) => start < end) });
      });
    },
    switchPage(id) {
      parts.currentPage.id = id;
      context.loadedPages.add(id);
      context.selection.ids = [];
      emit('currentpagechange');
    },
    setDevMode(isDev) {
      world.isDev = isDev;
    },
    holdImages() {
      images.isHeld = true;
    },
    releaseImages: (reversed = false) => images.release(reversed),
    mendImages: () => images.mend(),
    removeStyle(id) {
      act(world, () => {
        patch(world, id, {}, ['paints']);
        world.states.delete(id);
      });
    },
    hashOf,
    giveImage: (hash) => parts.giveBytes(images.read(hash)),
    snapshot() {
      const nodes: Record<string, NodeSnapshot> = {};
      const styles: Record<string, Snapshot['styles'][string]> = {};
      for (const { id, type, name, pluginData, relaunchData, props } of world.states.values()) {
        if (type === 'PAINT' || type === 'EFFECT') {
          const { paints = [], effects = [] } = props as { paints?: never[]; effects?: never[] };
          styles[id] = { paints, effects, pluginData };
        } else if (type !== 'DOCUMENT') nodes[id] = { type, name, pluginData, relaunchData, ...props } as NodeSnapshot;
      }
      const { shown, visible, width, height, notices } = ui;
      commitView(world);
      return {
        documentData: world.states.get('0:0')?.pluginData ?? {},
        nodes,
        styles,
        undoSteps: world.undoStack.length + (world.pendingBase ? 1 : 0),
        closed: world.isClosed,
        closeMessage: parts.closing.message,
        notices,
        ui: { shown, visible, width, height },
        violations: world.violations,
        fetches: images.fetches,
        created: images.created,
        storage: Object.fromEntries(entries),
        writes: world.writes,
      };
    },
  };
}

/** When the plugin has ended, what it left uncommitted becomes a step. */
function commitView(world: Parts['world']): void {
  if (world.isClosed) commit(world);
}
