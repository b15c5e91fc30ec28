import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The license texts of every package whose code a bundle contains.
 *
 * @param {Iterable<string>} inputs paths from an esbuild metafile
 * @throws when a package ships without a license file
 */
export async function collectLicenses(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /(?:^|\/)(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name}: expected a license file, found none`);
    texts.push(`${name} ${version}\n\n${(await readFile(path.join(folder, file), 'utf8')).trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
