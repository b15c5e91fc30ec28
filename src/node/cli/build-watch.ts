import { existsSync } from 'node:fs';
import { ColorshineError } from '../../core/index.js';
import { CONFIG_FILE } from '../build/config-shape.js';
import { loadConfig } from '../build/load-config.js';
import type { BuildPlan } from '../build/plan-build.js';
import { watchFiles } from '../build/watch-files.js';
import { watchTargets } from '../build/watch-targets.js';
import { buildOnce } from './build-once.js';
import type { BuildPrinter } from './build-print.js';
import type { BuildSettings } from './build-settings.js';
import { say } from './say.js';

const EXIT_INTERRUPTED = 130;
/** How soon Ctrl+C is noticed while nothing else happens. */
const LOOK_MS = 100;

/**
 * `colorshine build --watch`: builds, then again on every change, until interrupted. An error is printed and waited out.
 *
 * @throws INVALID_CONFIG only when there is no configuration at all
 */
export async function watchBuild(settings: BuildSettings, printer: BuildPrinter): Promise<number> {
  const { signal, config = CONFIG_FILE } = settings;
  if (!existsSync(config)) await loadConfig(config);
  const watcher = watchFiles();
  let plan: BuildPlan | undefined;
  let hasFailed = false;
  try {
    for (let round = 0; !signal.aborted; round++) {
      // Before building, so that what is saved meanwhile is not missed.
      watcher.watch(await watchTargets(config, plan));
      const began = Date.now();
      const built = await buildAndTell(settings, printer, round > 0 && !hasFailed);
      plan = built?.plan ?? plan;
      hasFailed = built === undefined || built.code !== 0;
      if (signal.aborted) break;
      // Files that others lead to, and new folders, are known only now.
      watcher.watch(await watchTargets(config, plan), began);
      if (round === 0 && settings.showsProgress) say('Watching for changes; Ctrl+C ends.');
      const changed = await waitForChange(watcher, settings);
      if (changed === undefined) break;
      printer.changed(changed);
    }
  } finally {
    watcher.close();
  }
  return EXIT_INTERRUPTED;
}

async function buildAndTell(
  settings: BuildSettings,
  printer: BuildPrinter,
  isSilentWhenFresh: boolean,
): Promise<{ code: number; plan: BuildPlan } | undefined> {
  try {
    return await buildOnce(settings, printer, isSilentWhenFresh);
  } catch (error) {
    if (error instanceof ColorshineError && error.code === 'CANCELED') return undefined;
    const message = error instanceof ColorshineError ? error.message : error instanceof Error ? error.stack : error;
    say(`colorshine: ${message}`);
    return undefined;
  }
}

/** @returns undefined when interrupted */
async function waitForChange(
  watcher: ReturnType<typeof watchFiles>,
  { signal }: BuildSettings,
): Promise<readonly string[] | undefined> {
  for (;;) {
    const changed = await watcher.next(LOOK_MS);
    if (signal.aborted) return undefined;
    if (changed.length > 0) return changed;
  }
}
