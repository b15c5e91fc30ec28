import { readFileSync } from 'node:fs';
import type { CandidateReport } from '../backends/select.js';
import type { DeviceStats } from '../core/backend.js';
import { type Choice, kindOf, type LutReport, type Plan, type RecolorReport } from '../core/index.js';
import type { HierarchicalReport } from './hierarchical/options.js';
import type { DecodedImage } from './image/decode.js';

/** Milliseconds per stage; a stage that did not run is 0. */
export interface StageTimings {
  /** Reading and decoding. */
  readonly decode: number;
  /** Counting the colors. */
  readonly census: number;
  /** From tolerances to radii. */
  readonly radii: number;
  /** New colors. */
  readonly pull: number;
  /** Writing them into the pixels. */
  readonly repaint: number;
  /** Encoding and writing. */
  readonly encode: number;
  /** From the first byte read to the last one written. */
  readonly total: number;
}

/** What was done to one image: `--json` prints it as it is. */
export interface Report {
  /** Path, or `-` for standard input. */
  readonly input: string;
  /** Path, or `-` for standard output. */
  readonly output: string;
  /** Such as `jpeg`. */
  readonly inputFormat: string;
  /** Such as `png`. */
  readonly outputFormat: string;
  /** Pixels. */
  readonly width: number;
  /** Of one page. */
  readonly height: number;
  /** 1, or frames of an animation, pages of a TIFF. */
  readonly pages: number;
  /** Over all pages. */
  readonly pixels: number;
  /** Bits of a sample while recoloring. */
  readonly bitDepth: 8 | 16;
  /** `srgb` or `display-p3`. */
  readonly gamut: string;
  /** Visible ones; absent where none were counted. */
  readonly distinctColors?: number;
  /** Rows with their radii (Oklab distance) and the share of visible pixels within, 0 to 1. */
  readonly plan: Plan;
  /** Name of the backend that computed. */
  readonly backend: string;
  /** One sentence: why this one. */
  readonly backendReason: string;
  /** Traffic with a GPU, when one computes: since it was opened, so over all images of a batch so far. */
  readonly device?: DeviceStats;
  /** How the pixels were reached. */
  readonly strategy: string;
  /** One sentence: why so. */
  readonly strategyReason: string;
  /** Expected cost of every strategy, before the work; `timings` says what it was. */
  readonly choice: Choice;
  /** Every backend that was looked at, with its speed here or the reason why not. */
  readonly backends: readonly CandidateReport[];
  /** Of the strategy `lut`: the table, where it came from, and its measured error. */
  readonly lut?: LutReport;
  /** Milliseconds of each stage. */
  readonly timings: StageTimings;
  /** Of an image that went through a file on disk, strip by strip. */
  readonly spool?: SpoolReport;
  /** Of the coarse pass, where one was asked for. */
  readonly hierarchical?: HierarchicalReport;
  /** Highest resident memory of the process so far, bytes. */
  readonly peakMemory: number;
  /** What was changed, left out or ignored, one sentence each. */
  readonly notices: readonly string[];
}

/** How a large image was cut. */
export interface SpoolReport {
  /** Of the temporary file. */
  readonly bytes: number;
  /** Where it lay. */
  readonly folder: string;
  /** Rows of a strip, which is as wide as the image. */
  readonly stripRows: number;
  /** How many there were. */
  readonly strips: number;
  /** Whether each strip was recolored as soon as it was decoded, because the radii were known by then. */
  readonly isEarly: boolean;
}

interface ReportParts {
  readonly input: string;
  readonly output: string;
  readonly outputFormat: string;
  readonly image: DecodedImage;
  readonly recolored: RecolorReport;
  readonly backendReason: string;
  readonly backends: readonly CandidateReport[];
  readonly device?: DeviceStats | undefined;
  readonly decode: number;
  readonly encode: number;
  readonly total: number;
  readonly notices: readonly string[];
  readonly spool?: SpoolReport;
  readonly hierarchical?: HierarchicalReport | undefined;
}

export function makeReport({ image, recolored, decode, encode, total, ...rest }: ReportParts): Report {
  const { plan, backend, strategy, reason, choice, pixels, distinctColors, timings, lut } = recolored;
  return {
    input: rest.input,
    output: rest.output,
    inputFormat: image.format,
    outputFormat: rest.outputFormat,
    width: image.pixels.width,
    height: image.pageHeight,
    pages: image.pages,
    pixels,
    bitDepth: image.pixels.data instanceof Uint16Array ? 16 : 8,
    gamut: plan.gamut,
    ...(distinctColors !== undefined && { distinctColors }),
    plan,
    backend,
    backendReason: rest.backendReason,
    ...(rest.device && { device: rest.device }),
    strategy,
    strategyReason: reason,
    choice,
    backends: rest.backends,
    ...(lut && { lut }),
    timings: { decode, ...timings, encode, total },
    ...(rest.spool && { spool: rest.spool }),
    ...(rest.hierarchical && { hierarchical: rest.hierarchical }),
    peakMemory: peakMemory(),
    notices: rest.notices,
  };
}

/** A row that touches nothing is the model's way with flat images, and it puzzles people: say so. Keep rows alone do nothing either. */
export function idleRowNotices(plan: Plan): string[] {
  const idle = plan.rows
    .filter(({ share, tolerance = 0, strength }) => share === 0 && tolerance > 0 && strength > 0)
    .map((row) => `${kindOf(row)} ${row.color}: touches no pixel of this image at tolerance ${row.tolerance}`);
  const onlyKeeps = plan.rows.every((row) => kindOf(row) === 'keep');
  return onlyKeeps ? [...idle, 'keep rows alone change nothing: add what they shall be kept from'] : idle;
}

/**
 * Highest resident memory of this process, bytes. On Linux not `maxRSS`, which a process inherits from the one that started
 * it: the child of a large parent would seem large.
 */
function peakMemory(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes) return Number(kilobytes) * 1024;
  } catch {
    // No such file on other systems.
  }
  return process.resourceUsage().maxRSS * 1024;
}
