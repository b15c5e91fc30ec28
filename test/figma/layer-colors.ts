/** A session whose layers have colors, and a scripted window that recolors them. */
import { afterEach, expect } from 'vitest';
import type { ApplyReport } from '../../src/protocol/replies.js';
import { type Session, startSession } from '../figma-host/node-session.js';
import type { JsonObject, NodeSpec, Scene, Snapshot } from '../figma-host/scene.js';
import { makePng } from './images.js';
import { scene, solidPaint } from './scenes.js';
import { RECIPE } from './window.js';

/** The one that runs. */
export let session: Session;

/** After each test nothing may have gone wrong behind its back. */
export function setUpSession(): void {
  afterEach(() => {
    expect(session.snapshot().violations).toEqual([]);
    session.end();
  });
}

export const RED = 0x0000ff;
export const GREEN = 0x00ff00;
export const BLUE = 0xff0000;
export const red = solidPaint(1, 0, 0);
export const green = solidPaint(0, 1, 0);
export const rgb = (color: number) => ({
  r: (color & 255) / 255,
  g: ((color >> 8) & 255) / 255,
  b: (color >> 16) / 255,
});
export const gradient = (...stops: [number, JsonObject][]): JsonObject => ({
  type: 'GRADIENT_LINEAR',
  gradientTransform: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  gradientStops: stops.map(([position, color]) => ({ position, color })),
});
export const shadow = (color: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'DROP_SHADOW',
  color,
  offset: { x: 0, y: 4 },
  radius: 8,
  visible: true,
  blendMode: 'NORMAL',
  ...more,
});

export async function start(nodes: readonly NodeSpec[], more: Partial<Scene> = {}): Promise<Snapshot> {
  const bytes = await makePng(8, 8, { r: 9, g: 9, b: 9 });
  session = await startSession({ scene: scene(nodes, more), images: [{ name: 'photo', bytes }] });
  return session.snapshot();
}

export const census = () => session.ui.request('layers.census', {});
export const node = (id: string) => session.snapshot().nodes[id];

interface ApplyOptions {
  readonly includeStyles?: boolean;
  readonly bind?: { readonly variableIds: readonly string[]; readonly tolerance: number };
  readonly meanwhile?: () => void;
}

/** Recolors as the window does, colors only. @param map packed color to packed color; others stay */
export async function recolor(map: Record<number, number>, options: ApplyOptions = {}): Promise<ApplyReport> {
  const { includeStyles = false, bind, meanwhile } = options;
  const job = await session.ui.request('job.begin', { hashes: [], includeStyles, withColors: true });
  const colors = (job.colors ?? []).map((from) => ({ from, to: map[from] ?? from }));
  await session.ui.request('job.paint', { jobId: job.jobId, colors, ...(bind && { bind }) });
  meanwhile?.();
  return session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE });
}
