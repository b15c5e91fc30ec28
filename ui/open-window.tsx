import { render } from 'preact';
import { messageOf } from '../src/protocol/errors.js';
import { App } from './app/app.js';
import { runHeadless } from './headless.js';
import type { Host } from './host.js';
import { createModel } from './state/create-model.js';
import type { Model } from './state/model.js';
import { startEngine } from './worker/client.js';

/** Text of the worker's script, put in by the build. */
declare const WORKER_SOURCE: string;

/** A worker that reads its script beside the first paint would hold it up by a fifth. A window that nobody sees paints nothing. */
function whenPainted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_PAINT_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve); // after the frame
    });
  });
}
const LONGEST_PAINT_MS = 200;

/**
 * Shows the window while the engine starts, or does a command's work without one. Never rejects.
 *
 * @returns undefined where nothing could be shown
 */
export async function openWindow(host: Host): Promise<Model | undefined> {
  try {
    const { engine, inWorker, onLost } = startEngine(WORKER_SOURCE, whenPainted());
    const model = createModel(host, engine, inWorker);
    onLost(model.recover);
    const root = document.getElementById('root');
    if (root) render(<App model={model} />, root);
    await model.start();
    await runHeadless(model).catch((error) => model.tell(messageOf(error), true));
    return model;
  } catch (error) {
    // Nothing could be shown: Figma says it, and the plugin ends.
    await host.close(messageOf(error), true);
    return undefined;
  }
}
