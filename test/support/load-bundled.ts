import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * A module with all that it imports, bundled as users run it: vitest turns each call across modules into a property read, which
 * takes most of the time where millions of colors are computed one by one. It shares no state with what the test imports itself.
 */
export async function loadBundled<Module>(entry: string): Promise<Module> {
  const folder = mkdtempSync(join(tmpdir(), 'colorshine-bundled-'));
  const outfile = join(folder, 'bundle.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // Packages of the old kind ask for `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const bundled = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return bundled;
}
