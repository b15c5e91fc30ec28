/** Bundles that the harness needs, made in memory: tests never race for dist/. */
import { build } from 'esbuild';
import { figmaBuildOptions } from '../../scripts/build/figma.mjs';

/** code.js exactly as `npm run build` makes it. */
export async function bundlePlugin(): Promise<string> {
  return textOf(await build({ ...figmaBuildOptions, write: false, logLevel: 'silent' }));
}

/** The stand-in as a script. */
export async function bundleStandIn(): Promise<string> {
  return textOf(
    await build({
      entryPoints: ['test/figma-host/stand-in/index.ts'],
      bundle: true,
      format: 'iife',
      target: 'es2020',
      write: false,
      outdir: 'out',
      logLevel: 'silent',
    }),
  );
}

export function textOf({
  outputFiles,
}: {
  readonly outputFiles: readonly { readonly path: string; readonly text: string }[];
}): string {
  const script = outputFiles.find(({ path }) => path.endsWith('.js'));
  if (!script) throw new Error('esbuild wrote no script');
  return script.text;
}
