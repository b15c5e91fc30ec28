import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followBackend } from '../../ui/state/backend-line.js';
import type { BackendDescription, Engine } from '../../ui/worker/engine.js';
import { openModel } from './fake-window.js';

const WASM: BackendDescription = { name: 'wasm', reason: 'Using wasm.' };
const WEBGL2: BackendDescription = { name: 'webgl2', reason: 'Using webgl2.' };
const FAILED = 'webgl2 failed (the GPU worker crashed); the work goes on with wasm.';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the race of the GPU', () => {
  function follow(race: () => Promise<BackendDescription>) {
    const state = { busy: false, races: 0 };
    const engine = {
      describe: async () => WASM,
      race: () => {
        state.races++;
        return race();
      },
    } as Partial<Engine> as Engine;
    return { state, backend: followBackend(engine, true, () => state.busy) };
  }

  it('waits until nothing has been done for a moment and nothing is being computed, and runs once', async () => {
    const { state, backend } = follow(async () => WEBGL2);
    await backend.refresh();
    expect(backend.line.get()).toBe('wasm in a worker. Using wasm.');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.races).toBe(0);
    for (let drag = 0; drag < 20; drag++) {
      backend.touch();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(state.races).toBe(0);
    state.busy = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.races).toBe(0);
    state.busy = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(state.races).toBe(1);
    expect(backend.line.get()).toBe('webgl2 in a worker. Using webgl2.');
    backend.touch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.races).toBe(1);
  });

  it('changes nothing when it fails', async () => {
    const { state, backend } = follow(() => Promise.reject(new Error('the worker stopped')));
    await backend.refresh();
    backend.touch();
    await vi.advanceTimersByTimeAsync(5000);
    expect(state.races).toBe(1);
    expect(backend.line.get()).toBe('wasm in a worker. Using wasm.');
  });
});

describe('a backend that fails', () => {
  /** The model with one image, on an engine whose backend fails when the test says so. */
  function open() {
    let used = WEBGL2;
    let notify: (sentence: string) => void = () => expect.fail('nobody listens');
    let finish: () => void = () => expect.fail('nothing is being transformed');
    const engine: Partial<Engine> = {
      describe: async () => used,
      onNotice: (listener) => {
        notify = listener;
      },
      transform: () =>
        new Promise((resolve) => {
          finish = () => resolve({ bytes: new Uint8Array(1), format: 'png' } as never);
        }),
    };
    const { model } = openModel({}, engine);
    const fail = (): void => {
      used = { ...WASM, reason: `Using webgl2. ${FAILED}` };
      notify(FAILED);
    };
    return { model, fail, finish: () => finish() };
  }

  it('is said at once, and the line names what goes on', async () => {
    const { model, fail } = open();
    fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.notice.get()).toEqual({ text: FAILED, isError: false, details: [] });
    expect(model.backendLine.get()).toBe(`wasm in a worker. Using webgl2. ${FAILED}`);
  });

  it('in the middle of an Apply is said with its result, once', async () => {
    const { model, fail, finish } = open();
    const applied = model.apply();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.progress.get()).toEqual({ verb: 'Recoloring', done: 0, total: 1 });
    fail();
    expect(model.notice.get()).toBeUndefined();
    finish();
    await applied;
    expect(model.notice.get()).toMatchObject({ text: expect.stringContaining('Recolored 1'), details: [FAILED] });
    const again = model.apply();
    await vi.advanceTimersByTimeAsync(0);
    finish();
    await again;
    expect(model.notice.get()).toMatchObject({ details: [] });
  });
});
