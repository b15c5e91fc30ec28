import { endPlugin } from './alive.js';
import { shortenNotice } from './shorten-notice.js';

/** Ends the plugin with a last word. Nothing of `figma` may be used afterwards. */
export function closePlugin(message = '', isError = false): void {
  if (message && isError) figma.notify(shortenNotice(message), { error: true });
  endPlugin();
  figma.closePlugin(isError || !message ? undefined : shortenNotice(message));
}
