/** A document with a design system, for the tab that works with it. */
import type { CollectionSpec, JsonObject, NodeSpec, VariableSpec } from '../figma-host/scene.js';

export const hex = (text: string): { r: number; g: number; b: number } => {
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => Number.parseInt(text.slice(at, at + 2), 16) / 255);
  return { r, g, b };
};
export const solid = (text: string, more: JsonObject = {}): JsonObject => ({
  type: 'SOLID',
  color: hex(text),
  ...more,
});

export const collections: readonly CollectionSpec[] = [
  {
    id: 'C:theme',
    name: 'Theme',
    modes: [
      { modeId: 'light', name: 'Light' },
      { modeId: 'dark', name: 'Dark' },
      { modeId: 'dusk', name: 'Dusk' },
    ],
  },
  { id: 'C:base', name: 'Base', modes: [{ modeId: 'value', name: 'Value' }] },
];

const THEMED: readonly (readonly [string, string, string, string])[] = [
  ['brand/primary', '0b6e99', '1f4e79', '7a3e9d'],
  ['brand/accent', 'f2a541', 'd97706', 'e4587b'],
  ['surface/base', 'f4efe6', '14181f', '241b35'],
  ['surface/raised', 'ffffff', '202731', '35284d'],
  ['text/strong', '1b1b1b', 'f5f5f5', 'fbeff5'],
  ['text/soft', '5d6470', 'a9b4c2', 'c3aecf'],
];
const BASE: readonly (readonly [string, string])[] = [
  ['blue/500', '0b6e99'],
  ['blue/700', '1f4e79'],
  ['amber/400', 'f2a541'],
];

export const variables: readonly VariableSpec[] = [
  ...THEMED.map(([name, light, dark, dusk]) => ({
    id: `V:${name}`,
    name,
    collection: 'C:theme',
    valuesByMode: { light: { ...hex(light), a: 1 }, dark: { ...hex(dark), a: 1 }, dusk: { ...hex(dusk), a: 1 } },
  })),
  ...BASE.map(([name, value]) => ({
    id: `V:${name}`,
    name,
    collection: 'C:base',
    valuesByMode: { value: { ...hex(value), a: 1 } },
  })),
];

export const styles = [
  { id: 'S:sun', name: 'Marketing/Sun', paints: [solid('ffcc00')] },
  { id: 'S:sea', name: 'Marketing/Sea', paints: [solid('004477')] },
];

/** A card: background, a gradient, a shadow, a line of text. */
export const card: NodeSpec = {
  id: '3:0',
  type: 'FRAME',
  name: 'Card',
  width: 320,
  height: 400,
  fills: [solid('e8f0e4')],
  effects: [
    {
      type: 'DROP_SHADOW',
      color: { ...hex('204020'), a: 0.3 },
      offset: { x: 0, y: 4 },
      radius: 12,
      visible: true,
      blendMode: 'NORMAL',
    },
  ],
  children: [
    {
      id: '3:1',
      type: 'RECTANGLE',
      name: 'Band',
      width: 320,
      height: 80,
      fills: [
        {
          type: 'GRADIENT_LINEAR',
          gradientTransform: [
            [1, 0, 0],
            [0, 1, 0],
          ],
          gradientStops: [
            { position: 0, color: { ...hex('2f7d4f'), a: 1 } },
            { position: 1, color: { ...hex('9fd18b'), a: 1 } },
          ],
        },
      ],
    },
    {
      id: '3:2',
      type: 'TEXT',
      name: 'Title',
      characters: 'Wild gardens',
      width: 200,
      height: 30,
      fills: [solid('1d3b2a')],
    },
    {
      id: '3:3',
      type: 'RECTANGLE',
      name: 'Button',
      width: 120,
      height: 40,
      fills: [solid('d9683a')],
      strokes: [solid('7a2f12')],
      strokeWeight: 2,
    },
  ],
};
