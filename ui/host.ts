/** The one contract between the window and where its images come from: Figma, or files in the playground. */
import type { Recipe } from '../src/core/types.js';
import type {
  ApplyReport,
  ColorList,
  Command,
  SelectionInfo,
  SkipReason,
  StorageKey,
} from '../src/protocol/messages.js';
import type { Json } from '../src/protocol/schema.js';

/** What the window was opened for. */
export interface Session {
  readonly command: Command;
  /** True: no window is visible; do the command's work, then close. */
  readonly headless: boolean;
  readonly parameters: { readonly preset?: string; readonly color?: string };
  /** False in Dev Mode and where this person may only view. */
  readonly editable: boolean;
}

/** One Apply under way. Nothing is written before `commit`. */
export interface Job {
  /** One transform each. */
  readonly hashes: readonly string[];
  put(hash: string, bytes: Uint8Array, format: 'png' | 'jpeg'): Promise<void>;
  skip(hash: string, reason: SkipReason, detail?: string): Promise<void>;
  commit(): Promise<ApplyReport>;
  cancel(): Promise<void>;
}

export interface Host {
  readonly kind: 'figma' | 'file';
  start(): Promise<Session>;
  getSelection(): Promise<SelectionInfo>;
  /** @returns ends the subscription */
  onSelectionChange(listener: () => void): () => void;
  /** Bytes of an image's original. @throws errors with a `code` */
  readImage(hash: string): Promise<Uint8Array>;
  beginJob(hashes: readonly string[], recipe: Recipe, includeStyles: boolean): Promise<Job>;
  restore(includeStyles: boolean): Promise<ApplyReport>;
  listColors(): Promise<ColorList>;
  readStorage(key: StorageKey): Promise<Json>;
  writeStorage(key: StorageKey, value: Json): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  notify(message: string, error?: boolean): Promise<void>;
  /** Undo in the document itself. */
  undo(): Promise<void>;
  close(message?: string, error?: boolean): Promise<void>;
}

/** What only a page with files can do. */
export interface FileHost extends Host {
  readonly kind: 'file';
  addFiles(files: readonly File[]): Promise<void>;
  removeFile(hash: string): void;
  /** Results of the last finished job. */
  listResults(): readonly FileResult[];
  download(result: FileResult): void;
}

export interface FileResult {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mime: string;
}

export function isFileHost(host: Host): host is FileHost {
  return host.kind === 'file';
}
