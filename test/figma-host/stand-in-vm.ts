/** A VM with the stand-in in it, for its own tests. */
import { getQuickJS } from 'quickjs-emscripten';
import { afterEach, beforeAll } from 'vitest';
import { makePng } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import { bundleStandIn } from './bundle.js';
import { createPluginVm, type PluginVm } from './plugin-vm.js';
import type { ImageSpec, Scene } from './scene.js';

let standIn: string;
/** The image `red`, a PNG. */
export let red: Uint8Array;
/** The one that `start` made last. */
export let vm: PluginVm;
/** What the plugin sent to the window. */
export const toUi: unknown[] = [];

/** To be called once in a file. */
export function useStandIn(): void {
  beforeAll(async () => {
    standIn = await bundleStandIn();
    red = await makePng(4, 3, { r: 255, g: 0, b: 0 });
  });
  afterEach(() => vm.dispose());
}

/** Helpers inside the VM: `n(id)` is a node, `fail(f)` gives what f throws, `settle(p)` keeps a promise's outcome. */
const HELPERS = `
  'use strict';
  globalThis.nodes = () => [...figma.currentPage.children];
  globalThis.n = (id) => nodes().find((node) => node.id === id);
  globalThis.fail = (f) => { try { f(); } catch (error) { return error.message; } return 'did not throw'; };
  globalThis.settle = (p) => { p.then((v) => { globalThis.outcome = ['kept', v]; }, (e) => { globalThis.outcome = ['broken', e.message]; }); };
`;

export async function start(given: Scene, images: readonly ImageSpec[] = []): Promise<void> {
  toUi.length = 0;
  vm = createPluginVm({
    quickjs: await getQuickJS(),
    standIn,
    code: HELPERS,
    html: '',
    scene: given,
    images: [{ name: 'red', bytes: red }, ...images],
    relaunchCommands: ['edit'],
    toUi: (message) => toUi.push(message),
  });
}

/** What an expression throws. */
export const failure = (expression: string): string =>
  vm.evaluate<string>(`fail(() => { 'use strict'; ${expression} })`);

/** How a promise settles. */
export function outcome(expression: string): [string, unknown] {
  vm.evaluate(`settle(${expression})`);
  return vm.evaluate('globalThis.outcome');
}

export const simple = scene([rectangle('1:1', imagePaint('red'))]);
