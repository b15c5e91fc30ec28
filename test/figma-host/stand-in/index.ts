/**
 * A strict stand-in for Figma's plugin API. It is bundled and run inside QuickJS before the plugin's code.js, in the
 * same realm, as the real one is: frozen arrays, symbols and promises are the VM's own.
 */
import type { Scene } from '../scene.js';
import type { Context } from './define.js';
import { createFigma, type Parts } from './figma.js';
import { createHost, type Host } from './host.js';
import { createImageStore } from './images.js';
import { loadScene } from './load-scene.js';
import { createHandles } from './nodes.js';
import type { Packed } from './plain-data.js';
import { createStorage } from './storage.js';
import { createUi } from './ui.js';
import { createVariables } from './variables.js';
import { createWorld } from './world.js';

/** Functions that the VM's owner provides. */
interface Bridge {
  toUi(json: string, ...buffers: ArrayBuffer[]): void;
  onShow(html: string): void;
  onClose(): void;
  giveBytes(bytes: ArrayBuffer): void;
  sha1(bytes: ArrayBuffer): string;
}

interface Options {
  readonly scene: Scene;
  readonly images: readonly { name: string; missing?: boolean; rejects?: string }[];
  readonly relaunchCommands: readonly string[];
  readonly timers: boolean;
}

declare global {
  var __bridge: Bridge;
  var __installFigma: (options: string, ...images: ArrayBuffer[]) => void;
  var host: Host;
}

globalThis.__installFigma = (text, ...buffers) => {
  const { scene, images: specs, relaunchCommands, timers } = JSON.parse(text) as Options;
  const world = createWorld();
  const images = createImageStore(world, (bytes) => __bridge.sha1(bytes.slice().buffer as ArrayBuffer));
  const hashes = new Map<string, string>();
  for (const [i, { name, missing = false, rejects }] of specs.entries()) {
    hashes.set(name, images.add(name, new Uint8Array(buffers[i] as ArrayBuffer), missing, rejects));
  }
  const hashOf = (reference: string): string => {
    if (!reference.startsWith('@')) return reference;
    const hash = hashes.get(reference.slice(1));
    if (hash === undefined) throw new Error(`the scene has no image ${reference}`);
    return hash;
  };
  const variables = createVariables(world, scene);
  const check = { knowsImage: images.knows, variables: variables.check };
  loadScene(world, scene, hashOf, check);

  const pageListeners = new Map<string, ((event: unknown) => void)[]>();
  const currentPage = { id: scene.pages[0]?.id ?? '' };
  const context: Context = {
    world,
    mixed: Symbol('figma.mixed'),
    check,
    modesOf: variables.modesOf,
    relaunchCommands,
    loadedFonts: new Set(),
    loadedPages: new Set([currentPage.id, ...scene.pages.filter(({ loaded }) => loaded).map(({ id }) => id)]),
    selection: { ids: scene.selection ?? [] },
    currentPage,
    onSelect: () => globalThis.host.select(...context.selection.ids),
    onNode(pageId, callback, isOn) {
      const others = (pageListeners.get(pageId) ?? []).filter((one) => one !== callback);
      pageListeners.set(pageId, isOn ? [...others, callback] : others);
    },
    handle: (id) => handles(id),
  };
  const handles = createHandles(context);
  world.onChanged = (changes) => {
    if (world.isClosed) return;
    for (const [page, callbacks] of pageListeners) {
      const nodeChanges = [...changes]
        .filter(([, change]) => change.page === page)
        .map(([id, { properties }]) =>
          world.states.has(id)
            ? { type: 'PROPERTY_CHANGE', id, origin: 'LOCAL', node: handles(id), properties: [...properties] }
            : { type: 'DELETE', id, origin: 'LOCAL', node: Object.freeze({ removed: true, id }) },
        );
      if (nodeChanges.length > 0) for (const callback of callbacks) callback({ nodeChanges });
    }
    if ([...changes.values()].some(({ page }) => page === 'styles'))
      for (const callback of parts.listeners.get('stylechange') ?? []) callback({ styleChanges: [] });
  };

  const entries = new Map(Object.entries(scene.storage ?? {}));
  const send = ({ json, buffers: list }: Packed): void =>
    __bridge.toUi(json, ...list.map(({ buffer }) => buffer as ArrayBuffer));
  const parts: Parts = {
    world,
    scene,
    context,
    images,
    ui: createUi(world, send, __bridge.onShow, scene.mostMessageBytes),
    storage: createStorage(world, entries),
    variables: variables.api,
    listeners: new Map(),
    parameterListeners: [],
    currentPage,
    closing: { message: null },
    onClose: () => __bridge.onClose(),
    giveBytes: (bytes) => __bridge.giveBytes(bytes.slice().buffer as ArrayBuffer),
  };
  const globals = globalThis as unknown as Record<string, unknown>;
  globals.figma = createFigma(parts);
  globals.host = createHost(parts, hashOf, entries);
  globals.console = Object.freeze({ log() {}, info() {}, warn() {}, error() {}, assert() {}, clear() {} });
  if (timers) globals.setTimeout = (callback: () => void) => world.tasks.push(callback);
};
