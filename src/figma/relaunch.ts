import { type Holder, isStyle } from './holder.js';

/** Offers Edit and Restore in the properties panel of a recolored layer, or takes them back. */
export function setRelaunch(holder: Holder, isRecolored: boolean): void {
  if (isStyle(holder)) return;
  try {
    holder.setRelaunchData(isRecolored ? { edit: 'Change the recipe of this recoloring', restore: '' } : {});
  } catch {
    // A layer inside an instance may refuse the buttons; the recoloring itself is fine.
  }
}
