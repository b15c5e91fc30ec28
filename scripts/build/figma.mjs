import { mkdir, writeFile } from 'node:fs/promises';
import { build, context } from 'esbuild';

/** How code.js is bundled: one IIFE for a sandbox that knows ES2017 for sure; `__html__` is Figma's to fill in. */
export const figmaBuildOptions = {
  entryPoints: { code: 'src/figma/main.ts' },
  outdir: 'dist/figma',
  bundle: true,
  minify: true,
  format: 'iife',
  // Without it a write to one of Figma's frozen lists would be lost in silence.
  banner: { js: '"use strict";' },
  platform: 'neutral',
  target: 'es2017',
  charset: 'utf8',
  metafile: true,
  legalComments: 'none',
  logLevel: 'info',
};

/** dist/figma/code.js, and dist/figma-meta.json, from which the architecture test reads who imports whom. */
export async function buildFigma({ watch }) {
  if (watch) {
    const watcher = await context(figmaBuildOptions);
    await watcher.watch();
    return;
  }
  const { metafile } = await build(figmaBuildOptions);
  await mkdir('dist', { recursive: true });
  await writeFile('dist/figma-meta.json', JSON.stringify(metafile));
}
