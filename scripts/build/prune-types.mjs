import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Deletes declarations below `folder` that no entry leads to: what tsc writes for the insides. Two thirds of them, and a tenth of the package.
 * @param {string} folder @param {readonly string[]} entries paths of .d.ts files
 */
export async function pruneTypes(folder, entries) {
  const used = await findTypes(entries);
  const all = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  for (const path of all.filter((one) => one.endsWith('.d.ts') && !used.has(one))) await rm(path);
}

/**
 * Paths of the declarations that entries lead to, their own among them.
 * @param {readonly string[]} entries @returns {Promise<Set<string>>}
 */
export async function findTypes(entries) {
  const used = new Set();
  const visit = async (path) => {
    if (used.has(path)) return;
    used.add(path);
    // Without comments, in which examples import.
    const text = (await readFile(path, 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, specifier] of text.matchAll(/(?:from |import\(|import )["'](\.[^"']+)\.js["']/g)) {
      await visit(join(dirname(path), `${specifier}.d.ts`));
    }
  };
  for (const entry of entries) await visit(join(entry));
  return used;
}
