import type { JsonObject, NodeSpec, Scene } from '../figma-host/scene.js';

/** An image paint; `@name` stands for the hash. */
export function imagePaint(name: string, more: JsonObject = {}): JsonObject {
  return { type: 'IMAGE', scaleMode: 'FILL', imageHash: `@${name}`, ...more };
}

export function solidPaint(r: number, g: number, b: number): JsonObject {
  return { type: 'SOLID', color: { r, g, b } };
}

export function rectangle(id: string, ...fills: JsonObject[]): NodeSpec {
  return { id, type: 'RECTANGLE', name: `Layer ${id}`, fills };
}

/** One page with everything on it selected, unless told. */
export function scene(children: readonly NodeSpec[], more: Partial<Scene> = {}): Scene {
  return { pages: [{ id: '0:1', name: 'Page 1', children }], selection: children.map(({ id }) => id), ...more };
}
