/** A plugin session in Node: QuickJS in this process, and the test itself plays the window through the real rpc. */
import { readFile } from 'node:fs/promises';
import { getQuickJS } from 'quickjs-emscripten';
import { createClient, type RpcClient } from '../../src/protocol/rpc.js';
import { bundlePlugin, bundleStandIn } from './bundle.js';
import { createPluginVm, type PluginVm } from './plugin-vm.js';
import type { ImageSpec, Scene, Snapshot } from './scene.js';

export interface SessionOptions {
  readonly scene: Scene;
  readonly images?: readonly ImageSpec[];
  readonly command?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly timers?: boolean;
  /** False keeps the iframe from loading until `vm.load()`. */
  readonly load?: boolean;
}

export interface Session {
  readonly vm: PluginVm;
  /** The window's end of the protocol. */
  readonly ui: RpcClient;
  /** Raw messages that reached the iframe. */
  readonly messages: unknown[];
  snapshot(): Snapshot;
  hashOf(name: string): string;
  end(): void;
}

let bundles: Promise<readonly [string, string]> | undefined;

export async function startSession(options: SessionOptions): Promise<Session> {
  bundles ??= Promise.all([bundlePlugin(), bundleStandIn()]);
  const [code, standIn] = await bundles;
  const manifest = JSON.parse(await readFile('manifest.json', 'utf8')) as {
    relaunchButtons: { command: string }[];
  };
  const handlers = new Set<(message: unknown) => void>();
  const messages: unknown[] = [];
  const vm = createPluginVm({
    quickjs: await getQuickJS(),
    standIn,
    code,
    html: '<!doctype html>',
    scene: options.scene,
    images: options.images ?? [],
    relaunchCommands: manifest.relaunchButtons.map(({ command }) => command),
    timers: options.timers ?? false,
    toUi(message) {
      messages.push(message);
      queueMicrotask(() => {
        for (const handler of [...handlers]) handler(message);
      });
    },
  });
  const ui = createClient({
    post: (message) => queueMicrotask(() => vm.deliver(message)),
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  });
  vm.run(options.command ?? 'recolor', options.parameters);
  if (options.load !== false) vm.load();
  return {
    vm,
    ui,
    messages,
    snapshot: () => vm.snapshot(),
    hashOf: (name) => vm.evaluate<string>(`host.hashOf(${JSON.stringify(`@${name}`)})`),
    end: () => vm.dispose(),
  };
}
