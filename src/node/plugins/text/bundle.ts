/** What Vite, Rollup and Rolldown share about scripts and written files. */
import { checkWritten } from './check-written.js';
import { findNewUrls } from './script.js';
import { replaceUrls } from './spans.js';

/**
 * Makes imports of `new URL("./a.png?shine=brand.json", import.meta.url)`, which then are resolved as any. They stand at the
 * end, so that lines stay where they are.
 *
 * @returns undefined when there was none
 */
export async function importNewUrls(code: string): Promise<{ code: string; map: null } | undefined> {
  if (!code.includes('shine') || !code.includes('import.meta')) return undefined;
  const imports: string[] = [];
  const replaced = await replaceUrls(code, findNewUrls, async (url) => {
    const name = `__colorshine_${imports.length}`;
    imports.push(`import ${name} from ${JSON.stringify(/^\.{0,2}\//.test(url) ? url : `./${url}`)};`);
    return name;
  });
  return replaced === undefined ? undefined : { code: `${replaced}\n${imports.join('\n')}\n`, map: null };
}

/** @throws IMPORT_LEFT_OVER */
export function checkBundle(bundle: Readonly<Record<string, BundleFile>>): void {
  for (const [name, file] of Object.entries(bundle)) checkWritten(name, file.code ?? file.source ?? '');
}

interface BundleFile {
  readonly code?: string;
  readonly source?: string | Uint8Array;
}
