import type { Port } from '../protocol/rpc.js';

/** The window's iframe as a port. Several handlers may listen, none overwrites another. */
export const uiPort: Port = {
  post(message) {
    figma.ui.postMessage(message);
  },
  subscribe(handler) {
    const listener = (message: unknown): void => handler(message);
    figma.ui.on('message', listener);
    return () => figma.ui.off('message', listener);
  },
};
