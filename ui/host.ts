/** The one contract between the window and where its images come from: Figma, or files in the playground. */
import type { Gamut, Recipe } from '../src/core/types.js';
import type { Command, Placement, RequestPayload, Scope, SkipReason, StorageKey } from '../src/protocol/messages.js';
import type {
  ApplyReport,
  ColorList,
  LayerCensus,
  LibraryCollection,
  LibraryVariable,
  SelectionInfo,
} from '../src/protocol/replies.js';
import type { Json } from '../src/protocol/schema.js';
import type { Store } from './state/store.js';

/** What the window was opened for. */
export interface Session {
  readonly command: Command;
  /** True: no window is visible; do the command's work, then close. */
  readonly headless: boolean;
  readonly parameters: { readonly preset?: string; readonly color?: string };
  /** Space of the document's colors. */
  readonly colorProfile: Gamut;
}

/** Variables that may be bound instead of a color, and how far off they may be, 8-bit steps a channel. */
export type Binding = NonNullable<RequestPayload<'job.paint'>['bind']>;

/** A recipe, and what the variables that it names stood for. */
export interface NamedRecipe {
  readonly recipe: Recipe;
  readonly tokens?: Readonly<Record<string, string>>;
}

/** One Apply under way. Nothing is written before `commit`. */
export interface Job {
  /** One transform each. */
  readonly hashes: readonly string[];
  /** Distinct packed colors of the layers, where they are to be recolored, too. */
  readonly colors: readonly number[];
  put(hash: string, bytes: Uint8Array, format: 'png' | 'jpeg'): Promise<void>;
  skip(hash: string, reason: SkipReason, detail?: string): Promise<void>;
  /** @param to same length as `colors` @param exact what `to` was rounded from, as the engine gives it */
  paint(to: ArrayLike<number>, exact: ArrayLike<number>, bind: Binding | undefined): Promise<void>;
  /** @param named remembered by the layers */
  commit(named: NamedRecipe): Promise<ApplyReport>;
  cancel(): Promise<void>;
}

export interface JobOptions {
  /** Also in styles of this file. */
  readonly includeStyles: boolean;
  /** Also solid paints, gradient stops and shadows. */
  readonly withColors: boolean;
  readonly placement: Placement;
  /** Of the selection that is shown, whatever is selected by now. */
  readonly revision: number;
}

export interface Host {
  readonly kind: 'figma' | 'file';
  start(): Promise<Session>;
  getSelection(scope: Scope): Promise<SelectionInfo>;
  /** @returns ends the subscription */
  onSelectionChange(listener: () => void): () => void;
  /** Bytes of an image's original. @throws errors with a `code` */
  readImage(hash: string): Promise<Uint8Array>;
  /** @param revision of the selection that is shown */
  getLayerCensus(revision: number): Promise<LayerCensus>;
  beginJob(hashes: readonly string[], options: JobOptions): Promise<Job>;
  restore(options: Pick<JobOptions, 'includeStyles' | 'revision'>): Promise<ApplyReport>;
  listColors(): Promise<ColorList>;
  /** Collections of enabled libraries. */
  listLibraries(): Promise<readonly LibraryCollection[]>;
  /** Color variables of one of them. @throws what Figma says */
  listLibrary(key: string): Promise<readonly LibraryVariable[]>;
  /** Brings variables into the file. @returns their ids there, null for what did not come */
  importVariables(keys: readonly string[]): Promise<readonly (string | null)[]>;
  readStorage(key: StorageKey): Promise<Json>;
  writeStorage(key: StorageKey, value: Json): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Takes back in the document what the last job wrote. */
  undo(): Promise<void>;
  /** What the last job wrote is a step of its own from now on. */
  settleUndo(): Promise<void>;
  close(message?: string, error?: boolean): Promise<void>;
}

/** What only a page with files can do. */
export interface FileHost extends Host {
  readonly kind: 'file';
  addFiles(files: readonly File[]): Promise<void>;
  removeFile(hash: string): void;
  /** Of the last job that brought any. */
  readonly results: Store<readonly FileResult[]>;
  dismissResults(): void;
}

export interface FileResult {
  readonly name: string;
  readonly mime: string;
  readonly file: Blob;
  /** Of `file`, good as long as the result is listed. */
  readonly url: string;
}

export function isFileHost(host: Host): host is FileHost {
  return host.kind === 'file';
}
