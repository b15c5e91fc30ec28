import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import type { Cancel } from '../../core/index.js';
import { buildOnce } from './build-once.js';
import { createBuildPrinter } from './build-print.js';
import { readBuildSettings } from './build-settings.js';
import { parseFlags } from './parse-flags.js';
import { BUILD_FLAGS } from './project-flags.js';

/** `colorshine build`. @returns the exit code: 0 done, 1 some image failed, 2 a call that cannot work, 130 interrupted */
export async function runBuildCommand(args: readonly string[], signal: Cancel): Promise<number> {
  const { values, positionals } = parseFlags(args, BUILD_FLAGS);
  const settings = readBuildSettings(values, positionals, signal);
  const { json = false, quiet = false, verbose = false, watch } = values;
  const printer = createBuildPrinter({ json, quiet, verbose });
  // Several images at once use the cores better than several threads for one.
  sharp.concurrency(Math.max(1, Math.floor(availableParallelism() / settings.concurrency)));
  sharp.cache(false);
  if (watch) return (await import('./build-watch.js')).watchBuild(settings, printer);
  return (await buildOnce(settings, printer)).code;
}
