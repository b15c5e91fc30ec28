import type { Cancel } from '../../core/index.js';
import type { CommandName } from './help.js';

/** All but `shine`, which has a file of its own to start sooner. */
export type OtherCommand = Exclude<CommandName, 'shine'>;

/** These load no sharp. */
const WITHOUT_IMAGES: ReadonlySet<OtherCommand> = new Set<OtherCommand>(['cache', 'tokens', 'doctor']);

/** @returns the exit code */
export async function runCommand(
  command: OtherCommand,
  args: readonly string[],
  signal: Cancel,
  version: string,
): Promise<number> {
  if (!WITHOUT_IMAGES.has(command)) (await import('../image/loaders.js')).allowOwnLoaders();
  switch (command) {
    case 'build':
      return (await import('./build.js')).runBuildCommand(args, signal);
    case 'analyze':
      return (await import('./analyze.js')).runAnalyze(args, signal);
    case 'lut':
      return (await import('./lut.js')).runLut(args, signal, version);
    case 'cache':
      return (await import('./cache.js')).runCache(args);
    case 'palette':
      return (await import('./palette.js')).runPalette(args);
    case 'tokens':
      return (await import('./tokens.js')).runTokens(args);
    case 'worker':
      return (await import('./worker.js')).runWorker(args, signal);
    case 'bench':
      return (await import('./bench.js')).runBenchCommand(args, signal, version);
    case 'doctor':
      return (await import('./doctor.js')).runDoctor(args, version);
  }
}
