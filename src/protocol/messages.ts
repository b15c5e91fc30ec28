/**
 * READ FIRST in this folder: everything that the window (UI) and Figma's sandbox (main) say to each other.
 *
 * `requests` go from the UI to main and get one of `replies` (replies.ts) each; `events` go from main to the UI. Every message is checked
 * where it arrives. Only plain data and Uint8Array may cross.
 *
 * An image is known by `hash`: that of its ORIGINAL. Layers that this plugin has recolored show another hash, kept in
 * `shown`; asking for bytes, previewing and applying always start from the original.
 */
import type { Recipe } from '../core/types.js';
import { RpcError } from './errors.js';
import {
  bytes,
  type Check,
  flag,
  type Infer,
  integer,
  json,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  text,
} from './schema.js';

export const COMMANDS = ['recolor', 'design-system', 'rerun', 'restore', 'edit'] as const;
export type Command = (typeof COMMANDS)[number];

/** Keys of `figma.clientStorage`; 5 MB together. */
const STORAGE_KEYS = ['presets', 'recents', 'settings', 'draft'] as const;
export type StorageKey = (typeof STORAGE_KEYS)[number];

/** Why a paint was left as it was. `describeReport` and the window say it in words. */
export const SKIP_REASONS = [
  'gif',
  'video',
  /** The paint names no image, or Figma no longer has it. */
  'missing-image',
  /** Figma could not say what the layer shows. */
  'layer-unreadable',
  /** Its bytes could not be had: offline, or Figma refused. */
  'unreadable',
  /** Above 4096 px a side. */
  'too-large',
  'too-small',
  /** Bytes that are neither PNG nor JPEG, or that do not decode. */
  'unsupported',
  /** The color comes from a style, and styles were not to be changed. */
  'style',
  /** The style lives in a library. */
  'remote-style',
  /** The node was deleted meanwhile. */
  'removed',
  /** The paint was changed by somebody meanwhile. */
  'changed',
  /** Figma refused the write: an instance's property that cannot be overridden, for example. */
  'refused',
  /** Text whose font is not at hand. */
  'missing-font',
  /** Computing the new image failed. */
  'failed',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Longer names are cut where they are read. UTF-16 units. */
export const MAX_NAME_LENGTH = 2000;
/** Longer explanations of a skip are cut. */
export const MAX_DETAIL_LENGTH = 10_000;
/** Longer last words are cut: Figma shows 100 characters. */
export const MAX_LAST_WORD_LENGTH = 1000;
/** More variables of a library are asked for in parts. */
export const MAX_IMPORTED = 2000;
/** A report names no more skipped places. */
export const MAX_SKIPPED = 100_000;

/** Those of layers deep inside instances name each instance on the way. */
export const id = text(10_000);
export const name = text(MAX_NAME_LENGTH);
export const hash = text(200);
/** As long as the core's MAX_COLOR_LENGTH, which no value may be imported from here. */
export const css = text(128);

const only =
  <const T extends number | boolean>(word: T): Check<T> =>
  (value, path) => {
    if (value === word) return word;
    throw new RpcError('BAD_MESSAGE', `${path}: expected ${word}, got ${JSON.stringify(value)}`);
  };
const reach: Check<number | 'auto'> = (value, path) => (value === 'auto' ? value : number(0, 1)(value, path));
const row = object({
  color: css,
  from: optional(css),
  keep: optional(only(true)),
  tolerance: optional(number(0, 100)),
  reach: optional(reach),
  strength: number(0, 200),
  enabled: optional(flag),
});
const channels = object({ luminance: flag, saturation: flag, hue: flag });
const presentRecipe = object({
  version: only(2),
  name: optional(text(200)),
  rows: list(row, 64),
  channels,
  blend: oneOf('oklch', 'oklab'),
});
/** As documents and storage hold it that an older window wrote. */
const firstRecipe = object({ version: only(1), name: optional(text(200)), attractors: list(row, 64), channels });

/** The recipe's form only, brought to the present version; colors are parsed where they are used. */
export const recipe: Check<Recipe> = (value, path) => {
  if ((value as { version?: unknown } | null)?.version !== 1) return presentRecipe(value, path);
  const { attractors: rows, version: _, ...rest } = firstRecipe(value, path);
  return { ...rest, version: 2, rows, blend: 'oklch' };
};

/** What the variables that a recipe names stood for, by path: all that is left of them in another file. */
export const tokens = record(css);

/**
 * Where a recolored image goes: in place of the original; above it in the same fills, with the original hidden; or onto a
 * duplicate beside the layer.
 */
export const PLACEMENTS = ['replace', 'above', 'beside'] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** What counts as selected: the selection, or all of the page, or all pages of the file. */
const SCOPES = ['selection', 'page', 'file'] as const;
export type Scope = (typeof SCOPES)[number];

/** In a request: the selection that the window shows; without it what is selected now. */
const shownSelection = optional(integer(0, 1e9));
/** An 8-bit color of the document's profile, packed as r | g << 8 | b << 16. */
export const packed = integer(0, 0xffffff);
/** A color before it was rounded to 8 bits: channels in the document's profile, 0 to 1, and OKLCH with the hue in degrees. */
const exactColor = object({
  rgb: object({ r: number(0, 1), g: number(0, 1), b: number(0, 1) }),
  oklch: object({ l: number(0, 1), c: number(0, 1), h: number(0, 360) }),
});
export const nothing = object({});
export const jobId = text(100);
/** How libraries name what they publish. */
export const libraryKey = text(500);

/** UI -> main. */
export const requests = {
  /** First words of the UI: what it was opened for. */
  'session.start': nothing,
  /** Errors: what Figma says of a page that it cannot load. */
  'selection.get': object({ scope: optional(oneOf(...SCOPES)) }),
  /** Bytes of an image by its original hash. Errors: IMAGE_MISSING, IMAGE_UNREADABLE, IMAGE_GIF, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED. */
  'image.bytes': object({ hash }),
  /**
   * Notes which paints below a selection hold these images; writes nothing. The reply's `hashes` are those that some
   * paint really holds: one transform each. `layers` counts the layers to be changed.
   * Error: SELECTION_UNKNOWN.
   */
  'job.begin': object({
    hashes: list(hash),
    includeStyles: flag,
    withColors: optional(flag),
    /** `replace` unless given. */
    placement: optional(oneOf(...PLACEMENTS)),
    revision: shownSelection,
  }),
  /** Hands a finished image to Figma; the document stays as it is. Errors: JOB_UNKNOWN, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, IMAGE_UNSUPPORTED. */
  'job.put': object({ jobId, hash, bytes }),
  /**
   * What the job's colors become. A color that is not named, or that stays, is left as it was.
   * `bind`: where one of these variables, in the layer's own mode, is within `tolerance` (8-bit steps a channel) of the
   * new color, the nearest is bound instead. Error: JOB_UNKNOWN.
   */
  'job.paint': object({
    jobId,
    colors: list(object({ from: packed, to: packed, exact: optional(exactColor) })),
    bind: optional(object({ variableIds: list(id), tolerance: integer(0, 255) })),
  }),
  /** Says why an image of the job gets no new bytes; its layers are reported with that reason. */
  'job.skip': object({ jobId, hash, reason: oneOf(...SKIP_REASONS), detail: optional(text(MAX_DETAIL_LENGTH)) }),
  /** Writes all layers at once, as one undo step, and ends the job. The layers remember the recipe. Error: JOB_UNKNOWN. */
  'job.commit': object({ jobId, recipe, tokens: optional(tokens) }),
  /** Forgets the job; the document was never touched. No error for a job that is gone. */
  'job.cancel': object({ jobId }),
  /** Brings the originals back in everything below a selection, as one undo step. Error: SELECTION_UNKNOWN. */
  restore: object({ includeStyles: flag, revision: shownSelection }),
  /** Error: SELECTION_UNKNOWN. */
  'layers.census': object({ revision: shownSelection }),
  /** Colors of the design system and of the selection. */
  'colors.list': nothing,
  /** Collections of the libraries that this file has enabled; none where Figma does not say. */
  'libraries.list': nothing,
  /** Names of a library collection's color variables. Fails as Figma fails. */
  'library.list': object({ key: libraryKey }),
  /** Brings variables of a library into the file, so that they have values and may be bound; `colors.list` has them from then on. */
  'library.import': object({ keys: list(libraryKey, MAX_IMPORTED) }),
  /** Null when nothing is stored. */
  'storage.get': object({ key: oneOf(...STORAGE_KEYS) }),
  /** Null deletes. Error: STORAGE_FULL. */
  'storage.set': object({ key: oneOf(...STORAGE_KEYS), value: json }),
  'window.resize': object({ width: integer(1, 10_000), height: integer(1, 10_000) }),
  /** Ends the plugin, with a last word if there is one. */
  'window.close': object({ message: optional(text(MAX_LAST_WORD_LENGTH)), error: optional(flag) }),
  /** Takes back what the last job wrote, as Figma's own undo does. */
  undo: nothing,
  /** The person goes on in the document: what the last job wrote is a step of its own from now on. */
  'undo.settle': nothing,
} as const;

/** Main -> UI. */
export const events = {
  /** The selection, or something in it, changed: ask `selection.get` again. */
  'selection.changed': object({ revision: integer(0, 1e9), selected: integer(0, 1e7) }),
} as const;

export type Requests = typeof requests;
export type RequestName = keyof Requests;
export type RequestPayload<N extends RequestName> = Infer<Requests[N]>;
type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = Infer<Events[N]>;
