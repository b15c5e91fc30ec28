/** What Figma's sandbox answers to the window's requests. Checked where it arrives, so the sandbox's bundle has none of it. */
import {
  COMMANDS,
  css,
  hash,
  id,
  jobId,
  libraryKey,
  MAX_DETAIL_LENGTH,
  MAX_SKIPPED,
  name,
  nothing,
  packed,
  type RequestName,
  recipe,
  SKIP_REASONS,
  tokens,
} from './messages.js';
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
  tokens: optional(tokens),
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
  tokens: optional(tokens),
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

/** By request. */
export const replies = {
  'session.start': object({
    command: oneOf(...COMMANDS),
    /** True: no window is visible; do the command's work, then `window.close`. */
    headless: flag,
    /** Quick-action parameters as typed. */
    parameters: object({ preset: optional(text(200)), color: optional(text(200)) }),
    /** Space of the document's colors (Figma's LEGACY counts as sRGB). */
    colorProfile: oneOf('srgb', 'display-p3'),
  }),
  'selection.get': selection,
  'image.bytes': object({ bytes, kind: oneOf('png', 'jpeg') }),
  'job.begin': object({
    jobId,
    hashes: list(hash),
    layers: integer(0, 1e7),
    /** `withColors`: the distinct colors that `job.paint` is to answer. */
    colors: optional(list(packed)),
  }),
  'job.put': object({ newHash: hash }),
  'job.paint': nothing,
  'job.skip': nothing,
  'job.commit': report,
  'job.cancel': nothing,
  restore: report,
  'layers.census': layerCensus,
  'colors.list': colors,
  'libraries.list': object({ collections: list(object({ key: libraryKey, name, library: name })) }),
  'library.list': object({ variables: list(object({ key: libraryKey, name })) }),
  /** In the order of the request; null for one that is gone, or no color, or not for colors. */
  'library.import': object({ ids: list(nullable(id)) }),
  'storage.get': object({ value: json }),
  'storage.set': nothing,
  'window.resize': nothing,
  'window.close': nothing,
  undo: nothing,
  'undo.settle': nothing,
} as const satisfies Record<RequestName, Check<unknown>>;

export type RequestReply<N extends RequestName> = Infer<(typeof replies)[N]>;

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
export type LibraryCollection = RequestReply<'libraries.list'>['collections'][number];
export type LibraryVariable = RequestReply<'library.list'>['variables'][number];
export type SessionStart = RequestReply<'session.start'>;
