import { performance } from 'node:perf_hooks';
import type { Plan, Recipe } from '../../core/index.js';
import type { CoarsePass } from '../hierarchical/coarse-pass.js';
import type { DecodedImage } from '../image/decode.js';
import type { EncodeOptions } from '../image/encode.js';
import type { EncodeTarget } from '../image/encode-target.js';
import { checkFits } from '../image/format-limits.js';
import type { OpenImage } from '../image/open-image.js';
import { chooseFormat, engineFor, type NodeRecolorOptions } from '../recolor-options.js';
import { idleRowNotices, makeReport, type Report } from '../report.js';
import { memoryNotices } from '../spool/memory-notices.js';
import type { SpoolOptions } from '../spool/options.js';
import { openPixelSource } from './pixel-source.js';
import { recolorWork } from './recolor-work.js';

/**
 * Recolors one image into one output.
 *
 * @param output how errors and the report call it
 * @param coarse settles the plan by a shrunken copy, if asked to
 * @throws ColorshineError; OUTPUT_UNSUPPORTED before the work
 */
export async function recolorImage<T>(
  opened: OpenImage,
  output: string,
  recipe: Recipe | Plan,
  options: NodeRecolorOptions & SpoolOptions,
  target: EncodeTarget<T>,
  coarse?: CoarsePass,
): Promise<{ result: T; report: Report }> {
  const { engine = engineFor(options), quality, threads } = options;
  const source = openPixelSource(opened, { ...options, engine });
  try {
    const described = opened.describe();
    const { format } = chooseFormat(described, options.format);
    checkFits(described, format, output);
    const worked = await source.work(recolorWork(recipe, engine, { ...options, coarse }));
    const { image, began, decodedAt, spool } = worked;
    const encodingAt = performance.now();
    const settings = { format, ...(quality && { quality }), ...(threads && { threads }) };
    const { result } = await worked.encode(settings, target);
    const ended = performance.now();
    const { selection, isEarly, report: reportAt } = worked.result;
    const recolored = reportAt(decodedAt);
    const report = makeReport({
      input: opened.name,
      output,
      outputFormat: format,
      image,
      recolored,
      backendReason: selection.sentence,
      backends: selection.candidates,
      device: selection.backend.stats?.(),
      hierarchical: coarse?.report(),
      ...(spool && { spool: { ...spool, isEarly } }),
      decode: decodedAt - began,
      encode: ended - encodingAt,
      total: ended - began,
      notices: [...listNotices(image, settings, recolored.plan), ...worked.notices, ...(coarse?.notices ?? [])],
    });
    return { result, report };
  } finally {
    await source.close();
    if (!options.engine) engine.dispose();
  }
}

/** What is to be said of an image and its output, one sentence each: the same whoever asked and wherever it was done. */
export function listNotices(image: DecodedImage, asked: Partial<EncodeOptions>, plan?: Plan): string[] {
  const { format, notices } = chooseFormat(image, asked.format);
  const idle = plan ? idleRowNotices(plan) : [];
  return [...image.notices, ...idle, ...notices, ...memoryNotices(image, { ...asked, format })];
}
