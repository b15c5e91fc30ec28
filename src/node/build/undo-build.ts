import { rm } from 'node:fs/promises';
import { pruneStale } from './finish-build.js';
import { resolveInRoot } from './paths.js';
import { type BuildPlan, findWritten } from './plan-build.js';

/**
 * Deletes what builds of a configuration have written: outputs whose bytes are still as they were written, the manifest and the
 * snippets.
 *
 * @returns how many outputs
 */
export async function undoBuild(plan: BuildPlan): Promise<number> {
  const { loaded, manifestPath, snippetPaths } = plan;
  const written = await findWritten(plan, await plan.records.readAll(), () => true);
  const count = await pruneStale({ ...plan, stale: written });
  for (const path of [manifestPath, ...Object.values(snippetPaths)]) {
    await rm(await resolveInRoot(loaded.root, path, 'INVALID_CONFIG'), { force: true });
  }
  return count;
}
