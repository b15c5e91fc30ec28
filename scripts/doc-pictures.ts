/** What the pages' pictures show: docs/images/NAME.webp, made by make-pictures.ts. A test finds each row on the page that shows the picture. */
import type { RecipeInput } from '../src/core/index.js';

/** An example in examples/. */
export type Example = 'lake.jpg' | 'still-life.jpg' | 'flat-art.png' | 'portrait.png';

/** Left of a line the original, right of it the result. */
export interface Split {
  readonly name: string;
  readonly example: Example;
  readonly rows: readonly string[];
}

export interface Panel {
  readonly label: string;
  /** Undefined: the original. */
  readonly recipe?: Omit<RecipeInput, 'rows'> & { readonly rows: readonly string[] };
  /** Where it is another one than the strip's. */
  readonly example?: Example;
  /** Example on which the radii are measured; default: the panel's own. */
  readonly reference?: Example;
  /** Blends without bounding the sum of the weights, as imgcolorshine does. */
  readonly isUnbounded?: boolean;
  /** Colors onto which the picture is brought, in place of a recipe. */
  readonly palette?: Readonly<Record<string, string>>;
}

/** Several results side by side, each with its label. */
export interface Strip {
  readonly name: string;
  readonly example: Example;
  /** Panels in a row. */
  readonly across: number;
  readonly panels: readonly Panel[];
}

const CLOTH = '#3a60a8 -> #8c2f4f';
const MOOD = 'oklch(78% 0.14 70)';
const ROSE = 'oklch(75% 0.2 350);90;100';
const original: Panel = { label: 'original' };
const of = (label: string, ...rows: string[]): Panel => ({ label, recipe: { rows } });

export const SPLITS: readonly Split[] = [
  { name: 'repaint-cloth', example: 'still-life.jpg', rows: [`${CLOTH};auto;100`] },
  {
    name: 'repaint-all',
    example: 'still-life.jpg',
    rows: ['#3a60a8 -> #b8643a;auto;100', '#d6ae3a -> #93ad42;~0.2;100', 'keep #a89e8f;~0.12;100'],
  },
  { name: 'golden-hour', example: 'lake.jpg', rows: [`${MOOD};70;75`] },
];

/** Attractors that overlap: their weights come to more than 1. */
const FIVE = ['gold;70;60', 'pink;70;60', 'skyblue;70;60', 'coral;70;60', 'orchid;70;60'];

/** Twelve colors for one product. */
export const VARIANTS: readonly (readonly [name: string, color: string])[] = [
  ['brick', '#a8402f'],
  ['rust', '#b8643a'],
  ['ochre', '#b98a2e'],
  ['olive', '#7d7f35'],
  ['moss', '#4f7a45'],
  ['pine', '#2f6b57'],
  ['teal', '#2c7480'],
  ['denim', '#3f6d9c'],
  ['violet', '#6a539c'],
  ['plum', '#8c2f4f'],
  ['rose', '#c0657f'],
  ['slate', '#5d666f'],
];

export const STRIPS: readonly Strip[] = [
  {
    name: 'values-tolerance',
    example: 'lake.jpg',
    across: 4,
    panels: [original, of('20', `${MOOD};20;100`), of('50', `${MOOD};50;100`), of('80', `${MOOD};80;100`)],
  },
  {
    name: 'values-strength',
    example: 'lake.jpg',
    across: 4,
    panels: [
      of('60', `${MOOD};60;60`),
      of('100', `${MOOD};60;100`),
      of('150', `${MOOD};60;150`),
      of('200', `${MOOD};60;200`),
    ],
  },
  {
    name: 'values-channels',
    example: 'lake.jpg',
    across: 4,
    panels: [
      of('all channels', ROSE),
      ...(['luminance', 'saturation', 'hue'] as const).map((channel) => ({
        label: `--no-${channel}`,
        recipe: { rows: [ROSE], channels: { [channel]: false } },
      })),
    ],
  },
  {
    name: 'values-kinds',
    example: 'still-life.jpg',
    across: 4,
    panels: [
      original,
      of('attract', '#8c2f4f;40;100'),
      of('repaint', `${CLOTH};auto;100`),
      of('attract, and keep', '#8c2f4f;40;100', 'keep #a89e8f;~0.12;100'),
    ],
  },
  {
    name: 'values-reach',
    example: 'still-life.jpg',
    across: 4,
    panels: [
      of('~0.05', `${CLOTH};~0.05;100`),
      of('~0.12', `${CLOTH};~0.12;100`),
      of('~0.3', `${CLOTH};~0.3;100`),
      of('auto', `${CLOTH};auto;100`),
    ],
  },
  {
    name: 'values-flat',
    example: 'flat-art.png',
    across: 4,
    panels: [
      original,
      of('10 %', '#1f5fbf -> #1a7f5a;10;100'),
      of('60 %', '#1f5fbf -> #1a7f5a;60;100'),
      of('~0.1', '#1f5fbf -> #1a7f5a;~0.1;100'),
    ],
  },
  {
    name: 'cookbook-rebrand',
    example: 'flat-art.png',
    across: 2,
    panels: [original, of('rebranded', '#1f5fbf -> #1a7f5a;~0.1;100', '#f2a33c -> #e4572e;~0.08;100')],
  },
  {
    name: 'cookbook-palette',
    example: 'still-life.jpg',
    across: 2,
    panels: [
      original,
      { label: 'brand palette', palette: { primary: '#8c2f4f', accent: '#e0a03c', leaf: '#5f7f5a', night: '#2b3a67' } },
    ],
  },
  {
    name: 'cookbook-themes',
    example: 'lake.jpg',
    across: 2,
    panels: [of('light', `${MOOD};70;75`), of('dark', 'oklch(25% 0.08 268);100;110')],
  },
  {
    name: 'cookbook-series',
    example: 'lake.jpg',
    across: 4,
    panels: [
      { label: 'first picture', recipe: { rows: ['oklch(80% 0.13 75);40;100'] } },
      { label: 'second picture', example: 'still-life.jpg' },
      { label: 'its own radii', example: 'still-life.jpg', recipe: { rows: ['oklch(80% 0.13 75);40;100'] } },
      {
        label: 'the first’s radii',
        example: 'still-life.jpg',
        reference: 'lake.jpg',
        recipe: { rows: ['oklch(80% 0.13 75);40;100'] },
      },
    ],
  },
  {
    name: 'cookbook-flat',
    example: 'flat-art.png',
    across: 2,
    panels: [original, of('one color changed', '#f2a33c -> #d6336c;~0.03;200')],
  },
  {
    name: 'cookbook-skin',
    example: 'portrait.png',
    across: 3,
    panels: [
      original,
      of('look', 'oklch(55% 0.12 230);100;115'),
      of('look, skin kept', 'oklch(55% 0.12 230);100;115', 'keep #cf957a;~0.12;100'),
    ],
  },
  {
    name: 'cookbook-variants',
    example: 'still-life.jpg',
    across: 4,
    panels: VARIANTS.map(([name, color]) => of(name, `#3a60a8 -> ${color};auto;100`)),
  },
  {
    name: 'from-imgcolorshine',
    example: 'lake.jpg',
    across: 3,
    panels: [
      original,
      { label: 'weights above 1', recipe: { rows: FIVE, blend: 'oklab' }, isUnbounded: true },
      { label: 'Colorshine', recipe: { rows: FIVE, blend: 'oklab' } },
    ],
  },
];
