import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  formatManifest,
  type Manifest,
  makeManifest,
  mergeManifests,
  shardManifestPath,
  writeText,
} from './manifest.js';
import { resolveInRoot } from './paths.js';
import type { BuildPlan } from './plan-build.js';
import type { StepOutcome } from './run-build.js';
import type { Shard } from './shard.js';
import { formatCss, formatPictures } from './snippets.js';

/** A file that describes the build; `written` is false when it already said the same. */
export interface Described {
  readonly what: 'manifest' | 'picture' | 'css';
  /** From the root. */
  readonly path: string;
  readonly written: boolean;
}

/**
 * Writes manifest and snippets of a build that is complete: of a shard only its manifest.
 *
 * @throws OUTPUT_UNWRITABLE, INVALID_CONFIG for a snippet's theme that no output has
 */
export async function describeBuild(
  plan: BuildPlan,
  outcomes: readonly StepOutcome[],
  shard?: Shard,
): Promise<Described[]> {
  const outputs = outcomes.flatMap((outcome) =>
    outcome.status === 'failed' ? [] : [{ record: outcome.record, build: outcome.step.build }],
  );
  const manifest = makeManifest(plan.id, outputs, shard);
  if (shard) {
    const path = shardManifestPath(plan.manifestPath, shard);
    return [
      { what: 'manifest', path, written: await writeText(resolve(plan.loaded.root, path), formatManifest(manifest)) },
    ];
  }
  const described = await writeDescriptions(plan, manifest);
  await removeShardManifests(resolve(plan.loaded.root, plan.manifestPath));
  return described;
}

/**
 * Joins the manifests of all shards and writes what a build in one piece would have written. Images are not touched.
 *
 * @throws INPUT_NOT_FOUND, INVALID_CONFIG when shards are missing or do not belong together
 */
export async function mergeShards(
  plan: BuildPlan,
): Promise<{ described: Described[]; manifest: Manifest; shards: number }> {
  const path = resolve(plan.loaded.root, plan.manifestPath);
  const { manifest, shards } = await mergeManifests(path, plan.id, plan.expected);
  return { described: await writeDescriptions(plan, manifest), manifest, shards };
}

/** Snippets and manifest, and where each goes, from the root. @throws INVALID_CONFIG for a snippet's theme that no output has */
export function describeTexts(
  plan: BuildPlan,
  manifest: Manifest,
): readonly { readonly what: Described['what']; readonly path: string; readonly text: string }[] {
  const { config } = plan.loaded;
  const texts: { what: Described['what']; path: string; text: string }[] = [];
  const { picture, css } = plan.snippetPaths;
  if (config.snippets && picture !== undefined) {
    texts.push({ what: 'picture', path: picture, text: formatPictures(manifest, config.snippets, picture) });
  }
  if (config.snippets && css !== undefined) {
    texts.push({ what: 'css', path: css, text: formatCss(manifest, config.snippets, css) });
  }
  // The manifest last: who waits for it finds everything.
  texts.push({ what: 'manifest', path: plan.manifestPath, text: formatManifest(manifest) });
  return texts;
}

async function writeDescriptions(plan: BuildPlan, manifest: Manifest): Promise<Described[]> {
  const described: Described[] = [];
  for (const { what, path, text } of describeTexts(plan, manifest)) {
    described.push({ what, path, written: await writeText(resolve(plan.loaded.root, path), text) });
  }
  return described;
}

/** After a build in one piece they would be merged into the next one by mistake. */
async function removeShardManifests(path: string): Promise<void> {
  const stem = basename(path).replace(/\.json$/i, '');
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (name.startsWith(`${stem}.`) && /^\.\d+-of-\d+\.json$/.test(name.slice(stem.length))) {
      await rm(join(dirname(path), name), { force: true });
    }
  }
}

/**
 * Deletes outputs that the configuration does not make any more, and what is remembered of them: images in the root, wherever
 * links lead, whose bytes are those that were written.
 *
 * @returns how many
 */
export async function pruneStale({ stale, loaded, records }: BuildPlan): Promise<number> {
  for (const { job } of stale) {
    await rm(await resolveInRoot(loaded.root, job.output, 'INVALID_CONFIG'), { force: true });
    await records.forget(job.output);
  }
  return stale.length;
}
