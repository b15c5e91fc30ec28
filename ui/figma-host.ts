import { MAX_DETAIL_LENGTH, MAX_LAST_WORD_LENGTH } from '../src/protocol/messages.js';
import { createClient, type Port } from '../src/protocol/rpc.js';
import type { Host, Job } from './host.js';

/** The host inside Figma: every call is one message to the plugin's main side. */
export function createFigmaHost(port: Port = createFigmaPort()): Host {
  const client = createClient(port);

  return {
    kind: 'figma',
    start: () => client.request('session.start', {}),
    getSelection: (scope) => client.request('selection.get', { scope }),
    onSelectionChange: (listener) => client.on('selection.changed', listener),
    readImage: async (hash) => (await client.request('image.bytes', { hash })).bytes,
    getLayerCensus: (revision) => client.request('layers.census', { revision }),
    async beginJob(hashes, options): Promise<Job> {
      const job = await client.request('job.begin', { hashes: [...hashes], ...options });
      const { jobId, colors = [] } = job;
      return {
        hashes: job.hashes,
        colors,
        put: async (hash, bytes) => void (await client.request('job.put', { jobId, hash, bytes })),
        skip: async (hash, reason, detail) => {
          const said = detail?.slice(0, MAX_DETAIL_LENGTH);
          await client.request('job.skip', { jobId, hash, reason, ...(said !== undefined && { detail: said }) });
        },
        async paint(to, exact, bind) {
          const map = colors.map((from, i) => {
            const [r = 0, g = 0, b = 0, l = 0, c = 0, h = 0] = Array.from(
              { length: 6 },
              (_, k) => exact[i * 6 + k] ?? 0,
            );
            return { from, to: to[i] ?? from, exact: { rgb: { r, g, b }, oklch: { l, c, h } } };
          });
          await client.request('job.paint', { jobId, colors: map, ...(bind && { bind }) });
        },
        commit: (named) => client.request('job.commit', { jobId, ...named }),
        cancel: async () => void (await client.request('job.cancel', { jobId })),
      };
    },
    restore: (options) => client.request('restore', options),
    listColors: () => client.request('colors.list', {}),
    listLibraries: async () => (await client.request('libraries.list', {})).collections,
    listLibrary: async (key) => (await client.request('library.list', { key })).variables,
    importVariables: async (keys) => (await client.request('library.import', { keys: [...keys] })).ids,
    readStorage: async (key) => (await client.request('storage.get', { key })).value,
    writeStorage: async (key, value) => void (await client.request('storage.set', { key, value })),
    resize: async (width, height) => void (await client.request('window.resize', { width, height })),
    undo: async () => void (await client.request('undo', {})),
    settleUndo: async () => void (await client.request('undo.settle', {})),
    close: async (message, error) => {
      await client.request('window.close', {
        ...(message !== undefined && { message: message.slice(0, MAX_LAST_WORD_LENGTH) }),
        ...(error !== undefined && { error }),
      });
    },
  };
}

/** Figma wraps messages from the window in `pluginMessage`, and so does it with those to the window. */
function createFigmaPort(): Port {
  return {
    post: (message) => parent.postMessage({ pluginMessage: message }, '*'),
    subscribe(handler) {
      const listen = (event: MessageEvent): void => {
        // A frame inside, or a window opened from here, has no say. Which frame above speaks Figma does not promise.
        if (event.source !== parent && event.source !== top) return;
        const message = (event.data as { pluginMessage?: unknown } | null)?.pluginMessage;
        if (message !== undefined) handler(message);
      };
      addEventListener('message', listen);
      return () => removeEventListener('message', listen);
    },
  };
}
