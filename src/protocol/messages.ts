/**
 * READ FIRST in this folder: everything that the window (UI) and Figma's sandbox (main) say to each other.
 *
 * `requests` go from the UI to main and get one reply each; `events` go from main to the UI. Both ends check every
 * message against these schemas. Only plain data and Uint8Array may cross.
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
  nullable,
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
const STORAGE_KEYS = ['presets', 'recents', 'last-recipe', 'settings'] as const;
export type StorageKey = (typeof STORAGE_KEYS)[number];

/** Why a paint was left as it was. `describeReport` and the window say it in words. */
export const SKIP_REASONS = [
  'gif',
  'video',
  /** The paint names no image, or Figma no longer has it. */
  'missing-image',
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
/** A report names no more skipped places. */
export const MAX_SKIPPED = 100_000;

/** Those of layers deep inside instances name each instance on the way. */
const id = text(10_000);
const name = text(MAX_NAME_LENGTH);
const hash = text(200);
/** As long as the core's MAX_COLOR_LENGTH, which no value may be imported from here. */
const css = text(128);

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

/** Where on a layer an image or color sits. */
const where = oneOf('fill', 'stroke', 'text', 'region', 'effect');
const layer = object({ id, name, where });
const image = object({
  /** The original's; the key of everything else. */
  hash,
  /** What the layers show at present; equals [hash] for an image never recolored. */
  shown: list(hash),
  /** Pixels; null when Figma could not say. */
  width: nullable(number(0)),
  height: nullable(number(0)),
  /** Layers that hold it directly; those that hold it through a style are counted there. */
  layers: list(layer),
  /** Ids of the paint styles through which the selection shows it. */
  styleIds: list(id),
  /** What it was last recolored with, when all recolored layers agree. */
  recipe: optional(recipe),
});
const style = object({
  id,
  name,
  /** Layers of the selection that use it. */
  layers: integer(0, 1e7),
  /** From a library: it cannot be edited here. */
  remote: flag,
  /** Original hashes of its images. */
  hashes: list(hash),
});
const skipped = object({
  layer: name,
  layerId: id,
  reason: oneOf(...SKIP_REASONS),
  detail: optional(text(MAX_DETAIL_LENGTH)),
});
/** In a request: the selection that the window shows; without it what is selected now. */
const shownSelection = optional(integer(0, 1e9));
const selection = object({
  /** Rises with every change; an older answer than the newest event is stale. */
  revision: integer(0, 1e9),
  /** Selected nodes; 0 means nothing is selected. */
  selected: integer(0, 1e7),
  images: list(image),
  styles: list(style),
  /** Known before anything is fetched: video, missing image, above 4096. */
  skipped: list(skipped),
  /** Layers below the selection that hold a restorable original. */
  recolored: integer(0, 1e7),
});
/** An 8-bit color of the document's profile, packed as r | g << 8 | b << 16. */
const packed = integer(0, 0xffffff);
/** What the selection's layers hold besides images: solid paints, gradient stops, shadows. */
const layerCensus = object({
  /** As in `selection.get`. */
  revision: integer(0, 1e9),
  /** Originals' colors, each once, with what they count: px² on the canvas times opacity; 0 for hidden ones. */
  colors: list(object({ color: packed, area: number(0) })),
  /** What each image counts, by original hash, in the same unit. */
  images: record(number(0)),
  /** Layers that hold a color. */
  layers: integer(0, 1e7),
  /** Paint and effect styles that hold one; edited only when told. */
  styles: list(object({ id, name, remote: flag })),
  /** Layers whose colors this plugin has changed. */
  recolored: integer(0, 1e7),
  /** What they were recolored with, when all agree. */
  recipe: optional(recipe),
});
const report = object({
  /** Layers changed (text and vector layers once). */
  layers: integer(0, 1e7),
  /** Styles changed. */
  styles: integer(0, 1e7),
  /** Distinct images written. */
  images: integer(0, 1e7),
  /** Paint, gradient and shadow colors written; how many of them as a variable. */
  colors: optional(integer(0, 1e7)),
  bound: optional(integer(0, 1e7)),
  skipped: list(skipped, MAX_SKIPPED),
});

const colorVariable = object({
  id,
  /** Full name, groups separated by slashes. */
  name,
  /** CSS color per mode id; null for a cycle or a reference that leads nowhere. */
  values: record(nullable(css)),
});
const collection = object({
  id,
  name,
  modes: list(object({ id, name })),
  defaultModeId: id,
  variables: list(colorVariable),
});
const colors = object({
  collections: list(collection),
  /** Local paint styles of one solid color. */
  styles: list(object({ id, name, color: css })),
  /** Solid colors and gradient stops below the selection, each once; null above Figma's limit of 1000. */
  selection: nullable(list(css)),
});

const nothing = object({});
const jobId = text(100);

/** A request's payload and its reply. */
interface Exchange<P, R> {
  readonly payload: Check<P>;
  readonly reply: Check<R>;
}
function exchange<P, R>(payload: Check<P>, reply: Check<R>): Exchange<P, R> {
  return { payload, reply };
}

/** UI -> main. */
export const requests = {
  /** First words of the UI: what it was opened for. */
  'session.start': exchange(
    nothing,
    object({
      command: oneOf(...COMMANDS),
      /** True: no window is visible; do the command's work, then `window.close`. */
      headless: flag,
      /** Quick-action parameters as typed. */
      parameters: object({ preset: optional(text(200)), color: optional(text(200)) }),
      /** `rerun`: the last recipe. `edit`: that of the selected layers, when they agree. */
      recipe: optional(recipe),
      /** Space of the document's colors (Figma's LEGACY counts as sRGB). */
      colorProfile: oneOf('srgb', 'display-p3'),
      /** False in Dev Mode and where this person may only view. */
      editable: flag,
    }),
  ),
  'selection.get': exchange(nothing, selection),
  /** Bytes of an image by its original hash. Errors: IMAGE_MISSING, IMAGE_UNREADABLE, IMAGE_GIF, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED. */
  'image.bytes': exchange(object({ hash }), object({ bytes, kind: oneOf('png', 'jpeg') })),

  /**
   * Notes which paints below a selection hold these images; writes nothing. The reply's `hashes` are those that some
   * paint really holds: one transform each. `layers` counts the layers to be changed.
   * Errors: READ_ONLY, SELECTION_UNKNOWN.
   */
  'job.begin': exchange(
    object({
      hashes: list(hash),
      recipe,
      includeStyles: flag,
      withColors: optional(flag),
      revision: shownSelection,
    }),
    object({
      jobId,
      hashes: list(hash),
      layers: integer(0, 1e7),
      /** `withColors`: the distinct colors that `job.paint` is to answer. */
      colors: optional(list(packed)),
    }),
  ),
  /** Hands a finished image to Figma; the document stays as it is. Errors: JOB_UNKNOWN, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, IMAGE_UNSUPPORTED. */
  'job.put': exchange(object({ jobId, hash, bytes }), object({ newHash: hash })),
  /**
   * What the job's colors become. A color that is not named, or that stays, is left as it was.
   * `bind`: where one of these variables, in the layer's own mode, is within `tolerance` (8-bit steps a channel) of the
   * new color, the nearest is bound instead. Error: JOB_UNKNOWN.
   */
  'job.paint': exchange(
    object({
      jobId,
      colors: list(object({ from: packed, to: packed })),
      bind: optional(object({ variableIds: list(id), tolerance: integer(0, 255) })),
    }),
    nothing,
  ),
  /** Says why an image of the job gets no new bytes; its layers are reported with that reason. */
  'job.skip': exchange(
    object({ jobId, hash, reason: oneOf(...SKIP_REASONS), detail: optional(text(MAX_DETAIL_LENGTH)) }),
    nothing,
  ),
  /** Writes all layers at once, as one undo step, stores the recipe as `last-recipe` and ends the job. Error: JOB_UNKNOWN. */
  'job.commit': exchange(object({ jobId }), report),
  /** Forgets the job; the document was never touched. No error for a job that is gone. */
  'job.cancel': exchange(object({ jobId }), nothing),

  /** Brings the originals back in everything below a selection, as one undo step. Errors: READ_ONLY, SELECTION_UNKNOWN. */
  restore: exchange(object({ includeStyles: flag, revision: shownSelection }), report),
  /** Error: SELECTION_UNKNOWN. */
  'layers.census': exchange(object({ revision: shownSelection }), layerCensus),
  /** Colors of the design system and of the selection. */
  'colors.list': exchange(nothing, colors),
  /** Null when nothing is stored. */
  'storage.get': exchange(object({ key: oneOf(...STORAGE_KEYS) }), object({ value: json })),
  /** Null deletes. Error: STORAGE_FULL. */
  'storage.set': exchange(object({ key: oneOf(...STORAGE_KEYS), value: json }), nothing),

  'window.resize': exchange(object({ width: integer(1, 10_000), height: integer(1, 10_000) }), nothing),
  /** Ends the plugin, with a last word if there is one. */
  'window.close': exchange(object({ message: optional(text(1000)), error: optional(flag) }), nothing),
  notify: exchange(object({ message: text(1000), error: optional(flag) }), nothing),
  /** Figma's own undo; for Cmd/Ctrl+Z while the window has the focus. */
  undo: exchange(nothing, nothing),
} as const;

/** Main -> UI. */
export const events = {
  /** The selection, or something in it, changed: ask `selection.get` again. */
  'selection.changed': object({ revision: integer(0, 1e9), selected: integer(0, 1e7) }),
} as const;

export type Requests = typeof requests;
export type RequestName = keyof Requests;
export type RequestPayload<N extends RequestName> = Infer<Requests[N]['payload']>;
export type RequestReply<N extends RequestName> = Infer<Requests[N]['reply']>;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = Infer<Events[N]>;

export type Where = Infer<typeof where>;
export type LayerRef = Infer<typeof layer>;
export type SelectionImage = Infer<typeof image>;
export type SelectionStyle = Infer<typeof style>;
export type SelectionInfo = Infer<typeof selection>;
export type LayerCensus = Infer<typeof layerCensus>;
export type Skipped = Infer<typeof skipped>;
export type ApplyReport = Infer<typeof report>;
export type ColorCollection = Infer<typeof collection>;
export type ColorList = Infer<typeof colors>;
export type SessionStart = RequestReply<'session.start'>;
