/** Package entry `colorshine/astro-engine`: what the image service of `colorshine/astro` does, outside of what Astro bundles. */
import { join } from 'node:path';
import type { ImageTransform } from 'astro';
import sharp from 'sharp';
import { ColorshineError, quote } from '../../core/index.js';
import { checkObject } from '../../core/options.js';
import { readingOf } from '../image/reading-options.js';
import { recolorBuffer } from '../recolor-buffer.js';
import { carryLook, readCarried } from './carried-look.js';
import { lendEngine } from './lend-engine.js';
import type { ShineOptions } from './options.js';
import { withPlainErrors } from './plain-error.js';
import { named } from './shine-import.js';
import { sharedStudio } from './studio.js';

export interface AstroOptions
  extends Pick<ShineOptions, 'recipe' | 'tokens' | 'theme' | 'maxPixels' | 'failOn' | 'root'> {
  /** What Astro's own service takes: `limitInputPixels`, `kernel` and the like. */
  readonly sharp?: object;
}

const OPTIONS = ['recipe', 'tokens', 'theme', 'maxPixels', 'failOn', 'root', 'sharp'] as const;

/**
 * What the props say, read, as text. Astro does not tell which page they stand in: files start from the root.
 *
 * @returns undefined for an image that stays as it is
 * @throws ColorshineError that names props and image
 */
export async function lookOf(props: ImageTransform, options: AstroOptions): Promise<string | undefined> {
  return withPlainErrors(async () => {
    const { sharp: _, ...own } = checkObject(options, 'colorshine/astro', OPTIONS, 'INVALID_OPTION');
    const { settings, studio } = sharedStudio(own as ShineOptions, process.cwd());
    // Files are looked for beside what imports them: here, in the root.
    const given = { image: join(settings.root, 'page'), specifier: showProps(props) };
    const query = await named(given, settings.root, async () => queryOf(props));
    if (query === undefined) return undefined;
    return carryLook(await studio.look(given, await studio.locate(given, query)));
  });
}

/** `shine="brand.json" theme="dark" (of /_astro/hero.jpg)`. */
export function showProps({ src, shine, theme }: ImageTransform): string {
  const props = Object.entries({ shine, theme }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  );
  return `${props.join(' ')} (of ${typeof src === 'string' ? src : src?.src})`;
}

function queryOf({ src, format, shine, theme }: ImageTransform): string | undefined {
  const bad = (expected: string): ColorshineError =>
    new ColorshineError('INVALID_OPTION', `expected ${expected}, got ${quote(shine)}`);
  if (shine === null || shine === false) return undefined;
  if (shine === undefined) throw bad('shine beside theme');
  const text = shine === true ? '' : Array.isArray(shine) ? shine.join('|') : shine;
  if (typeof text !== 'string') throw bad('a recipe file, rows or true');
  if (format === 'svg' || (typeof src === 'object' && src.format === 'svg')) throw bad('no shine for an SVG');
  return new URLSearchParams({ shine: text, ...(theme !== undefined && { theme: String(theme) }) }).toString();
}

const lend = lendEngine();
const recolored = new WeakMap<Uint8Array, Map<string, Promise<Uint8Array>>>();

/** A build makes all sizes and formats of the same bytes: those are recolored once for each look. */
export function recolorOnce(input: Uint8Array, look: string, options: AstroOptions): Promise<Uint8Array> {
  const known = recolored.get(input) ?? new Map<string, Promise<Uint8Array>>();
  recolored.set(input, known);
  const making = known.get(look) ?? withPlainErrors(() => recolor(input, look, options));
  known.set(look, making);
  return making;
}

/** As PNG, since Astro encodes it again; frames stay in their own format. */
async function recolor(input: Uint8Array, look: string, options: AstroOptions): Promise<Uint8Array> {
  const recipe = readCarried(look);
  const { pages = 1 } = await sharp(input).metadata();
  const format = pages > 1 ? { quality: 100 } : ({ format: 'png' } as const);
  const own = { ...format, ...readingOf(options) };
  return (await lend((engine) => recolorBuffer(input, recipe, { ...own, engine, anyGamut: true }))).data;
}
