import type { RequestPayload, SkipReason } from '../protocol/messages.js';
import type { ApplyReport, Skipped } from '../protocol/replies.js';
import { applyEdits } from './apply-edits.js';
import { makeColorRestores, planColors } from './color-targets.js';
import { listSkipped, skipLayer } from './describe-skip.js';
import { readImageSize } from './fetch-image.js';
import type { FoundImage } from './find-images.js';
import { originalOf } from './memory.js';
import { planWrites } from './plan-writes.js';
import { surveySelection } from './survey.js';
import { selectionAt } from './told-selections.js';

/**
 * Brings the originals back in everything below a selection, as one undo step.
 *
 * @param includeStyles also in styles that this plugin recolored; otherwise their layers are reported as skipped
 */
export async function restoreOriginals({ includeStyles, revision }: RequestPayload<'restore'>): Promise<ApplyReport> {
  const { images: found, colors: shownColors, ...survey } = await surveySelection(selectionAt(revision), true);
  const skipped: Skipped[] = survey.skipped.filter(({ reason }) => reason === 'layer-unreadable');
  const readable = await findReadable(found);
  const wanted = found.filter(({ node, shown, original, memory }) => {
    const skip = (reason: SkipReason): void => void skipped.push(skipLayer(node, reason));
    if (shown !== original && readable.has(original)) return true;
    if (shown !== original) skip('unreadable');
    // Remembered, but Figma no longer has it: the survey then takes what is shown for the original.
    else if (originalOf(memory, shown) !== shown) skip('missing-image');
    return false;
  });
  const images = planWrites(wanted, includeStyles, ({ shown, original, isPaired }) => {
    return { from: shown, to: original, original, pair: isPaired ? ('close' as const) : undefined };
  });
  const colors = planColors(
    shownColors.filter(({ isOurs }) => isOurs),
    includeStyles,
  );
  const restores = await makeColorRestores(colors.targets);
  figma.commitUndo();
  const report = await applyEdits([...images.targets, ...restores], undefined);
  return { ...report, skipped: listSkipped(skipped, images.skipped, colors.skipped, report.skipped) };
}

/** Originals whose bytes Figma can reach: a handle is given for a hash whose image is lost, too. */
async function findReadable(found: readonly FoundImage[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(found.flatMap(({ shown, original }) => (shown === original ? [] : [original])));
  const sizes = await Promise.all([...wanted].map(async (hash) => [hash, await readImageSize(hash)] as const));
  return new Set(sizes.flatMap(([hash, size]) => (size ? [hash] : [])));
}
