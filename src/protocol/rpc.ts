/**
 * Requests, replies and events over any port: ids, coded errors, many requests at once.
 *
 * No timers and no platform objects: it runs in QuickJS, in the iframe and in unit tests. A reply whose id is not
 * waited for (answered before, another window's) is dropped.
 */
import { messageOf, RpcError } from './errors.js';
import {
  type EventName,
  type EventPayload,
  events,
  type RequestName,
  type RequestPayload,
  requests,
} from './messages.js';
import { type RequestReply, replies } from './replies.js';
import { integer, object, oneOf, optional, text } from './schema.js';

/** What carries messages: `figma.ui`, a window's `postMessage`, or a pair of queues in a test. */
export interface Port {
  post(message: unknown): void;
  /** @returns ends the subscription */
  subscribe(handler: (message: unknown) => void): () => void;
}

/** Marks our messages among others on the same port, with the version of the envelope. */
export const RPC_TAG = 'colorshine/1';

export interface RpcClient {
  /** @throws RpcError with the other side's code; CLOSED after `close` */
  request<N extends RequestName>(name: N, payload: RequestPayload<N>): Promise<RequestReply<N>>;
  /** @returns ends the subscription */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Rejects what is pending and stops listening. */
  close(): void;
}

export type Handlers = {
  readonly [N in RequestName]: (payload: RequestPayload<N>) => RequestReply<N> | Promise<RequestReply<N>>;
};

export interface RpcServer {
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Stops listening; replies still under way are dropped. */
  close(): void;
}

const anything = (value: unknown): unknown => value;
const envelope = object({
  tag: oneOf(RPC_TAG),
  kind: oneOf('request', 'reply', 'error', 'event'),
  id: optional(integer(0, 1e9)),
  name: optional(text(100)),
  payload: anything,
  code: optional(text(100)),
  message: optional(text(20_000)),
});

/** A message of ours, or undefined for anybody else's. */
function readEnvelope(message: unknown): ReturnType<typeof envelope> | undefined {
  try {
    return envelope(message, 'message');
  } catch {
    return undefined;
  }
}

interface Pending {
  settle(read: () => unknown): void;
  readonly name: RequestName;
}

/** The UI's end. */
export function createClient(port: Port): RpcClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let lastId = 0;
  let closed = false;

  const unsubscribe = port.subscribe((raw) => {
    const message = readEnvelope(raw);
    if (!message) return;
    if (message.kind === 'event') return dispatch(message.name ?? '', message.payload);
    const waiting = pending.get(message.id ?? -1);
    if (!waiting) return;
    if (message.kind === 'reply') {
      waiting.settle(() => replies[waiting.name](message.payload, waiting.name));
    } else if (message.kind === 'error') {
      waiting.settle(() => {
        throw new RpcError(message.code ?? 'INTERNAL', message.message ?? 'failed');
      });
    }
  });

  function dispatch(name: string, payload: unknown): void {
    const set = listeners.get(name);
    if (!set) return;
    let checked: unknown;
    try {
      checked = events[name as EventName](payload, name);
    } catch {
      return;
    }
    for (const listener of [...set]) listener(checked as never);
  }

  return {
    request(name, payload) {
      return new Promise((resolve, reject) => {
        if (closed) throw new RpcError('CLOSED', 'the plugin has ended');
        const checked = requests[name](payload, name);
        const id = ++lastId;
        const settle = (read: () => unknown): void => {
          pending.delete(id);
          try {
            resolve(read() as RequestReply<typeof name>);
          } catch (error) {
            reject(error);
          }
        };
        port.post({ tag: RPC_TAG, kind: 'request', id, name, payload: checked });
        pending.set(id, { settle, name });
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (payload: never) => void));
      return () => void set.delete(listener as (payload: never) => void);
    },
    close() {
      closed = true;
      unsubscribe();
      for (const waiting of [...pending.values()]) {
        waiting.settle(() => {
          throw new RpcError('CLOSED', 'the plugin has ended');
        });
      }
    },
  };
}

/** Main's end (and the playground's file host). */
export function serve(port: Port, handlers: Handlers): RpcServer {
  let closed = false;

  const unsubscribe = port.subscribe((raw) => {
    const message = readEnvelope(raw);
    if (message?.kind !== 'request' || message.id === undefined) return;
    void answer(message.id, message.name ?? '', message.payload);
  });

  async function answer(id: number, name: string, payload: unknown): Promise<void> {
    let result: Record<string, unknown>;
    try {
      if (!Object.keys(requests).includes(name))
        throw new RpcError('UNKNOWN_REQUEST', `unknown request ${name.slice(0, 100)}`);
      const known = name as RequestName;
      const checked = requests[known](payload, name);
      const handle = handlers[known] as (payload: unknown) => unknown;
      // Not checked here: the other side does, and what was done must not be answered as a failure.
      result = { kind: 'reply', payload: await handle(checked) };
    } catch (error) {
      result = { kind: 'error', ...describeError(error) };
    }
    if (!closed) post({ tag: RPC_TAG, id, ...result });
  }

  /** Whoever asked is told something in any case. */
  function post(reply: { readonly tag: string; readonly id: number }): void {
    try {
      port.post(reply);
    } catch (error) {
      const message = `the answer could not be handed over, too large perhaps: ${messageOf(error)}`;
      port.post({ tag: reply.tag, id: reply.id, kind: 'error', code: 'NOT_DELIVERED', message });
    }
  }

  return {
    emit(name, payload) {
      if (!closed) port.post({ tag: RPC_TAG, kind: 'event', name, payload: events[name](payload, name) });
    },
    close() {
      closed = true;
      unsubscribe();
    },
  };
}

function describeError(error: unknown): { code: string; message: string } {
  const code: unknown = error instanceof Error && (error as { code?: unknown }).code;
  return { code: typeof code === 'string' ? code : 'INTERNAL', message: messageOf(error) };
}
