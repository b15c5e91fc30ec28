/** The window's side of the engine, with a worker that ends without a word. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEngine } from '../../ui/worker/client.js';
import type { EngineAnswer, EngineCall } from '../../ui/worker/messages.js';

/** Answers `describe` by its number, never `thumbnail`, and nothing at all once it has ended. */
class TestWorker {
  static made: TestWorker[] = [];
  onmessage: ((event: { data: EngineAnswer }) => void) | null = null;
  onerror: unknown = null;
  hasEnded = false;
  private readonly name: string;

  constructor() {
    this.name = `worker ${TestWorker.made.push(this)}`;
    this.say({ kind: 'ready' });
  }
  postMessage(message: EngineCall): void {
    if (message.kind === 'ping') this.say({ kind: 'pong' });
    if (message.kind !== 'call' || message.method !== 'describe') return;
    this.say({ kind: 'done', id: message.id, value: { name: this.name, reason: '' } });
  }
  terminate(): void {
    this.hasEnded = true;
  }
  private say(data: EngineAnswer): void {
    setTimeout(() => !this.hasEnded && this.onmessage?.({ data }), 1);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', TestWorker);
  TestWorker.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const HOUR_MS = 3_600_000;

/** @returns what a promise has come to; undefined while it waits */
function follow(promise: Promise<unknown>): () => unknown {
  let outcome: unknown;
  promise.then(
    (value) => {
      outcome = value;
    },
    (error) => {
      outcome = error;
    },
  );
  return () => outcome;
}

describe('a worker', () => {
  it('that ends without a word fails what it was asked, and the next one is asked from then on', async () => {
    const { engine, inWorker, onLost } = startEngine('');
    const lost = vi.fn();
    onLost(lost);
    const asked = follow(engine.thumbnail(new Uint8Array(1), 8));
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    // It takes its time, but it is there.
    expect([await inWorker, asked(), TestWorker.made.length]).toEqual([true, undefined, 1]);
    TestWorker.made[0]?.terminate();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(asked()).toMatchObject({ code: 'WORKER_LOST', message: expect.stringContaining('it has ended') });
    expect(lost).toHaveBeenCalledTimes(1);
    const again = follow(engine.describe());
    await vi.advanceTimersByTimeAsync(10);
    expect(again()).toEqual({ name: 'worker 2', reason: '' });
  });

  it('that nobody asks for anything is left in peace', async () => {
    const { engine } = startEngine('');
    await vi.advanceTimersByTimeAsync(10);
    const described = follow(engine.describe());
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(described()).toEqual({ name: 'worker 1', reason: '' });
    expect(vi.getTimerCount()).toBe(0);
    expect(TestWorker.made).toHaveLength(1);
  });
});
