/** The built code.js in a real QuickJS, with the stand-in for `figma` in the same realm. Runs in Node and in a page. */
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten';
import type { ImageSpec, Scene, Snapshot } from './scene.js';
import { sha1 } from './sha1.js';
import { packMessage, unpackMessage } from './stand-in/plain-data.js';

export interface PluginVmOptions {
  readonly quickjs: QuickJSWASMModule;
  /** Bundled stand-in/index.ts. */
  readonly standIn: string;
  /** The built code.js. */
  readonly code: string;
  /** What Figma gives as `__html__`. */
  readonly html: string;
  readonly scene: Scene;
  readonly images?: readonly ImageSpec[];
  readonly relaunchCommands: readonly string[];
  /** Whether the sandbox has setTimeout: documents disagree. */
  readonly timers?: boolean;
  /** A message for the iframe. Called in the middle of the VM's work: answer later. */
  readonly toUi: (message: unknown) => void;
  readonly onShow?: (html: string) => void;
  /** The plugin has ended: its window goes. Called in the middle of the VM's work. */
  readonly onClose?: () => void;
}

/** Enough for images of 4096 x 4096 as PNG. */
const MEMORY_LIMIT = 512 * 1024 * 1024;

export interface PluginVm {
  run(command: string, parameters?: Readonly<Record<string, unknown>>): void;
  /** The iframe has loaded. */
  load(): void;
  /** A message from the iframe. */
  deliver(message: unknown): void;
  /** Evaluates an expression over `host` and `figma`, then lets everything run. */
  evaluate<T = unknown>(expression: string): T;
  snapshot(): Snapshot;
  /** Bytes of an image in the document. */
  readImage(hash: string): Uint8Array;
  dispose(): void;
}

/** @throws when the plugin throws while it is loaded */
export function createPluginVm(options: PluginVmOptions): PluginVm {
  const { quickjs, images = [], scene, relaunchCommands, timers = false } = options;
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(MEMORY_LIMIT);
  const vm = runtime.newContext();
  let isPumping = false;
  let given: Uint8Array = new Uint8Array();

  function run(expression: string, place: string): QuickJSHandle {
    return unwrap(vm, vm.evalCode(expression, place));
  }

  /** Jobs (promises) and tasks (what Figma does later) until both are done. */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    try {
      do {
        unwrapJobs(vm, runtime.executePendingJobs());
      } while (run('host.step()', 'step.js').consume((handle) => vm.dump(handle) === true));
    } finally {
      isPumping = false;
    }
  }

  function call(path: string, ...args: QuickJSHandle[]): void {
    const [owner = '', name = ''] = path.split('.');
    const target = name ? vm.getProp(vm.global, owner) : vm.global;
    const method = vm.getProp(target, name || owner);
    unwrap(vm, vm.callFunction(method, target, ...args)).dispose();
    for (const handle of [method, ...args]) handle.dispose();
    if (name) target.dispose();
  }

  const buffer = (bytes: Uint8Array): QuickJSHandle => vm.newArrayBuffer(bytes.slice().buffer);
  const text = (handle: QuickJSHandle | undefined): string => (handle ? vm.getString(handle) : '');
  const read = (handle: QuickJSHandle): Uint8Array => vm.getArrayBuffer(handle).consume(({ value }) => value.slice());

  installBridge(vm, {
    toUi(json, ...list) {
      options.toUi(unpackMessage(text(json), list.map(read)));
      return undefined;
    },
    onShow(html) {
      options.onShow?.(text(html));
      return undefined;
    },
    onClose() {
      options.onClose?.();
      return undefined;
    },
    giveBytes(bytes) {
      given = read(bytes as QuickJSHandle);
      return undefined;
    },
    sha1: (bytes) => vm.newString(sha1(read(bytes as QuickJSHandle))),
  });
  run(options.standIn, 'stand-in.js').dispose();
  const specs = images.map(({ name, missing, rejects }) => ({ name, missing, rejects }));
  const setup = JSON.stringify({ scene, images: specs, relaunchCommands, timers });
  call('__installFigma', vm.newString(setup), ...images.map(({ bytes }) => buffer(bytes)));
  vm.newString(options.html).consume((html) => vm.setProp(vm.global, '__html__', html));
  run(options.code, 'code.js').dispose();
  pump();

  const evaluate = <T>(expression: string): T => {
    const json = run(`JSON.stringify(${expression}) ?? 'null'`, 'test.js').consume((handle) => vm.getString(handle));
    pump();
    return JSON.parse(json) as T;
  };

  return {
    run(command, parameters) {
      evaluate(`host.run(${JSON.stringify(command)}, ${JSON.stringify(parameters) ?? 'undefined'})`);
    },
    load() {
      call('host.load');
      pump();
    },
    deliver(message) {
      const { json, buffers } = packMessage(message);
      call('host.deliver', vm.newString(json), ...buffers.map(buffer));
      pump();
    },
    evaluate,
    snapshot: () => evaluate<Snapshot>('host.snapshot()'),
    readImage(hash) {
      evaluate(`host.giveImage(${JSON.stringify(hash)})`);
      return given;
    },
    dispose() {
      vm.dispose();
      runtime.dispose();
    },
  };
}

function installBridge(
  vm: QuickJSContext,
  functions: Record<string, (...args: QuickJSHandle[]) => QuickJSHandle | undefined>,
): void {
  const bridge = vm.newObject();
  for (const [name, implement] of Object.entries(functions)) {
    vm.newFunction(name, (...args) => implement(...args) ?? vm.undefined).consume((f) => vm.setProp(bridge, name, f));
  }
  vm.setProp(vm.global, '__bridge', bridge);
  bridge.dispose();
}

function unwrap(vm: QuickJSContext, result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
  if (!result.error) return result.value;
  throw describe(result.error.consume((handle) => vm.dump(handle)));
}

function unwrapJobs(vm: QuickJSContext, result: { error?: QuickJSHandle | undefined }): void {
  if (result.error) throw describe(result.error.consume((handle) => vm.dump(handle)));
}

function describe(dumped: unknown): Error {
  const { name, message, stack } = dumped as { name?: string; message?: string; stack?: string };
  return new Error(`inside QuickJS: ${name}: ${message ?? JSON.stringify(dumped)}\n${stack ?? ''}`);
}
