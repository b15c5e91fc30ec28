/**
 * `npm run pack [-- FOLDER]`: makes the tarball that is published (`npm publish colorshine-X.tgz`), in FOLDER or here. It is what `npm pack` takes,
 * with pages in which no link is dead. Run `npm run build` first.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packPage } from './pack-pages.js';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs into `folder`. @returns the tarball's path, its size in bytes, and the paths in it */
export async function pack(folder: string): Promise<{ tarball: string; size: number; paths: string[] }> {
  const paths = npmPack(['--dry-run']).files.map(({ path }) => path);
  const packed = new Set(paths);
  const { repository } = JSON.parse(await readFile('package.json', 'utf8')) as { repository?: { url: string } };
  const stage = await mkdtemp(join(tmpdir(), 'colorshine-pack-'));
  try {
    for (const path of paths) {
      const target = join(stage, path);
      await mkdir(dirname(target), { recursive: true });
      if (!path.endsWith('.md')) await cp(path, target);
      else {
        const place = { page: path, isPacked: (one: string) => packed.has(one), repository: repository?.url };
        await writeFile(target, packPage(await readFile(path, 'utf8'), place));
      }
    }
    const { filename, size } = npmPack([stage, '--pack-destination', resolve(folder)]);
    return { tarball: join(resolve(folder), filename), size, paths };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

function npmPack(args: readonly string[]): Packed {
  const options = { stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
  const json = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...args], options).toString();
  return JSON.parse(json)[0] as Packed;
}

if (process.argv[1]?.endsWith('pack.ts')) {
  const { tarball, size } = await pack(process.argv[2] ?? '.');
  console.log(`${tarball}  ${(size / 1e6).toFixed(2)} MB`);
}
