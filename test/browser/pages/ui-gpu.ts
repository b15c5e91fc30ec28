/** What the test of the window's GPU runs in the page: the engine behind the client that the window has, too. */
import type { Recipe } from '../../../src/core/types.js';
import { startEngine } from '../../../ui/worker/client.js';
import type { BackendDescription, Engine } from '../../../ui/worker/engine.js';
import type { RaceOptions } from '../../../ui/worker/race-gpu.js';

let engine: Engine;
const notices: string[] = [];
let tiles = 0;

/** The worker's prelude (below, in the test) speaks here; a frame without an origin has a channel of its own. */
const channel = new BroadcastChannel('gpu-test');
channel.onmessage = ({ data }) => {
  if (data === 'tile') tiles++;
};

export interface GpuPage {
  start(source: string): Promise<boolean>;
  race(options: { readonly includeSoftware: boolean; readonly speed?: number }): Promise<BackendDescription>;
  describe(): Promise<BackendDescription>;
  /** @param file base64 */
  transform(file: string, recipe: Recipe): Promise<{ readonly bytes: string; readonly tiles: number }>;
  /** How many previews were answered while a race ran. */
  previewDuringRace(file: string, recipe: Recipe): Promise<number>;
  harm(how: 'lose' | 'terminate'): void;
  notices(): readonly string[];
}

const page: GpuPage = {
  async start(source) {
    const client = await startEngine(source);
    engine = client.engine;
    engine.onNotice((sentence) => notices.push(sentence));
    return client.inWorker;
  },
  race: ({ includeSoftware, speed }) => engine.race(raceOptions(includeSoftware, speed)),
  describe: () => engine.describe(),
  async transform(file, recipe) {
    const before = tiles;
    const { bytes } = await engine.transform(decode(file), recipe);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return { bytes: btoa(text), tiles: tiles - before };
  },
  async previewDuringRace(file, recipe) {
    await engine.open(decode(file));
    await engine.preview(recipe, undefined);
    await engine.describe(); // the processor's own race is over
    let isOver = false;
    const race = engine.race(raceOptions(true)).then(() => {
      isOver = true;
    });
    let previews = 0;
    while (!isOver) {
      await engine.preview(recipe, undefined);
      if (!isOver) previews++;
    }
    await race;
    return previews;
  },
  harm: (how) => channel.postMessage(how),
  notices: () => notices,
};

function raceOptions(includeSoftware: boolean, speed?: number): RaceOptions {
  if (speed === undefined) return { includeSoftware };
  return {
    includeSoftware,
    measured: new Map([
      ['wasm', speed],
      ['js', speed],
    ]),
  };
}

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

Object.assign(globalThis, { page });
