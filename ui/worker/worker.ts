/**
 * Entry of the Web Worker: an engine behind messages. Where workers are refused the page runs this same script, which
 * then hands the engine over: the window carries its weight once.
 */
import { createEngine } from './create-engine.js';
import type { Engine } from './engine.js';
import type { EngineAnswer, EngineCall, EngineMethod } from './messages.js';

interface WorkerScope {
  postMessage(message: EngineAnswer, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<EngineCall>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

/** Under this name the page finds the engine's maker. */
export interface PageScope {
  colorshineEngine?: () => Engine;
}

const engine = createEngine();
const running = new Map<number, { aborted: boolean }>();

function listen({ data }: MessageEvent<EngineCall>): void {
  if (data.kind === 'ping') scope.postMessage({ kind: 'pong' });
  else if (data.kind === 'cancel') {
    const signal = running.get(data.id);
    if (signal) signal.aborted = true;
  } else {
    void answer(data.id, data.method, data.args);
  }
}

if (typeof document === 'undefined') {
  scope.onmessage = listen;
  engine.onNotice((sentence) => scope.postMessage({ kind: 'notice', sentence }));
  scope.postMessage({ kind: 'ready' });
} else {
  (globalThis as PageScope).colorshineEngine = () => engine;
}

async function answer(id: number, method: EngineMethod, args: readonly unknown[]): Promise<void> {
  const signal = { aborted: false };
  running.set(id, signal);
  try {
    const call = engine[method] as (...all: unknown[]) => Promise<unknown>;
    const value = await call(...args, signal);
    scope.postMessage({ kind: 'done', id, value }, collectBuffers(value));
  } catch (error) {
    const { code = 'INTERNAL', message = String(error), reason } = error as Partial<EngineAnswer & { kind: 'failed' }>;
    scope.postMessage({ kind: 'failed', id, code, message, reason });
  } finally {
    running.delete(id);
  }
}

/** Large arrays move instead of being copied. */
function collectBuffers(value: unknown): Transferable[] {
  const found = new Set<ArrayBuffer>();
  const visit = (item: unknown): void => {
    if (item instanceof Uint8Array || item instanceof Uint8ClampedArray) found.add(item.buffer as ArrayBuffer);
    else if (Array.isArray(item)) item.forEach(visit);
    else if (typeof item === 'object' && item !== null) Object.values(item).forEach(visit);
  };
  visit(value);
  return [...found];
}
