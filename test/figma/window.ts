/** A scripted window: it goes through a job as the real one does, over the real rpc. */
import type { RpcError } from '../../src/protocol/errors.js';
import type { Placement, SkipReason } from '../../src/protocol/messages.js';
import type { ApplyReport } from '../../src/protocol/replies.js';
import type { Session } from '../figma-host/node-session.js';
import { invert } from './images.js';

export const RECIPE = {
  version: 2,
  rows: [{ color: 'teal', tolerance: 50, strength: 70 }],
  channels: { luminance: true, saturation: true, hue: true },
  blend: 'oklch',
} as const;

const REASONS: Readonly<Record<string, SkipReason>> = {
  IMAGE_GIF: 'gif',
  IMAGE_MISSING: 'missing-image',
  IMAGE_UNREADABLE: 'unreadable',
  IMAGE_TOO_LARGE: 'too-large',
  IMAGE_UNSUPPORTED: 'unsupported',
};

export interface RecolorOptions {
  readonly includeStyles?: boolean;
  readonly placement?: Placement;
  /** What the layers' colors become. */
  readonly colors?: (from: number) => number;
  readonly recipe?: typeof RECIPE | (Omit<typeof RECIPE, 'rows'> & { rows: readonly object[] });
  /** What a person does after the images are done and before they are written. */
  readonly meanwhile?: () => void;
}

export interface Recolored {
  readonly report: ApplyReport;
  /** Hash of the original -> hash of the new image. */
  readonly newHashes: Readonly<Record<string, string>>;
}

/** Recolors (inverts) every image below the selection. */
export async function recolorSelection(
  { ui }: Session,
  { includeStyles = false, placement, colors, recipe = RECIPE, meanwhile }: RecolorOptions = {},
): Promise<Recolored> {
  const { images } = await ui.request('selection.get', {});
  const hashes = images.map(({ hash }) => hash);
  const job = await ui.request('job.begin', {
    ...{ hashes, includeStyles, withColors: colors !== undefined },
    ...(placement && { placement }),
  });
  if (colors) {
    const map = (job.colors ?? []).map((from) => ({ from, to: colors(from) }));
    await ui.request('job.paint', { jobId: job.jobId, colors: map });
  }
  const newHashes: Record<string, string> = {};
  for (const hash of job.hashes) {
    try {
      const { bytes } = await ui.request('image.bytes', { hash });
      const put = await ui.request('job.put', { jobId: job.jobId, hash, bytes: await invert(bytes) });
      newHashes[hash] = put.newHash;
    } catch (error) {
      const { code, message } = error as RpcError;
      await ui.request('job.skip', { jobId: job.jobId, hash, reason: REASONS[code] ?? 'failed', detail: message });
    }
  }
  meanwhile?.();
  const named = { recipe: recipe as typeof RECIPE };
  return { report: await ui.request('job.commit', { jobId: job.jobId, ...named }), newHashes };
}
