import { ColorshineError, quote } from '../../core/index.js';
import { formatFromName, OUTPUT_EXTENSIONS, type OutputFormat } from '../image/format-names.js';

/** @throws INVALID_OPTION */
export function readFormat(name: string | undefined): OutputFormat | undefined {
  if (name === undefined) return undefined;
  const format = formatFromName(name);
  if (format) return format;
  throw new ColorshineError(
    'INVALID_OPTION',
    `--format: expected one of ${Object.keys(OUTPUT_EXTENSIONS).join(', ')}, got ${quote(name)}`,
  );
}

/** An option under its name in the library, or none. */
export function textOption<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}
