import type { Recipe } from '../../src/core/types.js';
import type { DetailSpec, Engine, PreviewReply } from '../worker/engine.js';

export interface PreviewRequest {
  readonly recipe: Recipe;
  /** Place among the enabled rows whose reach is shown; undefined shows the result. */
  readonly reachOf: number | undefined;
  /** The part that hides the preview, and is painted in its place; undefined paints the preview. */
  readonly part?: DetailSpec;
}

/** With nothing asked for so long, milliseconds, the hidden preview follows: a zoom may bare it. */
const REST_MS = 150;

export interface Previewer {
  /** Asks for a preview. While one is computed only the newest further request is kept: a drag never queues. */
  request(request: PreviewRequest): void;
  /** Forgets what is under way: its reply is dropped. */
  reset(): void;
  /** Nothing is being computed. */
  isIdle(): boolean;
}

export function createPreviewer(
  engine: Engine,
  onReply: (reply: PreviewReply, request: PreviewRequest) => void,
  onError: (error: unknown) => void,
): Previewer {
  let running = false;
  let next: PreviewRequest | undefined;
  let epoch = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(request: PreviewRequest): Promise<void> {
    running = true;
    const mine = epoch;
    try {
      const reply = await engine.preview(request.recipe, request.reachOf, request.part);
      if (mine === epoch) onReply(reply, request);
    } catch (error) {
      if (mine === epoch) onError(error);
    }
    running = false;
    const following = next;
    next = undefined;
    if (following) void run(following);
    else if (request.part && mine === epoch) timer = setTimeout(() => ask({ ...request, part: undefined }), REST_MS);
  }

  function ask(request: PreviewRequest): void {
    clearTimeout(timer);
    if (running) next = request;
    else void run(request);
  }

  return {
    request: ask,
    reset() {
      epoch++;
      clearTimeout(timer);
      next = undefined;
    },
    isIdle: () => !running,
  };
}
