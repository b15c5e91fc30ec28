import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listModules } from './import-graph.js';

/** Relative imports of any kind: values, types alone, dynamic ones, and what is passed on. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.[^'?]+)'/g;

/** What each module under the folders imports from the others, types too: read from the sources, since bundlers drop types. */
export function readImports(...folders: string[]): Map<string, readonly string[]> {
  const modules = new Set(folders.flatMap(listModules));
  const resolveModule = (from: string, path: string): string | undefined => {
    const bare = join(dirname(from), path).replace(/\.jsx?$/, '');
    return [bare, `${bare}.ts`, `${bare}.tsx`, join(bare, 'index.ts')].find((candidate) => modules.has(candidate));
  };
  return new Map(
    [...modules].map((module) => {
      const paths = [...readFileSync(module, 'utf8').matchAll(IMPORT)].map(([, path]) => path as string);
      return [module, paths.map((path) => resolveModule(module, path)).filter((path) => path !== undefined)];
    }),
  );
}

/** Groups of modules of which each reaches all others and so itself again; sorted. */
export function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...imports.keys()].map((module) => [module, reachFrom(module, imports)]));
  const circles = new Map<string, string[]>();
  for (const [module, reach] of reached) {
    if (!reach.has(module)) continue;
    const group = [...reach].filter((other) => reached.get(other)?.has(module)).sort();
    circles.set(group.join(' '), group);
  }
  return [...circles.values()].sort(([p = ''], [q = '']) => (p < q ? -1 : 1));
}

/** All that a module imports, directly or not. */
function reachFrom(module: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [module];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const path of imports.get(next) ?? []) {
      if (reached.has(path)) continue;
      reached.add(path);
      open.push(path);
    }
  }
  return reached;
}
