/** A job: note the paints, take the new images one by one and the new colors at once, then write everything at once, or nothing. */
import { messageOf, RpcError } from '../protocol/errors.js';
import type { RequestPayload, SkipReason } from '../protocol/messages.js';
import type { ApplyReport, RequestReply, Skipped } from '../protocol/replies.js';
import { applyEdits } from './apply-edits.js';
import { packRgb } from './color-slots.js';
import { type ColorMap, type ColorTarget, makeColorEdits, planColors } from './color-targets.js';
import { type Copies, copyBeside } from './copy-beside.js';
import { describeSkip, listSkipped, skipLayer } from './describe-skip.js';
import { knownFault } from './fetch-image.js';
import type { FoundImage } from './find-images.js';
import { doingOf } from './memory.js';
import type { HashEdit, PaintEdit } from './paint-edit.js';
import { planWrites } from './plan-writes.js';
import { surveySelection } from './survey.js';
import { selectionAt } from './told-selections.js';

interface Target extends Omit<HashEdit, 'to'> {
  readonly original: string;
}

interface Job {
  /** The layers to be duplicated, where the originals are to stay as they are. */
  readonly copied?: readonly SceneNode[];
  readonly targets: readonly Target[];
  readonly colors: readonly ColorTarget[];
  /** Left out from the start: styles, videos, missing images. */
  readonly skipped: readonly Skipped[];
  /** Original hash -> new hash. */
  readonly newHashes: Map<string, string>;
  /** Original hash -> why there is no new one. */
  readonly failures: Map<string, { readonly reason: SkipReason; readonly detail?: string }>;
  colorMap: ColorMap;
}

const jobs = new Map<string, Job>();
let lastJob = 0;

/** @throws RpcError SELECTION_UNKNOWN */
export async function beginJob({
  hashes,
  includeStyles,
  withColors = false,
  placement,
  revision,
}: RequestPayload<'job.begin'>): Promise<RequestReply<'job.begin'>> {
  const nodes = selectionAt(revision);
  const { images: found, colors: shownColors, skipped } = await surveySelection(nodes, withColors);
  const wanted = found.filter(({ original }) => hashes.includes(original));
  const hopeless = found.filter(({ original }) => !hashes.includes(original)).flatMap(describeFault);
  const isBeside = placement === 'beside';
  // A style is shared with the layer that is to stay as it is.
  const withStyles = includeStyles && !isBeside;
  const plan = planWrites(wanted, withStyles, ({ shown, original, isPaired }) => {
    return { from: shown, original, pair: placement === 'above' && !isPaired ? ('open' as const) : undefined };
  });
  const colors = planColors(shownColors, withStyles);
  const jobId = `job ${++lastJob}`;
  jobs.set(jobId, {
    ...(isBeside && { copied: nodes }),
    targets: plan.targets,
    colors: colors.targets,
    skipped: [...skipped, ...hopeless, ...plan.skipped, ...colors.skipped],
    newHashes: new Map(),
    failures: new Map(),
    colorMap: { colors: [] },
  });
  return {
    jobId,
    hashes: [...new Set(plan.targets.map(({ original }) => original))],
    layers: new Set([...plan.targets, ...colors.targets].map(({ holder }) => holder.id)).size,
    ...(withColors && { colors: [...new Set(colors.targets.map(({ original }) => packRgb(original.rgb)))] }),
  };
}

/** @throws RpcError JOB_UNKNOWN, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, IMAGE_UNSUPPORTED; what else Figma throws */
export function putImage({ jobId, hash, bytes }: RequestPayload<'job.put'>): RequestReply<'job.put'> {
  const job = findJob(jobId);
  const newHash = createImage(bytes);
  job.newHashes.set(hash, newHash);
  return { newHash };
}

/** @throws RpcError JOB_UNKNOWN */
export function skipImage({ jobId, hash, reason, detail }: RequestPayload<'job.skip'>): RequestReply<'job.skip'> {
  findJob(jobId).failures.set(hash, { reason, ...(detail !== undefined && { detail }) });
  return {};
}

/** @throws RpcError JOB_UNKNOWN */
export function paintColors({ jobId, ...map }: RequestPayload<'job.paint'>): RequestReply<'job.paint'> {
  findJob(jobId).colorMap = map;
  return {};
}

/** Writes the layers whose images came, as one undo step, and ends the job. @throws RpcError JOB_UNKNOWN */
export async function commitJob({ jobId, ...asked }: RequestPayload<'job.commit'>): Promise<ApplyReport> {
  const job = findJob(jobId);
  jobs.delete(jobId);
  const edits: PaintEdit[] = [];
  const skipped: Skipped[] = [...job.skipped];
  for (const target of job.targets) {
    const to = job.newHashes.get(target.original);
    if (to !== undefined) edits.push({ ...target, to });
    else skipped.push(describeFailure(job, target));
  }
  edits.push(...(await makeColorEdits(job.colors, job.colorMap)));
  figma.commitUndo();
  let copies: Copies = { edits, skipped: [], nodes: [] };
  const report = await applyEdits(edits, doingOf(asked), (ready) => {
    copies = job.copied ? copyBeside(job.copied, ready) : { ...copies, edits: ready };
    return copies.edits;
  });
  selectAgain(copies.nodes);
  return { ...report, skipped: listSkipped(skipped, copies.skipped, report.skipped) };
}

/** Duplicates are what a person goes on with. */
function selectAgain(nodes: readonly SceneNode[]): void {
  try {
    if (nodes.length > 0) figma.currentPage.selection = nodes;
  } catch {
    // Another page is shown by now.
  }
}

export function cancelJob(jobId: string): RequestReply<'job.cancel'> {
  jobs.delete(jobId);
  return {};
}

function findJob(jobId: string): Job {
  const job = jobs.get(jobId);
  if (!job) throw new RpcError('JOB_UNKNOWN', `no job ${jobId}: it was finished or canceled`);
  return job;
}

/** Not asked for, because the window was told why it cannot be done: above 4096, for example. */
function describeFault({ node, original }: FoundImage): Skipped[] {
  const reason = knownFault(original);
  return reason && !node.removed ? [skipLayer(node, reason)] : [];
}

function describeFailure(job: Job, target: Target): Skipped {
  const { reason, detail } = job.failures.get(target.original) ?? {
    reason: knownFault(target.original) ?? 'failed',
    detail: undefined,
  };
  return describeSkip(target, reason, detail);
}

function createImage(bytes: Uint8Array): string {
  try {
    return figma.createImage(bytes).hash;
  } catch (error) {
    const message = messageOf(error);
    if (/too large/i.test(message)) throw new RpcError('IMAGE_TOO_LARGE', message);
    if (/too small/i.test(message)) throw new RpcError('IMAGE_TOO_SMALL', message);
    if (/unsupported/i.test(message)) throw new RpcError('IMAGE_UNSUPPORTED', message);
    throw error;
  }
}
