import { render } from 'preact';
import { App } from './app/app.js';
import { runHeadless } from './headless.js';
import type { Host } from './host.js';
import { createModel } from './state/create-model.js';
import { startEngine } from './worker/client.js';

/** Text of the worker's script, put in by the build. */
declare const WORKER_SOURCE: string;

/** Starts the engine and shows the window, or does a command's work without one. */
export async function openWindow(host: Host): Promise<void> {
  const { engine, inWorker } = await startEngine(WORKER_SOURCE);
  const model = createModel(host, engine, inWorker);
  const root = document.getElementById('root');
  if (root) render(<App model={model} />, root);
  await model.start();
  await runHeadless(model);
}
