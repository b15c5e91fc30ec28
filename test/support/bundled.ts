/** Small projects built by each real bundler with its plugin, and what comes out. */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rspack } from '@rspack/core';
import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import sharp, { type Sharp } from 'sharp';
import { build as viteBuild } from 'vite';
import { expect } from 'vitest';
import webpack from 'webpack';
import esbuildPlugin from '../../src/node/plugins/esbuild.js';
import rollupPlugin from '../../src/node/plugins/rollup.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import webpackPlugin from '../../src/node/plugins/webpack.js';
import { makeTempFolder } from './temp-folder.js';

export const LOOK = 'shine=teal;100;200';

export interface Output {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Red, each of a size of its own, since bundlers write equal files once. */
export function paint(more: number): Sharp {
  return sharp({ create: { width: 70 + more, height: 50, channels: 3, background: { r: 160, g: 30, b: 20 } } });
}

export function isImage({ name }: Output): boolean {
  return /\.(?:png|jpe?g|webp|tiff?)$/.test(name);
}

export async function makeProject(texts: Record<string, string>, pictures: readonly string[]): Promise<string> {
  const root = await makeTempFolder();
  await fillProject(root, texts, pictures);
  return root;
}

export async function fillProject(
  root: string,
  texts: Record<string, string>,
  pictures: readonly string[],
): Promise<void> {
  for (const name of [...Object.keys(texts), ...pictures]) await mkdir(dirname(join(root, name)), { recursive: true });
  for (const [name, text] of Object.entries(texts)) await writeFile(join(root, name), text);
  for (const [i, name] of pictures.entries()) await paint(i).toFile(join(root, name));
}

export interface BuildOptions {
  /** Put before the URLs of assets. Rollup and Rolldown have none. */
  readonly base?: string;
  /** Builds for the server: URLs are those of the browser's build. */
  readonly server?: boolean;
}
export type Build = (root: string, options?: BuildOptions) => Promise<Output[]>;

export function outputsOf(files: readonly object[]): Output[] {
  return (files as { fileName: string; code?: string; source?: string | Uint8Array }[]).map((file) => ({
    name: file.fileName,
    bytes: Buffer.from(file.code ?? file.source ?? ''),
  }));
}

export const buildVite =
  (plugins: () => unknown, entry = 'index.html'): Build =>
  async (root, { base = '/', server = false } = {}) => {
    const built = (await viteBuild({
      root,
      base,
      configFile: false,
      logLevel: 'silent',
      plugins: [plugins() as never],
      build: { write: false, assetsInlineLimit: 0, ssr: server, rollupOptions: { input: join(root, entry) } },
    })) as { output: object[] };
    return outputsOf(built.output);
  };

export async function buildRollup(root: string): Promise<Output[]> {
  const bundle = await rollup({ input: join(root, 'main.js'), plugins: [rollupPlugin({ root })] });
  const { output } = await bundle.generate({ format: 'es', assetFileNames: '[name]-[hash][extname]' });
  await bundle.close();
  return outputsOf(output);
}

export async function buildRolldown(root: string): Promise<Output[]> {
  const bundle = await rolldown({ input: join(root, 'main.js'), plugins: [rollupPlugin({ root }) as never] });
  const { output } = await bundle.generate({ format: 'es', assetFileNames: '[name]-[hash][extname]' });
  await bundle.close();
  return outputsOf(output);
}

export async function buildEsbuild(root: string, { base, server }: BuildOptions = {}): Promise<Output[]> {
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    format: 'esm',
    write: false,
    outdir: 'dist',
    ...(base && { publicPath: base }),
    platform: server ? 'node' : 'browser',
    logLevel: 'silent',
    plugins: [esbuildPlugin()],
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(root.length + 1), bytes: contents }));
}

/** What projects of webpack and Rspack have in common. @param entry from the root */
export const webpackProject = (root: string, entry: string) => ({
  context: root,
  entry,
  output: { path: join(root, 'dist'), assetModuleFilename: '[name]-[contenthash:8][ext]' },
  experiments: { css: true },
  module: { rules: [{ test: /\.css$/, type: 'css/auto' }] },
});

export const buildWith =
  (bundler: typeof webpack): Build =>
  async (root, { base, server } = {}) => {
    const path = await mkdtemp(join(root, 'dist-'));
    const project = webpackProject(root, './main.js');
    return new Promise((done, fail) => {
      const compiler = bundler({
        mode: 'production',
        ...project,
        ...(server && { target: 'node' }),
        output: { ...project.output, path, ...(base && { publicPath: base }) },
        plugins: [webpackPlugin()],
      });
      compiler?.run((error, stats) => {
        const [broken] = stats?.toJson({ all: false, errors: true }).errors ?? [];
        compiler.close(async () => {
          if (error || broken) return fail(error ?? new Error(broken?.message));
          const names = await readdir(path);
          done(Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(path, name)) }))));
        });
      });
    });
  };
export const buildWebpack = buildWith(webpack);
// Rspack takes webpack's plugins and most of its configuration, in types of its own.
export const buildRspack = buildWith(rspack as unknown as typeof webpack);

/** Every picture of a build is recolored, but copies of public/. @returns how many there are */
export async function countRecolored(outputs: readonly Output[]): Promise<number> {
  const images = outputs.filter(isImage);
  for (const { name, bytes } of images) {
    const [red = 0, green = 0, blue = 0] = await sharp(bytes).removeAlpha().raw().toBuffer();
    expect(red, name).toBeLessThan(Math.min(green, blue));
  }
  return images.length;
}

export const page = (body: string): Record<string, string> => ({ 'index.html': `<!doctype html><body>${body}` });
export const styled = (css: string): Record<string, string> => ({
  'index.html': '<!doctype html><link rel="stylesheet" href="./sub/main.css">',
  'sub/main.css': css,
});
export const vite = buildVite(vitePlugin);
