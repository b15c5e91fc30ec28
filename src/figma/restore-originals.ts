import type { ApplyReport, RequestPayload, Skipped } from '../protocol/messages.js';
import { addSkipped, applyEdits } from './apply-edits.js';
import { makeColorRestores, planColors } from './color-targets.js';
import { nameOf } from './name-of.js';
import type { HashEdit } from './paint-edit.js';
import { surveyColors } from './survey-colors.js';
import { surveySelection } from './survey-selection.js';
import { selectionAt } from './told-selections.js';

/**
 * Brings the originals back in everything below a selection, as one undo step.
 *
 * @param includeStyles also in styles that this plugin recolored; otherwise their layers are reported as skipped
 */
export async function restoreOriginals({ includeStyles, revision }: RequestPayload<'restore'>): Promise<ApplyReport> {
  const nodes = selectionAt(revision);
  const { found } = await surveySelection(nodes);
  const edits = new Map<string, HashEdit>();
  const skipped: Skipped[] = [];
  for (const { node, key, index, shown, original, memory, style } of found) {
    const layer = { layer: nameOf(node), layerId: node.id };
    // Remembered, but Figma no longer has it: the survey then takes what is shown for the original.
    if (shown === original && shown in memory.originals) skipped.push({ ...layer, reason: 'missing-image' });
    if (shown === original) continue;
    const edit = { index, from: shown, to: original, original };
    if (!style) {
      edits.set(`${node.id} ${key} ${index}`, { holder: node, name: layer.layer, key, ...edit });
    } else if (!includeStyles || !style.style || style.remote) {
      skipped.push({ ...layer, reason: style.remote ? 'remote-style' : 'style' });
    } else {
      edits.set(`${style.id} ${index}`, { holder: style.style, name: style.name, key: 'paints', ...edit });
    }
  }
  const ours = (await surveyColors(nodes)).filter(({ isOurs }) => isOurs);
  const colors = planColors(ours, includeStyles);
  const restores = await makeColorRestores(colors.targets);
  const report = await applyEdits([...edits.values(), ...restores], undefined);
  return addSkipped([...skipped, ...colors.skipped], report);
}
