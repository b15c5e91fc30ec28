/**
 * Writes the schemas of recipes, plans (each version) and colorshine.config.json from the ranges and limits that the readers use.
 * Run: npm run schemas
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  BLENDS,
  DEFAULT_CHANNELS,
  MAX_COLOR_LENGTH,
  MAX_ROWS,
  OKLAB_RANGE,
  REACH_RANGE,
  STRENGTH_RANGE,
  TOLERANCE_RANGE,
} from '../src/core/options.js';
import { RECIPE_VERSION } from '../src/core/version.js';
import { CONFIG_VERSION } from '../src/node/build/config-shape.js';
import { makeConfigSchema } from './make-config-schema.js';
import { closedObject, type Schema, within } from './schema-parts.js';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

const listOfRows = (items: Schema): Schema => ({ type: 'array', minItems: 1, maxItems: MAX_ROWS, items });

const color: Schema = { type: 'string', minLength: 1, maxLength: MAX_COLOR_LENGTH };
const firstRowProperties: Readonly<Record<string, Schema>> = {
  color: { description: 'Any CSS Color 4 color. Its alpha is ignored.', ...color },
  tolerance: {
    description: "Percent of the image's pixels that lie within reach.",
    type: 'number',
    ...within(TOLERANCE_RANGE),
  },
  strength: {
    description: 'Up to 100 scales the influence, above 100 flattens its falloff; at 200 it is full to the radius.',
    type: 'number',
    ...within(STRENGTH_RANGE),
  },
  enabled: {
    description: 'False keeps the row in the recipe but out of the image.',
    type: 'boolean',
    default: true,
  },
};
const rowProperties: Readonly<Record<string, Schema>> = {
  ...firstRowProperties,
  from: { description: 'The color of the surface that is repainted in `color`, light and shade kept.', ...color },
  keep: { description: 'True: surfaces of `color` stay as they are.', type: 'boolean' },
  reach: {
    description: 'In place of a tolerance: a distance in Oklab, whatever the image, or auto: the image suggests one.',
    anyOf: [{ type: 'number', ...within(REACH_RANGE) }, { const: 'auto' }],
  },
};
/** What holds among the keys of a row. */
const rowRules: Schema = {
  oneOf: [
    { required: ['tolerance'], properties: { tolerance: true } },
    { required: ['reach'], properties: { reach: true } },
  ],
  not: {
    anyOf: [
      { required: ['from', 'keep'], properties: { from: true, keep: { const: true } } },
      // An attractor's reach is no surface.
      {
        required: ['reach'],
        properties: { reach: { const: 'auto' }, from: false, keep: { const: false } },
      },
    ],
  },
};

/** What the versions of the formats differ in. */
interface Version {
  readonly version: 1 | typeof RECIPE_VERSION;
  readonly key: string;
  /** A row in a recipe, and in a plan with further keys. */
  readonly row: (further?: Readonly<Record<string, Schema>>, required?: readonly string[]) => Schema;
  /** Further keys of a recipe and a plan. */
  readonly head: Readonly<Record<string, Schema>>;
  readonly text: string;
}
const VERSIONS: readonly Version[] = [
  {
    version: 1,
    key: 'attractors',
    row: (further = {}, required = []) =>
      closedObject({ ...firstRowProperties, ...further }, ['color', 'tolerance', 'strength', ...required]),
    head: {},
    text: 'color;tolerance;strength, such as "blue;50;70".',
  },
  {
    version: RECIPE_VERSION,
    key: 'rows',
    row: (further = {}, required = []) => ({
      ...closedObject({ ...rowProperties, ...further }, ['color', 'strength', ...required]),
      ...rowRules,
    }),
    head: { blend: { description: 'How attractors blend.', enum: [...BLENDS], default: BLENDS[0] } },
    text: 'color;reach;strength, such as "blue;50;70", "blue -> teal;40;100" or "keep pink;~0.1;100".',
  },
];

const channelNames = Object.keys(DEFAULT_CHANNELS);
const channels: Schema = {
  description: 'Which OKLCH channels may move. At least one is on.',
  ...closedObject(
    Object.fromEntries(Object.entries(DEFAULT_CHANNELS).map(([name, on]) => [name, { type: 'boolean', default: on }])),
    [],
  ),
  not: {
    required: channelNames,
    properties: Object.fromEntries(channelNames.map((name) => [name, { const: false }])),
  },
};

const fileKeys = (version: number): Readonly<Record<string, Schema>> => ({
  $schema: { description: 'Where this schema lies, for editors.' },
  version: { const: version },
});

/** JSON Schemas of what `parseRecipe` reads, by version. They cannot say which color strings are colors; the reader does. */
export const RECIPE_SCHEMAS = VERSIONS.map(
  ({ version, key, row, head, text }): Schema => ({
    $schema: DRAFT,
    $id: `urn:colorshine:recipe:${version}`,
    title: 'Colorshine recipe',
    description: 'What to recolor, and which channels may move, independent of any image.',
    ...closedObject(
      {
        ...fileKeys(version),
        name: { type: 'string' },
        [key]: listOfRows({
          anyOf: [{ description: text, type: 'string', pattern: '^[^;]+;[^;]+;[^;]+$' }, row()],
        }),
        channels,
        ...head,
      },
      ['version', key],
    ),
  }),
);

const oklab = (description: string): Schema => ({
  description,
  type: 'array',
  items: { type: 'number', minimum: OKLAB_RANGE.min, maximum: OKLAB_RANGE.max },
  minItems: 3,
  maxItems: 3,
});
const measured: Readonly<Record<string, Schema>> = {
  oklab: oklab('Oklab L (0 to 1), a, b of the color.'),
  powerlessHue: { description: 'True when the color casts no hue vote.', type: 'boolean' },
  radius: { description: 'Distance within which the row acts; 0 when it does nothing.', type: 'number', minimum: 0 },
  share: {
    description: 'Share of the analyzed visible pixels within the radius, 0 to 1.',
    type: 'number',
    minimum: 0,
  },
};
const ofPlanRow = {
  1: measured,
  2: { ...measured, center: oklab('Oklab of `from`; on repaint rows alone.') },
};

/** JSON Schemas of what `parsePlan` reads, by version. */
export const PLAN_SCHEMAS = VERSIONS.map(
  ({ version, key, row, head }): Schema => ({
    $schema: DRAFT,
    $id: `urn:colorshine:plan:${version}`,
    title: 'Colorshine plan',
    description: 'A recipe with its radii frozen for one image, one batch or one reference.',
    ...closedObject(
      {
        ...fileKeys(version),
        gamut: { enum: ['srgb', 'display-p3'] },
        channels,
        ...head,
        [key]: listOfRows(planRow(row(ofPlanRow[version], ['oklab', 'powerlessHue', 'radius']), version)),
        pixels: { description: 'Visible pixels that the radii were measured on.', type: 'number', minimum: 0 },
      },
      ['version', 'gamut', key, 'pixels'],
    ),
  }),
);

/** In version 2 a repaint row has a center, and no other has one that counts. */
function planRow(row: Schema, version: number): Schema {
  return version === 1 ? row : { ...row, dependentRequired: { from: ['center'] } };
}

/** JSON Schema of colorshine.config.json. */
export const CONFIG_SCHEMA = makeConfigSchema(DRAFT, RECIPE_SCHEMAS);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync('schema', { recursive: true });
  const schemas = {
    ...Object.fromEntries(
      VERSIONS.flatMap(({ version }, i) => [
        [`recipe-${version}`, RECIPE_SCHEMAS[i]],
        [`plan-${version}`, PLAN_SCHEMAS[i]],
      ]),
    ),
    [`config-${CONFIG_VERSION}`]: CONFIG_SCHEMA,
  };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(`schema/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
}
