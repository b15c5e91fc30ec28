import { ColorshineError, quote } from '../../core/index.js';
import { createLutCache } from '../lut-cache.js';
import { readEntryParts } from '../lut-cache-file.js';
import type { KeyParts } from '../lut-cache-key.js';
import { CACHE_FLAGS } from './flags.js';
import { parseFlags } from './parse-flags.js';
import { print } from './say.js';

const ACTIONS = ['info', 'clear', 'path'] as const;

/** `colorshine cache info|clear|path`. */
export async function runCache(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags(args, CACHE_FLAGS);
  const [action = 'info', ...extra] = positionals;
  if (!ACTIONS.includes(action as (typeof ACTIONS)[number]) || extra.length > 0) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `cache: expected one of ${ACTIONS.join(', ')}, got ${quote(positionals.join(' '))}`,
    );
  }
  print(await perform(action as (typeof ACTIONS)[number], values.json === true));
  return 0;
}

async function perform(action: (typeof ACTIONS)[number], json: boolean): Promise<string> {
  const cache = createLutCache();
  if (action === 'path') return json ? JSON.stringify({ folder: cache.folder }) : cache.folder;
  if (action === 'clear') {
    const cleared = await cache.clear();
    if (json) return JSON.stringify({ folder: cache.folder, ...cleared });
    return `deleted ${count(cleared.entries)}, ${megabytes(cleared.bytes)}, from ${cache.folder}`;
  }
  const entries = await Promise.all(
    (await cache.list()).map(async (entry) => ({ ...entry, parts: await readEntryParts(entry.path) })),
  );
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (json) return JSON.stringify({ folder: cache.folder, maxBytes: cache.maxBytes, bytes, entries });
  const head = `${cache.folder}\n${count(entries.length)}, ${megabytes(bytes)} of at most ${megabytes(cache.maxBytes)}`;
  const rows = entries.map((entry) => {
    const used = new Date(entry.lastUsed).toISOString().replace('T', ' ').slice(0, 16);
    return `  ${used}  ${megabytes(entry.bytes).padStart(8)}  ${describeParts(entry.parts)}`;
  });
  return [head, ...rows].join('\n');
}

function describeParts(parts: KeyParts | undefined): string {
  if (!parts) return 'unreadable; it will be built anew when it is needed';
  const rows = parts.rows.map(({ text }) => text);
  return `${parts.size}^3  ${parts.backend}  ${rows.join(' ') || '(no row acts)'}`;
}

function count(entries: number): string {
  return `${entries} lookup ${entries === 1 ? 'table' : 'tables'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
