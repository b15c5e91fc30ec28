import type { Recipe } from '../../src/core/types.js';
import type { Engine, PreviewReply } from '../worker/engine.js';

export interface PreviewRequest {
  readonly recipe: Recipe;
  /** Place among the enabled rows whose reach is shown; undefined shows the result. */
  readonly reachOf: number | undefined;
}

export interface Previewer {
  /** Asks for a preview. While one is computed only the newest further request is kept: a drag never queues. */
  request(request: PreviewRequest): void;
  /** Forgets what is under way: its reply is dropped. */
  reset(): void;
}

export function createPreviewer(
  engine: Engine,
  onReply: (reply: PreviewReply, request: PreviewRequest) => void,
  onError: (error: unknown) => void,
): Previewer {
  let running = false;
  let next: PreviewRequest | undefined;
  let epoch = 0;

  async function run(request: PreviewRequest): Promise<void> {
    running = true;
    const mine = epoch;
    try {
      const reply = await engine.preview(request.recipe, request.reachOf);
      if (mine === epoch) onReply(reply, request);
    } catch (error) {
      if (mine === epoch) onError(error);
    }
    running = false;
    const following = next;
    next = undefined;
    if (following) void run(following);
  }

  return {
    request(request) {
      if (running) next = request;
      else void run(request);
    },
    reset() {
      epoch++;
      next = undefined;
    },
  };
}
