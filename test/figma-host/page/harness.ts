/**
 * Figma as a page: QuickJS with the stand-in and the plugin's code on one side, its window in a sandboxed iframe of
 * null origin on the other, and messages between them as Figma wraps them.
 */
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule, RELEASE_SYNC } from 'quickjs-emscripten';
import { createPluginVm, type PluginVm } from '../plugin-vm.js';
import type { ImageSpec, Scene, Snapshot } from '../scene.js';

/**
 * How the iframe gets its document: Figma does not say. With `blob` its address is short: a driver of the browser hears the address
 * with every request and click, and 0.8 MB cost it a tenth of a second.
 */
export type Form = 'data' | 'srcdoc' | 'blob';

export interface StartOptions {
  readonly standIn: string;
  readonly code: string;
  readonly html: string;
  readonly scene: Scene;
  readonly images: readonly { name: string; url: string; missing?: boolean; rejects?: string }[];
  readonly relaunchCommands: readonly string[];
  readonly timers: boolean;
  readonly form: Form;
  readonly command: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly theme: 'light' | 'dark';
}

export interface Harness {
  start(options: StartOptions): Promise<void>;
  /** Ends the plugin and takes its window away. */
  stop(): void;
  evaluate(expression: string): unknown;
  snapshot(): Snapshot;
  /** As base64. */
  readImage(hash: string): Promise<string>;
  /** Messages in each direction so far. */
  counts(): { toUi: number; toMain: number };
}

declare global {
  var harness: Harness;
}

let quickjs: QuickJSWASMModule | undefined;
let vm: PluginVm | undefined;
let frame: HTMLIFrameElement | undefined;
const counts = { toUi: 0, toMain: 0 };

function running(): PluginVm {
  if (!vm) throw new Error('start the harness first');
  return vm;
}

/** Figma's own values of the variables that the window reads. */
const THEME_COLORS = {
  light: {
    bg: '#ffffff',
    'bg-secondary': '#f5f5f5',
    'bg-tertiary': '#e6e6e6',
    'bg-brand': '#0d99ff',
    border: '#e6e6e6',
    'border-selected': '#0d99ff',
    text: '#000000e5',
    'text-danger': '#dc3412',
  },
  dark: {
    bg: '#2c2c2c',
    'bg-secondary': '#383838',
    'bg-tertiary': '#444444',
    'bg-brand': '#0c8ce9',
    border: '#444444',
    'border-selected': '#0c8ce9',
    text: '#ffffff',
    'text-danger': '#fca397',
  },
} as const;

/** What Figma puts into a window that asks for theme colors, in part. */
function withTheme(html: string, theme: 'light' | 'dark'): string {
  const colors = Object.entries(THEME_COLORS[theme]).map(([name, value]) => `--figma-color-${name}:${value};`);
  const style = `<style>:root{${colors.join('')}color-scheme:${theme}}</style>`;
  return html.replace(/<html[^>]*>/, (tag) => tag.replace('<html', `<html class="figma-${theme}"`)) + style;
}

function openFrame(html: string, { form, theme }: StartOptions): void {
  frame?.remove();
  frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-downloads');
  const themed = withTheme(html, theme);
  if (form === 'srcdoc') frame.srcdoc = themed;
  else if (form === 'data') frame.src = `data:text/html;charset=utf-8,${encodeURIComponent(themed)}`;
  else frame.src = URL.createObjectURL(new Blob([themed], { type: 'text/html;charset=utf-8' }));
  const { src } = frame;
  frame.onload = () => {
    URL.revokeObjectURL(src); // of the form `blob`; of others nothing
    running().load();
  };
  document.body.append(frame);
}

/** Follows what the plugin asked for: size, visibility, the end. */
function fitFrame(): void {
  const { ui, closed } = running().snapshot();
  if (!frame) return;
  if (closed) frame.remove();
  Object.assign(frame.style, { width: `${ui.width}px`, height: `${ui.height}px`, border: 0 });
  frame.hidden = !ui.visible;
}

addEventListener('message', ({ source, data }) => {
  if (!frame || source !== frame.contentWindow || !('pluginMessage' in (data as object))) return;
  counts.toMain++;
  running().deliver((data as { pluginMessage: unknown }).pluginMessage);
  fitFrame();
});

globalThis.harness = {
  async start(options) {
    quickjs ??= await newQuickJSWASMModuleFromVariant(
      newVariant(RELEASE_SYNC, { wasmLocation: '/emscripten-module.wasm' }),
    );
    harness.stop();
    Object.assign(counts, { toUi: 0, toMain: 0 });
    const images = await Promise.all(options.images.map(fetchImage));
    let shown: string | undefined;
    vm = createPluginVm({
      ...options,
      quickjs,
      images,
      toUi(message) {
        counts.toUi++;
        // Later, as messages are; and the frame may be gone by then.
        const target = frame;
        queueMicrotask(() => target?.contentWindow?.postMessage({ pluginMessage: message, pluginId: 'test' }, '*'));
      },
      onShow(html) {
        shown = html;
      },
    });
    vm.run(options.command, options.parameters);
    if (shown !== undefined) openFrame(shown, options);
    fitFrame();
  },
  stop() {
    frame?.remove();
    frame = undefined;
    // Not disposed: a runtime that carried buffers of 16 MB fails an assertion of its own when freed, and takes the
    // whole module with it. The page goes soon, with all of them.
    vm = undefined;
  },
  evaluate(expression) {
    const value = running().evaluate(expression);
    fitFrame();
    return value;
  },
  snapshot: () => running().snapshot(),
  readImage: (hash) => encode(running().readImage(hash)),
  counts: () => ({ ...counts }),
};

function encode(bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
    reader.readAsDataURL(new Blob([bytes.slice().buffer]));
  });
}

async function fetchImage({ url, ...spec }: StartOptions['images'][number]): Promise<ImageSpec> {
  return { ...spec, bytes: new Uint8Array(await (await fetch(url)).arrayBuffer()) };
}
