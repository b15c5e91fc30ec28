/** The smallest window that speaks the protocol: the harness itself is tested with it. */
import { createClient, type Port } from '../../../src/protocol/rpc.js';

const port: Port = {
  post: (message) => parent.postMessage({ pluginMessage: message }, '*'),
  subscribe(handler) {
    const listen = ({ source, data }: MessageEvent): void => {
      if (source === parent) handler((data as { pluginMessage?: unknown }).pluginMessage);
    };
    addEventListener('message', listen);
    return () => removeEventListener('message', listen);
  },
};

Object.assign(globalThis, { client: createClient(port) });
