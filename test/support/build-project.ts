import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import sharp from 'sharp';
import type { Manifest } from '../../src/node/build/manifest.js';
import { type CliResult, runCli } from './run-cli.js';
import { makeTempFolder } from './temp-folder.js';

export const CONFIG = 'colorshine.config.json';
export const MANIFEST = 'dist/colorshine-manifest.json';

/** A configuration with three themes of one token; `COLORS` has it. */
export const THEMED = {
  inputs: 'images/*.png',
  recipe: ['{brand};60;90'],
  tokens: 'tokens.json',
  themes: ['light', 'dark', 'contrast'],
  formats: ['png'],
  out: 'dist/{name}.{theme}.{ext}',
};
export const COLORS = {
  brand: { light: '#ff8800', dark: '#224466', contrast: '#ffffff' },
  accent: { light: 'teal', dark: 'navy', contrast: 'red' },
};

/** A folder with a build in it: images made by code, tokens, recipes, a configuration. */
export interface BuildProject {
  readonly folder: string;
  at(path: string): string;
  /** Runs `colorshine build`. */
  build(...args: string[]): Promise<CliResult>;
  readManifest(): Promise<Manifest>;
  write(path: string, content: string | Uint8Array | object): Promise<void>;
  /** Tiny PNGs named `images/<prefix>000.png` and on, each with other colors. */
  addImages(count: number, prefix?: string): Promise<void>;
  /** Every file below a folder: path to content. */
  contents(path: string): Promise<Map<string, string>>;
  /** Every file below a folder: path to the time it was last written, nanoseconds. A build may be at work there. */
  times(path: string): Promise<Map<string, bigint>>;
}

export async function makeProject(): Promise<BuildProject> {
  const folder = await makeTempFolder();
  const at = (path: string): string => join(folder, path);
  // The cache of a project that has dependencies lies in it, and goes with it.
  await mkdir(at('node_modules'));
  const list = async (path: string): Promise<string[]> => {
    const entries = await readdir(at(path), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  };
  return {
    folder,
    at,
    build: (...args) => runCli(['build', ...args], folder),
    readManifest: async () => JSON.parse(await readFile(at(MANIFEST), 'utf8')) as Manifest,
    async write(path, content) {
      await mkdir(dirname(at(path)), { recursive: true });
      const isText = typeof content === 'string' || content instanceof Uint8Array;
      await writeFile(at(path), isText ? content : JSON.stringify(content));
    },
    async addImages(count, prefix = 'i') {
      await mkdir(at('images'), { recursive: true });
      for (let k = 0; k < count; k++) {
        const [width, height] = [24 + (k % 5), 16];
        const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + k * 13 + (i >> 4) * 3) & 255);
        const name = `${prefix}${String(k).padStart(3, '0')}.png`;
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toFile(at(`images/${name}`));
      }
    },
    async contents(path) {
      const files = await list(path);
      return new Map(await Promise.all(files.map(async (file) => [file, await readFile(at(file), 'latin1')] as const)));
    },
    async times(path) {
      const files = await list(path);
      const stats = files.map(async (file) => {
        const info = await stat(at(file), { bigint: true }).catch(() => undefined); // a temp file has been renamed
        return info ? [[file, info.mtimeNs] as const] : [];
      });
      return new Map((await Promise.all(stats)).flat());
    },
  };
}

/** A token file with modes. */
export function tokensOf(colors: Readonly<Record<string, Readonly<Record<string, string>>>>): object {
  return Object.fromEntries(
    Object.entries(colors).map(([name, mode]) => [
      name,
      { $type: 'color', $value: Object.values(mode)[0], $extensions: { mode } },
    ]),
  );
}

/** What `--json` printed, a line each; the last one is the summary. */
export function linesOf({ stdout }: CliResult): Record<string, unknown>[] {
  const lines = stdout.toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function summaryOf(result: CliResult): Record<string, unknown> {
  return linesOf(result).at(-1)?.summary as Record<string, unknown>;
}

/** What differs between two looks at a folder. */
export function changes(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}
