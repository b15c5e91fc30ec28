/** The projects under examples/, each in a temp folder with this package installed in it, as a user would have it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface ExampleProject {
  readonly root: string;
  remove(): Promise<void>;
}

/**
 * @param packages that the project imports besides `colorshine`
 * @param parent where its folder is made; the system's for temporary files by default
 */
export async function copyExample(
  name: string,
  packages: readonly string[],
  parent = tmpdir(),
): Promise<ExampleProject> {
  if (!existsSync('dist/vite.js')) throw new Error('dist/vite.js is missing: npm run build');
  const root = await mkdtemp(join(parent, `colorshine-${name}-`));
  await cp(`examples/${name}`, root, {
    recursive: true,
    filter: (path) => !/[/\\](?:node_modules|dist|out|_site|\.next|\.astro)$/.test(path),
  });
  for (const [target, link] of [['.', 'colorshine'], ...packages.map((each) => [`node_modules/${each}`, each])]) {
    const path = join(root, 'node_modules', link as string);
    await mkdir(dirname(path), { recursive: true });
    await symlink(resolve(target as string), path, 'junction');
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

export interface Ran {
  readonly code: number | null;
  /** Standard output and error together, without colors. */
  readonly text: string;
}

/** Runs a script of node_modules, or of the project, in the project. */
async function runNode(root: string, args: readonly string[]): Promise<Ran> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const code = await new Promise<number | null>((done) => child.on('close', done));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is taken out
  return { code, text: text.replaceAll(/\u001b\[[\d;]*m/g, '') };
}

/** The real bundler of an example, started as its users start it. @param root of the project @param args for Next and Style Dictionary */
export async function buildExample(name: string, root: string, args: readonly string[] = []): Promise<Ran> {
  const bin = (path: string): string => resolve('node_modules', path);
  switch (name) {
    case 'vite':
    case 'imagetools':
      return runNode(root, [bin('vite/bin/vite.js'), 'build']);
    case 'rollup':
      return runNode(root, [bin('rollup/dist/bin/rollup'), '--config']);
    case 'esbuild':
      return runNode(root, ['build.js']);
    case 'webpack':
      return runNode(root, [resolve('test/support/run-webpack.mjs')]);
    case 'next':
      return runNode(root, [bin('next/dist/bin/next'), 'build', ...args]);
    case 'astro':
      return runNode(root, [bin('astro/astro.js'), 'build']);
    case 'style-dictionary':
      return runNode(root, [bin('style-dictionary/bin/style-dictionary.js'), ...(args.length > 0 ? args : ['build'])]);
    case 'eleventy':
      return runNode(root, [bin('@11ty/eleventy/cmd.cjs')]);
    default:
      throw new Error(`no example ${name}`);
  }
}
