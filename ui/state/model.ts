/** READ FIRST in this folder: everything the window knows, and everything it can do. Components only show it. */

import type { Recipe } from '../../src/core/types.js';
import type { Placement, Scope } from '../../src/protocol/messages.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host, Session } from '../host.js';
import type { Engine, OpenedImage, Picture, PreviewReply } from '../worker/engine.js';
import type { JobProgress } from './apply.js';
import type { Design } from './design.js';
import type { Details } from './details.js';
import type { History } from './history.js';
import type { LayerColors } from './layer-colors.js';
import type { Library } from './library.js';
import type { ReachMatcher } from './matching.js';
import type { Notice, Notices } from './notices.js';
import type { Edit } from './recipe-state.js';
import type { Sheet } from './sheet.js';
import type { Store } from './store.js';
import type { Themes } from './themes.js';

export type PreviewMode = 'split' | 'after' | 'reach' | 'themes' | 'sheet';

/** Stands for the picture of the layers' own colors, where there is no image. */
export const COLOR_BOARD = 'colors';

/** The image in the preview, on its way there, or the reason why it is not. */
export type ImageState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly hash: string }
  | { readonly kind: 'open'; readonly hash: string; readonly image: OpenedImage }
  | { readonly kind: 'error'; readonly hash: string; readonly message: string; readonly canRetry: boolean };

export interface ShownPreview extends Omit<PreviewReply, 'picture'> {
  /** Undefined where a detail hides it. */
  readonly picture: Picture | undefined;
  /** A row's reach in place of the result. */
  readonly isReach: boolean;
}

/** A color of the image under the pointer. */
export interface Pointed {
  /** Packed, before and after; there is no after without rows. */
  readonly before: number;
  readonly after: number | undefined;
  /** The row that has most to do with it: its id, and its place from 1. */
  readonly row: number | undefined;
  readonly place: number | undefined;
}

export interface Model {
  readonly host: Host;
  readonly engine: Engine;
  readonly library: Library;
  readonly session: Store<Session | undefined>;
  readonly selection: Store<SelectionInfo | undefined>;
  readonly image: Store<ImageState>;
  readonly history: Store<History<Edit>>;
  readonly mode: Store<PreviewMode>;
  readonly preview: Store<ShownPreview | undefined>;
  /** What the preview lacks where it is enlarged. */
  readonly detail: Pick<Details, 'shown' | 'lookAt'>;
  /** The original is shown for as long as a key or the pointer is held. */
  readonly isComparing: Store<boolean>;
  /** What is under the pointer. */
  readonly pointed: Store<Pointed | undefined>;
  readonly progress: Store<JobProgress | undefined>;
  readonly notice: Store<Notice | undefined>;
  readonly backendLine: Store<string>;
  readonly design: Design;
  readonly layers: LayerColors;
  readonly themes: Store<Themes | undefined>;
  readonly includeStyles: Store<boolean>;
  /** Where Apply puts recolored images. */
  readonly placement: Store<Placement>;
  /** Whose images are shown and recolored. */
  readonly scope: Store<Scope>;
  readonly sheet: Sheet;
  readonly matching: ReachMatcher;
  setScope(scope: Scope): void;
  start(): Promise<void>;
  /** Reads the host's design-system colors, once. */
  loadColors(): void;
  /** Gives an engine that has lost what it held all of that again. */
  recover(): void;
  /** Reads the selection and what else was read again: Figma is silent about variables that change. */
  lookAgain(): void;
  /** The recipe with colors in place of variables. @throws UNKNOWN_TOKEN */
  resolve(recipe: Recipe): Recipe;
  /** Takes a recipe from outside; one that names variables is checked against the file's. @throws UNKNOWN_TOKEN */
  adopt(recipe: Recipe): Promise<void>;
  showImage(hash: string): void;
  /** Changes the edit. Calls with the same tag in quick succession are one undo step. */
  edit(change: (edit: Edit) => Edit, tag?: string): void;
  /** The pointer went down or up: edits of one control in between are one undo step. */
  press(isDown: boolean): void;
  /** Opens a row. Not a step to undo. */
  select(id: number): void;
  /** Shows a row's reach until it is called with undefined. */
  peek(id: number | undefined): void;
  /** @param color packed color of the image under the pointer */
  point(color: number | undefined): void;
  undo(): void;
  redo(): void;
  /** The person goes to the document: undo is the document's own again. */
  leave(): void;
  /** Ends the plugin; what is being edited is kept. */
  close(): Promise<void>;
  apply(): Promise<void>;
  restore(): Promise<void>;
  cancel(): void;
  tell: Notices['tell'];
}
