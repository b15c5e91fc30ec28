import { ColorshineError } from '../../core/errors.js';
import type { WorkerScope } from './serve-worker.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/** Text of the bundled worker.ts, or the address of a worker script that the page may load. */
export type WorkerLocation = { readonly script: string } | { readonly url: string | URL };

/** The part of a Worker that its host uses. */
export interface Channel {
  onmessage: ((event: { readonly data: WorkerReply }) => void) | null;
  onmessageerror: (() => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  postMessage(request: WorkerRequest, transfer: Transferable[]): void;
  terminate(): void;
}

/** Where worker.ts looks for its scope before it takes the global one. */
export interface ScriptGlobal {
  colorshineGpuScope?: WorkerScope;
}

/** How long a blob's address stays valid for a worker that is still being fetched, milliseconds. */
const BLOB_LIFETIME = 10_000;

/** Starts the script in a worker. @throws BACKEND_FAILED where that is refused at once; later it is an `onerror` */
export function startWorker(location: WorkerLocation): Channel {
  try {
    if ('url' in location) return new Worker(location.url) as Channel;
    const url = URL.createObjectURL(new Blob([location.script], { type: 'text/javascript' }));
    setTimeout(() => URL.revokeObjectURL(url), BLOB_LIFETIME);
    return new Worker(url) as Channel;
  } catch (cause) {
    throw new ColorshineError('BACKEND_FAILED', 'this page refuses workers', { cause });
  }
}

/**
 * Runs the same script on the page itself, in a script element, which needs no eval; a policy that lets the page's own
 * inline scripts run, lets this one too.
 *
 * @throws BACKEND_FAILED where there is no document, or the policy refuses the script
 */
export function startOnPage(script: string): Channel {
  const { document } = globalThis as unknown as { document?: PageDocument };
  if (!document) throw new ColorshineError('BACKEND_FAILED', 'there is no page to run on');
  const channel: Channel = {
    onmessage: null,
    onmessageerror: null,
    onerror: null,
    postMessage: (data) => queueMicrotask(() => scope.onmessage?.({ data })),
    terminate() {
      scope.onmessage?.({ data: { type: 'close' } });
      channel.onmessage = null;
    },
  };
  const scope: WorkerScope = {
    onmessage: null,
    postMessage: (data) => queueMicrotask(() => channel.onmessage?.({ data })),
  };
  const element = document.createElement('script');
  element.nonce = document.querySelector('script[nonce]')?.nonce ?? '';
  element.textContent = script;
  const page = globalThis as ScriptGlobal;
  page.colorshineGpuScope = scope;
  try {
    document.documentElement.append(element);
  } finally {
    delete page.colorshineGpuScope;
    element.remove();
  }
  if (!scope.onmessage) throw new ColorshineError('BACKEND_FAILED', 'this page refuses scripts');
  return channel;
}

/** What is needed of a DOM document; the backends are compiled without the DOM's types. */
interface PageDocument {
  createElement(name: 'script'): PageScript;
  querySelector(selector: string): PageScript | null;
  readonly documentElement: { append(element: PageScript): void };
}

interface PageScript {
  nonce: string;
  textContent: string;
  remove(): void;
}
