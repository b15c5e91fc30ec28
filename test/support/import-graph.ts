import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** AssemblyScript: another language in files of the same name. */
const FOREIGN = /\/assembly\//;

/** Every TypeScript module under a folder of the repository; none when it is not there. */
export function listModules(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !FOREIGN.test(path));
}

/**
 * Follows relative imports to TypeScript files and leaves all else (`?source` and other texts, style sheets,
 * generated modules that are not built yet) as a plain edge, so that the graph needs no build.
 */
const followModules: Plugin = {
  name: 'follow-modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const [plain = path, query] = path.split('?');
      const target = resolve(resolveDir, plain);
      const bare = target.replace(/\.jsx?$/, '');
      const file = [target, `${bare}.ts`, `${bare}.tsx`, join(target, 'index.ts')].find(
        (candidate) => /\.tsx?$/.test(candidate) && existsSync(candidate) && statSync(candidate).isFile(),
      );
      if (file && query === undefined && !FOREIGN.test(file)) return { path: file };
      return { path: relative(process.cwd(), file ?? target), external: true };
    });
  },
};

/** esbuild's metafile of every module under the folders, packages left out. */
export async function graphModules(...folders: string[]): Promise<Pick<Metafile, 'inputs'>> {
  const entryPoints = folders.flatMap(listModules);
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    outdir: 'dist', // esbuild asks for one even when nothing is written
    metafile: true,
    packages: 'external',
    platform: 'neutral',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
    plugins: [followModules],
  });
  return metafile;
}
