/** `figma.ui`, `showUI`, `notify`: message types, queueing until the iframe has loaded, limits. */
import { type Packed, packMessage, unpackMessage } from './plain-data.js';
import { assertOpen, type World } from './world.js';

const SHOW_OPTIONS = ['visible', 'title', 'width', 'height', 'position', 'themeColors'];
const MAX_NOTICE = 100;

export interface UiState {
  shown: number;
  visible: boolean;
  width: number;
  height: number;
  readonly notices: { message: string; error: boolean }[];
  /** The iframe has loaded: what was queued goes out. */
  load(): void;
  deliver(json: string, buffers: readonly Uint8Array[]): void;
  readonly api: object;
  showUI(html: unknown, options?: Record<string, unknown>): void;
  notify(message: unknown, options?: Record<string, unknown>): object;
}

type Listener = (message: unknown, props: { origin: string }) => void;

/**
 * @param send carries a packed message to the iframe
 * @param mostBytes more than this cannot be copied out of the sandbox
 */
export function createUi(
  world: World,
  send: (packed: Packed) => void,
  onShow: (html: string) => void,
  mostBytes = Number.POSITIVE_INFINITY,
): UiState {
  const listeners: Listener[] = [];
  const queue: Packed[] = [];
  let isLoaded = false;
  let onmessage: Listener | undefined;

  const assertShown = (api: string): void => {
    assertOpen(world, api);
    if (state.shown === 0) throw new Error(`in ${api}: No UI to speak to: call showUI first`);
  };
  const assertMessage = (type: unknown): void => {
    if (type !== 'message') throw new TypeError(`in ui.on: unknown event ${String(type)}`);
  };

  const api = {
    postMessage(message: unknown) {
      assertShown('ui.postMessage');
      const packed = packMessage(message);
      const size = packed.buffers.reduce((sum, { length }) => sum + length, packed.json.length);
      if (size > mostBytes) throw new RangeError('in postMessage: Array buffer allocation failed');
      if (isLoaded) send(packed);
      else queue.push(packed);
    },
    on(type: unknown, listener: Listener) {
      assertOpen(world, 'ui.on');
      assertMessage(type);
      listeners.push(listener);
    },
    off(type: unknown, listener: Listener) {
      assertOpen(world, 'ui.off');
      assertMessage(type);
      const index = listeners.indexOf(listener);
      if (index >= 0) listeners.splice(index, 1);
    },
    resize(width: unknown, height: unknown) {
      assertShown('ui.resize');
      if (!(Number(width) > 0 && Number(height) > 0)) throw new TypeError('in ui.resize: expected positive numbers');
      Object.assign(state, { width, height });
    },
    show() {
      assertShown('ui.show');
      state.visible = true;
    },
    hide() {
      assertShown('ui.hide');
      state.visible = false;
    },
    get onmessage() {
      return onmessage;
    },
    set onmessage(listener: Listener | undefined) {
      onmessage = listener;
    },
  };

  const state: UiState = {
    shown: 0,
    visible: false,
    width: 300,
    height: 200,
    notices: [],
    api,
    load() {
      isLoaded = true;
      for (const packed of queue.splice(0)) send(packed);
    },
    deliver(json, buffers) {
      world.tasks.push(() => {
        if (world.isClosed) return;
        const message = unpackMessage(json, buffers);
        for (const listener of [onmessage, ...listeners]) listener?.(message, { origin: 'null' });
      });
    },
    showUI(html, options = {}) {
      assertOpen(world, 'showUI');
      if (world.isQuery) {
        world.violations.push('showUI in query mode');
        throw new Error('in showUI: Cannot show UI while parameters are being entered');
      }
      if (typeof html !== 'string') throw new TypeError('in showUI: Expected a string');
      for (const key of Object.keys(options)) {
        if (!SHOW_OPTIONS.includes(key)) throw new TypeError(`in showUI: unrecognized option ${key}`);
      }
      state.shown++;
      state.visible = options.visible !== false;
      state.width = (options.width as number) ?? 300;
      state.height = (options.height as number) ?? 200;
      isLoaded = false;
      onShow(html);
    },
    notify(message, options = {}) {
      assertOpen(world, 'notify');
      if (typeof message !== 'string') throw new TypeError('in notify: Expected a string');
      for (const key of Object.keys(options)) {
        if (!['timeout', 'error', 'onDequeue', 'button'].includes(key)) throw new TypeError(`in notify: option ${key}`);
      }
      if (message.length > MAX_NOTICE) world.violations.push(`notify with ${message.length} characters`);
      state.notices.push({ message: message.slice(0, MAX_NOTICE), error: options.error === true });
      return { cancel: () => undefined };
    },
  };
  return state;
}
