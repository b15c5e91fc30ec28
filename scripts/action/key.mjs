/**
 * `node key.mjs CONFIG < plan.jsonl`, for action.yml: names the cache of a build by what `colorshine build --dry-run --json` says of
 * it. The scope is the configuration's, the key that of all bytes that are to come out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const hash = (text) => createHash('sha256').update(text).digest('hex');
const lines = readFileSync(0, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
// What a cache knows already decides whether an output is kept or made, and has no say here.
const wanted = lines.filter(({ action }) => action !== 'prune').map(({ output, key }) => [output, key ?? null]);
process.stdout.write(`scope=${hash(process.argv[2]).slice(0, 8)}\nkey=${hash(JSON.stringify(wanted))}\n`);
