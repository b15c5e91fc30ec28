import { readFile, writeFile } from 'node:fs/promises';
import { ColorshineError, quote } from '../../core/index.js';
import { writeWhole } from '../files/output.js';
import { withPlainErrors } from './plain-error.js';

const HEAD = '// Written by colorshine: the image imports of this project. Delete it to drop those that are gone.\n';

export interface Declarations {
  /** Adds an import to the file, as it was written. Nothing happens for one that is there. @throws OUTPUT_UNWRITABLE */
  note(specifier: string): Promise<void>;
}

/**
 * TypeScript declarations of the very imports that were met, which no wildcard can name: a module pattern has one asterisk,
 * and themes are the project's own words.
 *
 * @param path of the file; undefined writes none
 */
export function openDeclarations(path: string | undefined): Declarations {
  if (path === undefined) return { note: async () => undefined };
  let known: Set<string> | undefined;
  let writing: Promise<void> = Promise.resolve();
  return {
    note(specifier) {
      const add = async (): Promise<void> => {
        known ??= readPatterns(await readFile(path, 'utf8').catch(() => ''), path);
        const pattern = patternOf(specifier);
        if (known.has(pattern)) return;
        known.add(pattern);
        const text = formatDeclarations([...known].sort());
        await writeWhole(path, (temp) => writeFile(temp, text));
      };
      writing = writing.catch(() => undefined).then(() => withPlainErrors(add));
      return writing;
    },
  };
}

/** Any folder before the image's name, since files in several folders may import it. */
function patternOf(specifier: string): string {
  const query = specifier.indexOf('?');
  const slash = specifier.lastIndexOf('/', query);
  return `*${specifier.slice(slash < 0 ? 0 : slash)}`;
}

function formatDeclarations(patterns: readonly string[]): string {
  const blocks = patterns.map(
    (pattern) => `declare module ${JSON.stringify(pattern)} {\n  const url: string;\n  export default url;\n}\n`,
  );
  return `${HEAD}\n${blocks.join('\n')}`;
}

/** @throws OUTPUT_COLLISION for a file that something else wrote */
function readPatterns(text: string, path: string): Set<string> {
  if (text.trim() !== '' && !text.startsWith(HEAD.slice(0, 24))) {
    const given = quote(text.slice(0, 40));
    throw new ColorshineError(
      'OUTPUT_COLLISION',
      `${path}: expected a file that colorshine wrote, got ${given}; give dts another path`,
    );
  }
  return new Set(
    [...text.matchAll(/^declare module (".*") \{$/gm)].map(([, json]) => JSON.parse(json as string) as string),
  );
}
