/** What is selected: read when the host says that it changed, and what follows from it. */
import type { Scope } from '../../src/protocol/messages.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host, Session } from '../host.js';
import { createLatest } from './latest.js';
import type { LayerColors } from './layer-colors.js';
import { COLOR_BOARD, type ImageState } from './model.js';
import type { Opening } from './opening.js';
import type { Resume } from './resume.js';
import type { Sheet } from './sheet.js';
import type { Store } from './store.js';

export interface Selecting {
  /** Reads the selection. @throws what the host says */
  read(): Promise<void>;
  /** Reads it soon. While one is being read only the newest change counts: a drag on the canvas makes one a frame. */
  follow(): void;
  setScope(scope: Scope): void;
  /** Reads the layers' colors of what is shown. @throws what the host says */
  refreshLayers(): Promise<void>;
}

interface Parts {
  readonly host: Host;
  readonly session: Store<Session | undefined>;
  readonly selection: Store<SelectionInfo | undefined>;
  readonly scope: Store<Scope>;
  readonly image: Store<ImageState>;
  readonly layers: LayerColors;
  readonly sheet: Sheet;
  readonly opening: Opening;
  readonly resume: Resume;
  /** A job is under way: it keeps the plan that it began with. */
  readonly isRunning: () => boolean;
  readonly onError: (error: unknown) => void;
}

export function createSelecting(parts: Parts): Selecting {
  const { host, session, selection, scope, image, layers, sheet, opening, resume, isRunning, onError } = parts;
  /** What the shown selection is one of. */
  let known: Scope = 'selection';
  /** The layers' colors were read once. */
  let isFollowing = false;

  async function read(): Promise<void> {
    const asked = scope.get();
    let next: SelectionInfo;
    try {
      next = await host.getSelection(asked);
    } catch (error) {
      // What is shown, and what Apply takes, is what it was.
      if (scope.get() === asked) scope.set(known);
      throw error;
    }
    known = asked;
    const shown = selection.get();
    if (shown && next.revision < shown.revision) return; // an older answer that came late
    sheet.follow(next.images.map(({ hash }) => hash));
    selection.set(next);
    if (!isRunning()) void refreshLayers().catch(onError);
    showPicture(next);
  }

  function showPicture({ images }: SelectionInfo): void {
    const state = image.get();
    if (state.kind !== 'none' && images.some(({ hash }) => hash === state.hash)) return;
    const first = images[0]?.hash;
    if (first !== undefined) {
      resume.startFrom(images.find((item) => item.recipe)).catch(onError);
      if (!session.get()?.headless) void opening.open(first); // may wait for the network, which the next selection must not
    } else if (state.kind === 'none' || state.hash !== COLOR_BOARD) opening.close();
  }

  async function refreshLayers(): Promise<void> {
    const shown = selection.get();
    if (!shown || host.kind !== 'figma' || session.get()?.headless) return;
    await layers.refresh(shown);
    const census = layers.census.get();
    resume.startFrom(census).catch(onError);
    // Once: after that the box is the person's.
    if (census?.recipe && session.get()?.command === 'edit' && !isFollowing) layers.isOn.set(true);
    isFollowing = true;
  }

  const followNewest = createLatest(() => read().catch(onError));
  const follow = (): void => followNewest(undefined);
  return {
    ...{ read, follow, refreshLayers },
    setScope(next) {
      scope.set(next);
      follow();
    },
  };
}
