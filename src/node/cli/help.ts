import {
  ANALYZE_FLAGS,
  BENCH_FLAGS,
  CACHE_FLAGS,
  DOCTOR_FLAGS,
  LUT_FLAGS,
  PALETTE_FLAGS,
  SHINE_FLAGS,
  TOKENS_FLAGS,
} from './flags.js';
import type { Flag } from './parse-flags.js';
import { BUILD_FLAGS, WORKER_FLAGS } from './project-flags.js';

/** A command's page: one line on what it does, its usage, examples and flags. */
interface CommandHelp {
  readonly summary: string;
  readonly usage: string;
  readonly text: string;
  readonly examples: readonly string[];
  readonly flags: readonly Flag[];
}

const ROW_TEXT = `A row says one of three things:
  "COLOR;REACH;STRENGTH"          attract: the colors nearest to COLOR move to it
  "FROM -> COLOR;REACH;STRENGTH"  repaint: surfaces of color FROM become COLOR, light and shade kept ("FROM to COLOR" is the same)
  "keep COLOR;REACH;STRENGTH"     keep: surfaces of COLOR stay as they are
  COLOR, FROM  any CSS color: teal, #ff6b35, oklch(70% 0.1 50), or a design token: {color.brand.primary}
  REACH        0 to 100, percent of the image's pixels; ~0.12, a distance that holds for every image; or auto (repaint, keep)
  STRENGTH     0 to 200; above 100 the falloff flattens, at 200 all in reach take the color`;

export const COMMANDS = {
  shine: {
    summary: 'recolor images',
    usage: 'colorshine shine INPUT... "ROW"... [options]',
    text: `Each row moves the colors it reaches. Alpha, profile and metadata are kept.\nThe output is photo_colorshine.jpg beside photo.jpg unless -o or --out-dir says otherwise.\n\n${ROW_TEXT}`,
    examples: [
      'colorshine shine photo.jpg "oklch(70% 0.1 50);50;70"',
      'colorshine shine photo.jpg "teal;40;60" "orange;40;60" -o graded.webp',
      'colorshine shine suit.jpg "#2c4f8f -> #6b1f33;auto;100" "keep #d8a58c;~0.08;100"',
      'colorshine shine "shots/*.jpg" --recipe brand.json --out-dir out',
      'colorshine shine shots/ --recursive --recipe brand.json --out-dir graded',
      'colorshine shine portrait.png "#ff6b35;30;80" --no-luminance --verbose',
      'colorshine shine "shots/*.jpg" "teal;40;60" --lut-size 33 --reference shots/01.jpg',
      'colorshine shine photo.jpg "{color.brand.primary};60;80" --tokens tokens.json --theme dark',
      'colorshine shine panorama.tif "teal;40;60" --max-pixels 2000000000 --preview small.jpg',
      'cat in.png | colorshine shine - "navy;60;90" > out.png',
    ],
    flags: SHINE_FLAGS,
  },
  analyze: {
    summary: 'measure an image: print the plan (frozen radii) as JSON',
    usage: 'colorshine analyze INPUT "ROW"... [options]',
    text: `The plan can be given to shine --recipe, so that other images are recolored with this one's radii.\n\n${ROW_TEXT}`,
    examples: [
      'colorshine analyze reference.jpg "teal;40;60" > plan.json',
      'colorshine analyze photo.jpg --suggest "#2c4f8f"',
      'colorshine shine "shots/*.jpg" --recipe plan.json',
    ],
    flags: ANALYZE_FLAGS,
  },
  lut: {
    summary: 'write, apply and describe lookup tables (.cube, Hald images)',
    usage: `colorshine lut export [INPUT] "ROW"... -o look.cube|look.png [options]
       colorshine lut apply FILE IMAGE... [options]
       colorshine lut info FILE`,
    text: `export measures INPUT and writes what shine would do to it as a table for other programs; the file says which plan
it froze. Where all reaches are fixed (~0.12) it needs no INPUT, and holds for every image. apply takes any .cube (1D, 3D or both) or Hald image, from wherever it comes.`,
    examples: [
      'colorshine lut export photo.jpg "teal;40;60" "orange;40;60" -o look.cube',
      'colorshine lut export --recipe plan.json -o look.png --bits 16',
      'colorshine lut export "navy -> teal;~0.12;100" -o look.cube',
      'colorshine lut apply look.cube "shots/*.jpg" --out-dir graded',
      'colorshine lut info look.cube',
    ],
    flags: LUT_FLAGS,
  },
  cache: {
    summary: 'show or clear the lookup tables kept on disk',
    usage: 'colorshine cache info|clear|path [--json]',
    text: 'Tables of shine --lut-size are kept, at most 256 MB, the longest unused go first.\nCOLORSHINE_CACHE names another folder.',
    examples: ['colorshine cache info', 'colorshine cache clear'],
    flags: CACHE_FLAGS,
  },
  palette: {
    summary: 'bring an image onto the colors of a design system',
    usage: 'colorshine palette INPUT --tokens FILE [options]',
    text: 'Finds the image’s main colors, gives each the design color nearest in hue and lightness, and fits tolerances and\nstrengths. Prints the rows with the reason for each; with -o also recolors. A saved recipe can be edited and given to\nshine --recipe with the same --tokens.',
    examples: [
      'colorshine palette photo.jpg --tokens tokens.json',
      'colorshine palette photo.jpg --tokens tokens.json --theme dark --group color.brand -o branded.jpg',
      'colorshine palette photo.jpg --tokens tokens.json --how-far 60 --save-recipe brand.json',
    ],
    flags: PALETTE_FLAGS,
  },
  tokens: {
    summary: 'list the colors of design tokens',
    usage: 'colorshine tokens FILE... [options]',
    text: 'Reads Design Tokens (DTCG), Tokens Studio, Style Dictionary and Figma variables files. Later files override\nearlier ones. Swatches are shown on a terminal that has colors.',
    examples: [
      'colorshine tokens tokens.json',
      'colorshine tokens base.json brand.json --theme dark --group color.brand',
      'colorshine tokens figma-variables.json --json',
    ],
    flags: TOKENS_FLAGS,
  },
  build: {
    summary: 'recolor a project’s images by its colorshine.config.json',
    usage: 'colorshine build [--config FILE] [options]',
    text: `Makes one output for each image, theme, size and format that the configuration lists, and a manifest. What is up to
date is left alone: an output is made again when its image, its recipe, a token it uses, its options or the version of
Colorshine change, or when it was deleted or altered. Paths start from the configuration's folder.

  {
    "inputs": "images/**/*.{jpg,png}",
    "recipe": ["{color.brand.primary};60;80"],
    "tokens": "tokens.json",
    "themes": ["light", "dark"],
    "formats": ["avif", "webp", "jpeg"],
    "sizes": [640, 1280],
    "out": "dist/{dir}/{name}.{theme}.{size}.{ext}"
  }`,
    examples: [
      'colorshine build',
      'colorshine build --watch',
      'colorshine build --config site/colorshine.config.json --dry-run',
      'colorshine build --check',
      'colorshine build --shard 2/4',
      'colorshine build --queue redis://10.0.0.5:6379',
      'colorshine build --merge-manifests',
    ],
    flags: BUILD_FLAGS,
  },
  worker: {
    summary: 'make the outputs of builds on other machines, from a queue in Redis',
    usage: 'colorshine worker redis://[user@]host[:port][/database] [options]',
    text: `Takes jobs that colorshine build --queue puts there, until it is told to end: Ctrl+C and SIGTERM let it finish the
images in work. Needs npm install bullmq ioredis, and the build's folder shared, with the same files under --root.
The password is best given in COLORSHINE_REDIS_PASSWORD. More: docs/queue.md`,
    examples: [
      'colorshine worker redis://10.0.0.5:6379 --root /srv/site',
      'colorshine worker rediss://render@redis.example.com:6380/1 --concurrency 4 --queue-name site',
    ],
    flags: WORKER_FLAGS,
  },
  bench: {
    summary: 'measure every way to recolor an image on this machine',
    usage: 'colorshine bench INPUT "ROW"... [options]',
    text: `Runs backends x strategies x sizes in turns and prints medians with their spread. Times are without decoding and
encoding, which stand apart. Every result is compared with the exact one first; an exact way that is off is marked and
makes the exit code 1. "kept" is a lookup table whose plan and nodes are there already.`,
    examples: [
      'colorshine bench photo.jpg "blue;50;70"',
      'colorshine bench photo.jpg "blue;50;70" --sizes 1024,2048,4096 --chart speed.svg',
      'colorshine bench photo.jpg "blue;50;70" --backends wasm --threads 1,2 --lut-sizes 17,33,65,129',
      'colorshine bench photo.jpg "blue;50;70" --json > speed.json',
    ],
    flags: BENCH_FLAGS,
  },
  doctor: {
    summary: 'show what this machine can do',
    usage: 'colorshine doctor [--json]',
    text: 'Versions, cores, memory, the GPU if there is one, and how fast each backend is here.',
    examples: ['colorshine doctor', 'colorshine doctor --json > machine.json'],
    flags: DOCTOR_FLAGS,
  },
} as const satisfies Record<string, CommandHelp>;

export type CommandName = keyof typeof COMMANDS;

/** The front page. */
export function overview(version: string): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `colorshine ${version}: recolor images in OKLCH: repaint, attract, keep

Usage: colorshine COMMAND ...

${rows.join('\n')}

Examples
${COMMANDS.shine.examples.map((line) => `  ${line}`).join('\n')}

Options
  -h, --help     this page; after a command, its page
  --version      print the version
`;
}

export function commandHelp(name: CommandName): string {
  const { usage, text, examples, flags }: CommandHelp = COMMANDS[name];
  return `Usage: ${usage}

${text}

Examples
${examples.map((line) => `  ${line}`).join('\n')}

Options
${flags.map(flagLine).join('\n')}
`;
}

function flagLine({ name, short, value, help, defaultsOn }: Flag): string {
  const long = `--${defaultsOn ? 'no-' : ''}${name}${value ? ` ${value}` : ''}`;
  return `  ${(short ? `-${short}, ` : '    ') + long.padEnd(24)} ${help}`;
}
