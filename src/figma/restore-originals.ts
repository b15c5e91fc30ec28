import type { ApplyReport, RequestPayload, Skipped } from '../protocol/messages.js';
import { applyEdits } from './apply-edits.js';
import { addSkipped } from './apply-report.js';
import { makeColorRestores, planColors } from './color-targets.js';
import { readImageSize } from './fetch-image.js';
import { originalOf } from './memory.js';
import { nameOf } from './name-of.js';
import type { HashEdit } from './paint-edit.js';
import { surveyColors } from './survey-colors.js';
import { type FoundPaint, surveySelection } from './survey-selection.js';
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
  const readable = await findReadable(found);
  for (const { node, key, index, shown, original, memory, style } of found) {
    const layer = { layer: nameOf(node), layerId: node.id };
    if (shown === original) {
      // Remembered, but Figma no longer has it: the survey then takes what is shown for the original.
      if (originalOf(memory, shown) !== shown) skipped.push({ ...layer, reason: 'missing-image' });
      continue;
    }
    if (!readable.has(original)) {
      skipped.push({ ...layer, reason: 'unreadable' });
      continue;
    }
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

/** Originals whose bytes Figma can reach: a handle is given for a hash whose image is lost, too. */
async function findReadable(found: readonly FoundPaint[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(found.flatMap(({ shown, original }) => (shown === original ? [] : [original])));
  const sizes = await Promise.all([...wanted].map(async (hash) => [hash, await readImageSize(hash)] as const));
  return new Set(sizes.flatMap(([hash, size]) => (size ? [hash] : [])));
}
