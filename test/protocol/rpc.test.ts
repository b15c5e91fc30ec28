import { describe, expect, it } from 'vitest';
import type { ColorshineError } from '../../src/core/errors.js';
import { ColorshineError as CoreError } from '../../src/core/errors.js';
import { RpcError } from '../../src/protocol/errors.js';
import {
  createClient,
  type Handlers,
  type Port,
  RPC_TAG,
  type RpcClient,
  type RpcServer,
  serve,
} from '../../src/protocol/rpc.js';

/** Two ports that carry structured clones to each other, later, as messages do. */
function connect(): { ui: Port; main: Port; toUi: unknown[]; toMain: unknown[] } {
  const toUi: unknown[] = [];
  const toMain: unknown[] = [];
  const makePort = (log: unknown[], mine: Set<(m: unknown) => void>, other: Set<(m: unknown) => void>): Port => ({
    post(message) {
      const copy = structuredClone(message);
      log.push(copy);
      queueMicrotask(() => {
        for (const handler of other) handler(copy);
      });
    },
    subscribe(handler) {
      mine.add(handler);
      return () => mine.delete(handler);
    },
  });
  const ui = new Set<(m: unknown) => void>();
  const main = new Set<(m: unknown) => void>();
  return { ui: makePort(toMain, ui, main), main: makePort(toUi, main, ui), toUi, toMain };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Pair {
  readonly client: RpcClient;
  readonly server: RpcServer;
  readonly ports: ReturnType<typeof connect>;
}

function pair(handlers: Partial<Handlers>): Pair {
  const ports = connect();
  return { client: createClient(ports.ui), server: serve(ports.main, handlers as Handlers), ports };
}

describe('requests', () => {
  it('get their own replies, in whatever order these come', async () => {
    const turns: (() => void)[] = [];
    const { client } = pair({
      'image.bytes': async ({ hash }) => {
        await new Promise<void>((resolve) => turns.push(resolve));
        return { bytes: new Uint8Array([hash.length]), kind: 'png' };
      },
    });
    const asked = ['a', 'bb', 'ccc'].map((hash) => client.request('image.bytes', { hash }));
    await settle();
    for (const turn of turns.reverse()) turn();
    expect((await Promise.all(asked)).map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
  });

  it('reject with the code of the other side, core errors and surprises included', async () => {
    const errors: Record<string, unknown> = {
      a: new RpcError('IMAGE_GIF', 'a GIF'),
      b: new CoreError('INVALID_COLOR', 'color: expected a CSS color, got "blu"') satisfies ColorshineError,
      c: new TypeError('oops'),
      d: 'text',
    };
    const { client } = pair({
      'image.bytes': ({ hash }) => {
        throw errors[hash];
      },
    });
    const failures = await Promise.all(
      Object.keys(errors).map((hash) =>
        client.request('image.bytes', { hash }).catch(({ code, message }) => [code, message]),
      ),
    );
    expect(failures).toEqual([
      ['IMAGE_GIF', 'a GIF'],
      ['INVALID_COLOR', 'color: expected a CSS color, got "blu"'],
      ['INTERNAL', 'oops'],
      ['INTERNAL', 'text'],
    ]);
  });

  it('never settle from a stale, foreign or malformed message', async () => {
    const { client, ports } = pair({ 'image.bytes': () => new Promise(() => undefined) });
    let settled = 0;
    const count = (): void => void settled++;
    client.request('image.bytes', { hash: 'a' }).then(count, count);
    const reply = { bytes: new Uint8Array(1), kind: 'png' };
    const foreign = [
      null,
      7,
      'x',
      { kind: 'reply', id: 1, payload: reply },
      { tag: 'other/1', kind: 'reply', id: 1, payload: reply },
      { tag: RPC_TAG, kind: 'reply', id: 99, payload: reply },
      { tag: RPC_TAG, kind: 'reply', payload: reply },
      { tag: RPC_TAG, kind: 'event', id: 1, name: 'constructor', payload: reply },
      { tag: RPC_TAG, kind: 'reply', id: 1, payload: reply, extra: 1 },
    ];
    for (const message of foreign) ports.main.post(message);
    await settle();
    expect(settled).toBe(0);
    ports.main.post({ tag: RPC_TAG, kind: 'reply', id: 1, payload: reply });
    ports.main.post({ tag: RPC_TAG, kind: 'error', id: 1, code: 'INTERNAL', message: 'late' });
    await settle();
    expect(settled).toBe(1);
  });

  it('refuse payloads at both ends, and replies where they arrive: what was done is not called a failure', async () => {
    const { client, ports } = pair({
      'image.bytes': () => ({ bytes: [1, 2] as unknown as Uint8Array, kind: 'png' }),
    });
    const bad = client.request('image.bytes', { hash: 7 as unknown as string });
    await expect(bad).rejects.toMatchObject({
      code: 'BAD_MESSAGE',
      message: expect.stringContaining('image.bytes.hash'),
    });
    expect(ports.toMain).toEqual([]);
    await expect(client.request('image.bytes', { hash: 'a' })).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
    ports.ui.post({ tag: RPC_TAG, kind: 'request', id: 50, name: 'image.bytes', payload: { hash: 1 } });
    ports.ui.post({ tag: RPC_TAG, kind: 'request', id: 51, name: 'constructor', payload: {} });
    await settle();
    expect(ports.toUi.slice(-2)).toMatchObject([
      { kind: 'error', id: 50, code: 'BAD_MESSAGE' },
      { kind: 'error', id: 51, code: 'UNKNOWN_REQUEST' },
    ]);
  });

  it('are answered though the answer would not go through; what cannot be asked is not waited for', async () => {
    const { client, ports } = pair({ 'image.bytes': () => ({ bytes: new Uint8Array(9), kind: 'png' }) });
    const { post } = ports.main;
    Object.assign(ports.main, {
      post(message: { payload?: { bytes?: unknown } }) {
        if (message.payload?.bytes) throw new RangeError('no memory');
        post(message);
      },
    });
    await expect(client.request('image.bytes', { hash: 'a' })).rejects.toMatchObject({
      code: 'NOT_DELIVERED',
      message: expect.stringMatching(/too large perhaps: no memory$/),
    });
    Object.assign(ports.ui, {
      post() {
        throw new RangeError('no memory either');
      },
    });
    await expect(client.request('image.bytes', { hash: 'a' })).rejects.toThrow('no memory either');
  });

  it('reject when the client closes; a closed server posts nothing more', async () => {
    const { client, server, ports } = pair({ 'selection.get': () => new Promise(() => undefined) });
    const asked = client.request('selection.get', {});
    client.close();
    await expect(asked).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(client.request('undo', {})).rejects.toMatchObject({ code: 'CLOSED' });
    server.close();
    server.emit('selection.changed', { revision: 1, selected: 0 });
    expect(ports.toUi).toEqual([]);
  });
});

describe('events', () => {
  it('reach every listener until it leaves', async () => {
    const { client, server } = pair({});
    const seen: string[] = [];
    const leave = client.on('selection.changed', ({ revision }) => seen.push(`a${revision}`));
    client.on('selection.changed', ({ revision }) => seen.push(`b${revision}`));
    server.emit('selection.changed', { revision: 1, selected: 2 });
    await settle();
    leave();
    server.emit('selection.changed', { revision: 2, selected: 2 });
    await settle();
    expect(seen).toEqual(['a1', 'b1', 'b2']);
  });

  it('that do not fit are not sent, and not heard', async () => {
    const { client, server, ports } = pair({});
    let heard = 0;
    client.on('selection.changed', () => heard++);
    expect(() => server.emit('selection.changed', { revision: 'x' as unknown as number, selected: 0 })).toThrow(
      RpcError,
    );
    ports.main.post({ tag: RPC_TAG, kind: 'event', name: 'selection.changed', payload: { revision: -1 } });
    await settle();
    expect(heard).toBe(0);
  });
});
