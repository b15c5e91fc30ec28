/** What a test's document holds. Plain JSON: it crosses into QuickJS. Image hashes are written `@name`. */

export type JsonObject = { readonly [key: string]: unknown };

export interface NodeSpec {
  readonly id: string;
  /** FRAME, RECTANGLE, TEXT, ... */
  readonly type: string;
  readonly name?: string;
  readonly children?: readonly NodeSpec[];
  readonly fills?: readonly JsonObject[];
  readonly strokes?: readonly JsonObject[];
  readonly effects?: readonly JsonObject[];
  readonly fillStyleId?: string;
  readonly strokeStyleId?: string;
  readonly effectStyleId?: string;
  /** 100 x 100 unless given. */
  readonly width?: number;
  readonly height?: number;
  readonly opacity?: number;
  /** `mixed` where the sides differ. */
  readonly strokeWeight?: number | 'mixed';
  /** Modes set on this layer, by collection; layers below inherit them. */
  readonly variableModes?: { readonly [collectionId: string]: string };
  readonly locked?: boolean;
  readonly visible?: boolean;
  /** Text with ranges of its own; `fills` above is then ignored. */
  readonly characters?: string;
  readonly segments?: readonly SegmentSpec[];
  readonly vectorNetwork?: JsonObject;
  /** Properties that cannot be overridden: setting one throws, as in some instances. */
  readonly refuses?: readonly string[];
  /** Properties whose reading throws, as Figma's own faults do. */
  readonly unreadable?: readonly string[];
  readonly pluginData?: { readonly [key: string]: string };
  /**
   * What it shows until its own are set: inside an instance the layer of the component, for an instance itself the
   * component. Figma's ids say it, too: `I3:0;2:1` is what the instance 3:0 makes of 2:1.
   */
  readonly follows?: string;
}

export interface SegmentSpec {
  readonly start: number;
  readonly end: number;
  readonly fills: readonly JsonObject[];
  readonly fillStyleId?: string;
  readonly fontName: { readonly family: string; readonly style: string };
}

export interface StyleSpec {
  readonly id: string;
  readonly name: string;
  readonly paints?: readonly JsonObject[];
  /** Given, it is an effect style. */
  readonly effects?: readonly JsonObject[];
  /** From a library: readable, not writable, not among the local ones. */
  readonly remote?: boolean;
}

export interface PageSpec {
  readonly id: string;
  readonly name?: string;
  /** The current page always is. */
  readonly loaded?: boolean;
  /** `loadAsync` rejects. */
  readonly failsToLoad?: boolean;
  readonly backgrounds?: readonly JsonObject[];
  readonly children: readonly NodeSpec[];
}

export interface VariableSpec {
  readonly id: string;
  readonly name: string;
  readonly collection: string;
  readonly resolvedType?: string;
  readonly remote?: boolean;
  /** Where it is offered; everywhere unless given. */
  readonly scopes?: readonly string[];
  readonly valuesByMode: { readonly [modeId: string]: unknown };
}

export interface CollectionSpec {
  readonly id: string;
  readonly name: string;
  readonly modes: readonly { readonly modeId: string; readonly name: string }[];
  readonly remote?: boolean;
}

/** A collection that a library publishes, with variables of the scene that are `remote`. */
export interface LibrarySpec {
  readonly key: string;
  readonly name: string;
  readonly libraryName: string;
  /** Listing it rejects with this message. */
  readonly rejects?: string;
  readonly variables: readonly { readonly key: string; readonly id: string }[];
}

export interface Scene {
  readonly documentColorProfile?: 'LEGACY' | 'SRGB' | 'DISPLAY_P3';
  readonly pages: readonly PageSpec[];
  readonly selection?: readonly string[];
  readonly styles?: readonly StyleSpec[];
  readonly variables?: readonly VariableSpec[];
  readonly collections?: readonly CollectionSpec[];
  /** Enabled libraries; left out, the editor knows none. */
  readonly libraries?: readonly LibrarySpec[];
  /** Figma converts and keeps colors of other spaces (`figma.util.rgb`); `percent` as if lightness went to 100. */
  readonly sourceColors?: 'unit' | 'percent';
  /** Fonts that can be loaded, as `family style`. */
  readonly fonts?: readonly string[];
  readonly storage?: JsonObject;
  /** A larger message to the window finds no memory. Figma documents no number: it is what the machine has. */
  readonly mostMessageBytes?: number;
  /** How far `triggerUndo` goes back: to the last `commitUndo`, as documented, or a step of the person's. */
  readonly triggerUndo?: 'commit' | 'step';
  /** What `getSelectionColors` gives; null stands for more than 1000 colors. Left out: what the selection holds. */
  readonly selectionColors?: { readonly paints: readonly JsonObject[] } | null;
}

/** An image of the document. Bytes travel beside the scene. */
export interface ImageSpec {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `getImageByHash` gives null. */
  readonly missing?: boolean;
  /** `getBytesAsync` and `getSizeAsync` reject with this message. */
  readonly rejects?: string;
}

/** What `host.snapshot()` tells a test. */
export interface Snapshot {
  /** What the document itself remembers. */
  readonly documentData: { readonly [key: string]: string };
  /** Every layer's and page's state by id; removed ones are gone. */
  readonly nodes: { readonly [id: string]: NodeSnapshot };
  readonly styles: {
    readonly [id: string]: {
      readonly paints: readonly JsonObject[];
      readonly effects: readonly JsonObject[];
      readonly pluginData: JsonObject;
    };
  };
  /** Steps that the person can undo. */
  readonly undoSteps: number;
  readonly closed: boolean;
  readonly closeMessage: string | null;
  readonly notices: readonly { readonly message: string; readonly error: boolean }[];
  readonly ui: { readonly shown: number; readonly visible: boolean; readonly width: number; readonly height: number };
  /** Breaches of Figma's rules that did not throw where the plugin could see them. Must stay empty. */
  readonly violations: readonly string[];
  /** How often each image's bytes were asked for, by name or hash. */
  readonly fetches: { readonly [image: string]: number };
  readonly created: number;
  readonly storage: JsonObject;
  /** Writes to the document so far. */
  readonly writes: number;
}

export interface NodeSnapshot {
  readonly type: string;
  readonly name: string;
  readonly fills?: readonly JsonObject[];
  readonly strokes?: readonly JsonObject[];
  readonly effects?: readonly JsonObject[];
  readonly backgrounds?: readonly JsonObject[];
  readonly fillStyleId?: string;
  readonly segments?: readonly SegmentSpec[];
  readonly vectorNetwork?: { readonly regions?: readonly JsonObject[] };
  readonly pluginData: { readonly [key: string]: string };
  readonly relaunchData: { readonly [command: string]: string };
}
