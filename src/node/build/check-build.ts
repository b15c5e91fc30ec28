/**
 * Whether what lies there is what the configuration makes, without making it. What this machine remembers tells; where that is
 * nothing, as in a fresh checkout, the manifest does: it names the hash of every source and output.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeTexts } from './finish-build.js';
import { type Manifest, type ManifestOutput, makeManifest, readShard } from './manifest.js';
import type { BuildPlan, BuildStep } from './plan-build.js';

/** A file that is not as the build makes it. */
export interface Finding {
  /** From the root. */
  readonly path: string;
  /** `stale`: made of something else; `foreign`: no file of this build, or altered since. */
  readonly problem: 'missing' | 'stale' | 'foreign';
  /** In words. */
  readonly reason: string;
}

/** Nothing is written. @param plan of the whole build @returns by path, none when everything is as it should be */
export async function checkBuild(plan: BuildPlan): Promise<Finding[]> {
  const { root } = plan.loaded;
  const manifest = await readShard(resolve(root, plan.manifestPath), plan.id, plan.expected).catch(() => undefined);
  const known = await trustManifest(plan, manifest);
  const findings: Finding[] = [];
  for (const step of plan.steps) {
    const { reason } = step;
    if (reason === 'up to date') continue;
    const { output: path } = step.job;
    const found = await plan.hashes.ofOutput(resolve(root, path));
    if (found === undefined) findings.push({ path, problem: 'missing', reason: 'output missing' });
    else if (found === known.get(path)?.hash) continue;
    else if (known.has(path) || reason === 'output altered') {
      findings.push({ path, problem: 'foreign', reason: 'output altered' });
    } else if (reason === 'new') findings.push({ path, problem: 'stale', reason: whyUnknown(manifest) });
    else findings.push({ path, problem: 'stale', reason });
  }
  for (const { job } of plan.stale) findings.push({ path: job.output, problem: 'foreign', reason: 'no longer made' });
  // What describes the outputs is compared with outputs that are as they should be.
  if (findings.length === 0) findings.push(...(await checkTexts(plan, manifest)));
  return findings.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the manifest says of outputs whose source is still the same; of all sources, where one plan is made of several. */
async function trustManifest(plan: BuildPlan, manifest?: Manifest): Promise<Map<string, ManifestOutput>> {
  const hashes = new Map(plan.steps.map(({ job, inputHash }) => [job.input, inputHash]));
  const sources = manifest?.sources ?? [];
  const isSame = (source: Manifest['sources'][number]): boolean => hashes.get(source.path) === source.hash;
  const pooled = new Set(plan.steps.filter(({ job }) => job.plan).map(({ job }) => job.output));
  const areAll = sources.length === hashes.size && sources.every(isSame);
  const outputs = sources.filter(isSame).flatMap((source) => source.outputs);
  return new Map(outputs.filter(({ path }) => areAll || !pooled.has(path)).map((output) => [output.path, output]));
}

function whyUnknown(manifest: Manifest | undefined): string {
  return manifest ? 'image changed' : 'the manifest is of another configuration or version, or missing';
}

async function checkTexts(plan: BuildPlan, written: Manifest | undefined): Promise<Finding[]> {
  const outputs = plan.steps.flatMap(({ record, build }: BuildStep) => (record ? [{ record, build }] : []));
  const manifest = outputs.length === plan.steps.length ? makeManifest(plan.id, outputs) : written;
  if (!manifest) return [{ path: plan.manifestPath, problem: 'missing', reason: 'manifest missing' }];
  const texts = describeTexts(plan, manifest).map(async ({ path, text }): Promise<Finding[]> => {
    const found = await readFile(resolve(plan.loaded.root, path), 'utf8').catch(() => undefined);
    if (found === text) return [];
    return [
      found === undefined
        ? { path, problem: 'missing', reason: 'missing' }
        : { path, problem: 'stale', reason: 'says something else' },
    ];
  });
  return (await Promise.all(texts)).flat();
}
