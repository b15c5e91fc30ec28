/**
 * What runs in a worker. Bundled to a string by scripts/build/wasm.mjs, because a worker made from a string needs no
 * file beside the bundle; the host defines `port` in front of it.
 */

import { messageOf } from '../../core/errors.js';
import { recolorPixels } from '../../core/recolor.js';
import { createBackendOn } from './backend.js';
import { BLOCK_KERNELS, type BlockKernel, type KernelName, type Setups } from './block-kernels.js';
import { LEFT, legOf } from './control.js';
import { Heap } from './heap.js';
import type { FromWorker, ToWorker, WholePicture } from './messages.js';
import { serve } from './serve.js';
import { openThread, type Thread } from './thread.js';

declare const port: {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
};

let index = 0;
let thread: Thread | undefined;
/** Recolors whole pictures, in a heap of its own. */
let own: ReturnType<typeof createBackendOn> | undefined;

port.onmessage = ({ data }) => {
  try {
    handle(data);
  } catch (error) {
    fail(error);
  }
};

function fail(error: unknown): void {
  port.postMessage({ type: 'failed', message: messageOf(error) }, []);
}

function handle(message: ToWorker): void {
  switch (message.type) {
    case 'start':
      index = message.index;
      own = createBackendOn(message.module);
      port.postMessage({ type: 'ready' }, []);
      return;
    case 'heap': {
      const { heap } = message;
      thread = openThread(new Heap(heap.module, heap.threads, true, heap.memory), index);
      return;
    }
    case 'run': {
      if (!thread) throw new Error('a run came before its heap');
      const make = BLOCK_KERNELS[message.kernel] as (of: Thread, setup: Setups[KernelName]) => BlockKernel;
      serve(thread.heap, make(thread, message.setup));
      const { i32 } = thread.heap;
      Atomics.store(i32, legOf(index), message.leg);
      Atomics.add(i32, LEFT, 1);
      Atomics.notify(i32, LEFT);
      return;
    }
    case 'picture':
      recolor(message.id, message.picture).catch(fail);
      return;
  }
}

async function recolor(id: number, { pixels, recipeOrPlan, strategy, canceled }: WholePicture): Promise<void> {
  if (!own) throw new Error('a picture came before the start');
  const signal = {
    get aborted() {
      return Atomics.load(canceled, 0) === 1;
    },
  };
  const moved = [pixels.data.buffer as ArrayBuffer];
  try {
    const options = { backend: own, strategy, signal, now: () => performance.now() };
    const report = await recolorPixels(pixels, recipeOrPlan, options);
    port.postMessage({ type: 'picture', id, pixels, report }, moved);
  } catch (error) {
    const { code = 'BACKEND_FAILED', message = messageOf(error) } = error as { code?: string; message?: string };
    port.postMessage({ type: 'picture', id, pixels, error: { code, message } }, moved);
  }
}
