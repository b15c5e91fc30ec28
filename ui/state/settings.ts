/** How this person applies, kept for the next time and for "Re-run last". */
import { PLACEMENTS, type Placement, type Scope } from '../../src/protocol/messages.js';
import { flag, type Json, object, oneOf, optional } from '../../src/protocol/schema.js';
import type { Host } from '../host.js';

export interface Settings {
  /** Colors of layers went along with the last Apply. */
  readonly withColors: boolean;
  readonly placement: Placement;
}

/** Whole pages are not duplicated: there the next best keeps the originals, too. */
export function placementIn(scope: Scope, placement: Placement): Placement {
  return scope !== 'selection' && placement === 'beside' ? 'above' : placement;
}

const stored = object({ withColors: optional(flag), placement: optional(oneOf(...PLACEMENTS)) });
const DEFAULTS: Settings = { withColors: false, placement: 'replace' };

/** Never throws: what is not there, or not ours, is as it is at first. */
export async function readSettings(host: Host): Promise<Settings> {
  try {
    return { ...DEFAULTS, ...stored((await host.readStorage('settings')) ?? {}, 'settings') };
  } catch {
    return DEFAULTS;
  }
}

/** Never throws: it is a convenience. */
export async function writeSettings(host: Host, settings: Settings): Promise<void> {
  await host.writeStorage('settings', settings as unknown as Json).catch(() => undefined);
}
