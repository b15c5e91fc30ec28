/** The `figma` object: what the plugin uses of it, as strict as Figma. Anything else throws a name, not undefined. */
import type { Scene } from '../scene.js';
import { type Context, freshPaints, type Handle } from './define.js';
import type { ImageStore } from './images.js';
import { createLibrary, createUtil } from './libraries.js';
import { fontKey } from './text.js';
import type { UiState } from './ui.js';
import { assertOpen, assertWritable, commit, later, undo, type World } from './world.js';

type Listener = (event?: unknown) => void;

export interface Parts {
  readonly world: World;
  readonly scene: Scene;
  readonly context: Context;
  readonly images: ImageStore;
  readonly ui: UiState;
  readonly storage: object;
  readonly variables: object;
  /** Listeners of `figma.on`, by event. */
  readonly listeners: Map<string, Listener[]>;
  readonly parameterListeners: ((event: unknown) => void)[];
  readonly currentPage: { id: string };
  readonly closing: { message: string | null };
  readonly onClose: () => void;
  readonly giveBytes: (bytes: Uint8Array) => void;
}

const EVENTS = ['run', 'selectionchange', 'currentpagechange', 'close', 'stylechange', 'documentchange'];

/** Paint styles that nodes below some others show, each once. */
function listStyles(world: World, ids: readonly string[]): string[] {
  const nodes = [...ids];
  const found = new Set<string>();
  for (let id = nodes.shift(); id !== undefined; id = nodes.shift()) {
    const { children = [], props = {} } = world.states.get(id) ?? {};
    nodes.push(...children);
    for (const style of [props.fillStyleId, props.strokeStyleId]) {
      if (world.states.get(String(style))?.type === 'PAINT') found.add(String(style));
    }
  }
  return [...found];
}

/** Solid and gradient paints below some nodes, each once. */
function listPaints(world: World, ids: readonly string[]): readonly unknown[] {
  const found = new Map<string, unknown>();
  const nodes = [...ids];
  for (let id = nodes.shift(); id !== undefined; id = nodes.shift()) {
    const state = world.states.get(id);
    nodes.unshift(...(state?.children ?? []));
    const { fills = [], strokes = [], segments = [] } = (state?.props ?? {}) as Record<string, { fills?: unknown[] }[]>;
    for (const paint of [...fills, ...strokes, ...segments.flatMap((segment) => segment.fills ?? [])]) {
      const { type = '' } = paint as { type?: string };
      if (type === 'SOLID' || type.startsWith('GRADIENT_')) found.set(JSON.stringify(paint), paint);
    }
  }
  return [...found.values()];
}

export function createFigma(parts: Parts): object {
  const { world, scene, context, images, ui, listeners } = parts;
  const dynamic = (name: string) => () => {
    throw new Error(`in ${name}: Cannot call with documentAccess: dynamic-page. Use ${name}Async instead`);
  };
  const find = (id: string, isStyle: boolean): Handle | null => {
    const state = world.states.get(id);
    return state && ['PAINT', 'EFFECT'].includes(state.type) === isStyle ? context.handle(id) : null;
  };
  const documentNode = context.handle('0:0') as unknown as Record<
    'getPluginData' | 'setPluginData',
    (...args: string[]) => unknown
  >;
  const root = Object.freeze({
    getPluginData: (key: string) => documentNode.getPluginData(key),
    setPluginData: (key: string, value: string) => documentNode.setPluginData(key, value),
    ...{ id: '0:0', type: 'DOCUMENT' },
    get children() {
      return Object.freeze(scene.pages.map(({ id }) => context.handle(id)));
    },
    documentColorProfile: scene.documentColorProfile ?? 'SRGB',
  });
  const figma = {
    apiVersion: '1.0.0',
    editorType: 'figma',
    mode: 'default',
    mixed: context.mixed,
    root,
    ui: ui.api,
    clientStorage: parts.storage,
    variables: parts.variables,
    parameters: Object.freeze({
      on(type: string, callback: (event: unknown) => void) {
        if (type !== 'input') throw new TypeError(`in parameters.on: unknown event ${type}`);
        parts.parameterListeners.push(callback);
      },
    }),
    get currentPage() {
      return context.handle(parts.currentPage.id);
    },
    set currentPage(_page: unknown) {
      throw new Error('in set_currentPage: Cannot call with documentAccess: dynamic-page. Use setCurrentPageAsync');
    },
    ...(scene.libraries && { teamLibrary: createLibrary(world, scene) }),
    ...(scene.sourceColors && { util: createUtil(scene.sourceColors) }),
    showUI: ui.showUI,
    notify: ui.notify,
    on(type: string, callback: Listener) {
      if (!EVENTS.includes(type)) throw new TypeError(`in on: unknown event ${type}`);
      if (type === 'documentchange') throw new Error('in on: call loadAllPagesAsync before documentchange');
      listeners.set(type, [...(listeners.get(type) ?? []), callback]);
    },
    off(type: string, callback: Listener) {
      listeners.set(
        type,
        (listeners.get(type) ?? []).filter((one) => one !== callback),
      );
    },
    createImage(bytes: unknown) {
      assertWritable(world, '0:0', 'createImage');
      return images.create(bytes);
    },
    getImageByHash: images.get,
    commitUndo() {
      assertWritable(world, '0:0', 'commitUndo');
      commit(world);
    },
    triggerUndo() {
      assertWritable(world, '0:0', 'triggerUndo');
      // "Reverts to the last commitUndo() state", says Figma; or goes a step back as a person's Cmd+Z does. Both were seen.
      if (scene.triggerUndo !== 'step' && world.pendingBase === null) return;
      undo(world);
    },
    getNodeByIdAsync: (id: string) => later(world, () => find(id, false)),
    getStyleByIdAsync: (id: string) => later(world, () => find(id, true)),
    getLocalPaintStylesAsync: () =>
      later(world, () =>
        [...world.states.values()]
          .filter(({ type, props }) => type === 'PAINT' && props.remote !== true)
          .map(({ id }) => context.handle(id)),
      ),
    getNodeById: dynamic('getNodeById'),
    getStyleById: dynamic('getStyleById'),
    getLocalPaintStyles: dynamic('getLocalPaintStyles'),
    getSelectionColors() {
      if (context.selection.ids.length === 0 || scene.selectionColors === null) return null;
      return {
        paints: freshPaints(scene.selectionColors?.paints ?? listPaints(world, context.selection.ids)),
        styles: listStyles(world, context.selection.ids).map((id) => context.handle(id)),
      };
    },
    loadFontAsync: (font: { family: string; style: string }) =>
      later(world, () => {
        const key = fontKey(font);
        if (!(scene.fonts ?? ['Inter Regular']).includes(key)) throw new Error(`The font "${key}" could not be loaded`);
        context.loadedFonts.add(key);
      }),
    closePlugin(message?: unknown) {
      assertOpen(world, 'closePlugin');
      if (message !== undefined && typeof message !== 'string')
        throw new TypeError('in closePlugin: Expected a string');
      commit(world);
      for (const callback of listeners.get('close') ?? []) callback();
      parts.closing.message = message ?? null;
      world.isClosed = true;
      parts.onClose();
    },
  };
  return new Proxy(Object.freeze(figma), {
    get(target, name, receiver) {
      if (typeof name === 'string') assertOpen(world, name);
      if (typeof name === 'string' && !(name in target)) throw new Error(`figma.${name} is not part of the stand-in`);
      return Reflect.get(target, name, receiver);
    },
  });
}
