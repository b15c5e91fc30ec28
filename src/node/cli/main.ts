#!/usr/bin/env node
/** Entry of both bins. The commands are files of their own, so that `--version` and `--help` answer at once. */
import { constants } from 'node:os';
import { ColorshineError, quote } from '../../core/errors.js';
import { nearestWord } from '../../core/options.js';
import type { OtherCommand } from './commands.js';
import { COMMANDS, type CommandName, commandHelp, overview } from './help.js';
import { print, say } from './say.js';

declare const COLORSHINE_VERSION: string;

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

/** Commands whose work in progress need not be ended properly: an output is whole or absent all the same. */
const SHORT_COMMANDS: ReadonlySet<string> = new Set(['shine', 'analyze', 'lut', 'palette', 'bench']);
/** After Ctrl+C images that are nearly done may still be written; nothing can stop libvips in the middle of one. */
const GRACE_MS = 700;

const signal = { aborted: false };

process.on('SIGINT', () => {
  if (signal.aborted) return stopAtOnce('SIGINT');
  signal.aborted = true;
  print('\ncolorshine: stopping; press Ctrl+C again to stop at once', process.stderr);
  // What ends by itself ends before that. Unreferenced: it does not keep the process.
  if (SHORT_COMMANDS.has(process.argv[2] ?? '')) setTimeout(() => stopAtOnce('SIGINT'), GRACE_MS).unref();
});
for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopAtOnce(name));
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return; // the reader of lines has seen enough; the images are wanted all the same
    const reason = error.code === 'ENOSPC' ? 'a full disk' : error.message;
    if (stream === process.stdout) {
      say(`colorshine: standard output: expected a place to write to, got ${reason}`);
    }
    process.exit(EXIT_FAILED);
  });
}

/**
 * Removes temp files and ends the process by the signal itself, which a shell reports as 130 for Ctrl+C. `process.exit` would wait
 * for libvips, which may be decoding for many seconds.
 */
function stopAtOnce(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
  if (process.platform === 'win32') process.exit(EXIT_INTERRUPTED);
  // The first process of a container: the kernel passes over signals that it sends itself.
  if (process.pid === 1) process.exit(128 + constants.signals[name]);
  process.emit('exit', EXIT_INTERRUPTED); // its listeners remove temp files and give the terminal its cursor back
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

function explain(error: unknown): number {
  if (isColorshineError(error)) {
    say(`colorshine: ${error.message}`);
    if (error.code === 'CANCELED') return EXIT_INTERRUPTED;
    return error.isUsage ? EXIT_USAGE : EXIT_FAILED;
  }
  const stack = String(error instanceof Error ? error.stack : error);
  print(`colorshine: unexpected error, please report it: ${stack}`, process.stderr);
  return EXIT_FAILED;
}

main(process.argv.slice(2))
  .catch(explain)
  .then((code) => {
    process.exitCode = code;
  });

/** By name: the files of the command line have a class each. */
function isColorshineError(error: unknown): error is ColorshineError {
  return error instanceof Error && error.name === 'ColorshineError';
}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === '--version' || command === '-V') return show(COLORSHINE_VERSION);
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    const topic = rest[0];
    if (topic !== undefined && Object.hasOwn(COMMANDS, topic)) return show(commandHelp(topic as CommandName));
    if (topic !== undefined) throw unknownCommand(topic);
    if (command !== undefined) return show(overview(COLORSHINE_VERSION));
    print(overview(COLORSHINE_VERSION).trimEnd(), process.stderr);
    return EXIT_USAGE;
  }
  if (!Object.hasOwn(COMMANDS, command)) throw unknownCommand(command);
  const end = rest.indexOf('--');
  const flags = end < 0 ? rest : rest.slice(0, end);
  if (flags.includes('--help') || flags.includes('-h')) return show(commandHelp(command as CommandName));
  if (command === 'shine') return (await import('./start-shine.js')).startShine(rest, signal);
  return (await import('./commands.js')).runCommand(command as OtherCommand, rest, signal, COLORSHINE_VERSION);
}

function unknownCommand(word: string): ColorshineError {
  const nearest = nearestWord(word, Object.keys(COMMANDS));
  return new ColorshineError(
    'INVALID_OPTION',
    `unknown command ${quote(word)}; did you mean ${nearest}? See colorshine --help`,
  );
}

function show(text: string): number {
  print(text.trimEnd());
  return EXIT_DONE;
}
