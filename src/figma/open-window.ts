import type { SessionStart } from '../protocol/replies.js';
import { serve } from '../protocol/rpc.js';
import { makeHandlers } from './make-handlers.js';
import { readWindowSize } from './store.js';
import { uiPort } from './ui-port.js';
import { watchDocument } from './watch-document.js';

/** Opens the window, or for a headless command its hidden iframe, and answers its requests until it closes. */
export async function openWindow(start: SessionStart): Promise<void> {
  const size = await readWindowSize();
  figma.showUI(__html__, { ...size, visible: !start.headless, themeColors: true, title: 'Colorshine' });
  const server = serve(
    uiPort,
    makeHandlers(start, () => server.close()),
  );
  if (!start.headless) watchDocument((payload) => server.emit('selection.changed', payload));
}
