/**
 * Writes schema/recipe-1, plan-1 and config-1.schema.json from the ranges and limits that the readers use.
 * Run: npm run schemas
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_CHANNELS,
  MAX_COLOR_LENGTH,
  MAX_ROWS,
  OKLAB_RANGE,
  STRENGTH_RANGE,
  TOLERANCE_RANGE,
} from '../src/core/options.js';
import { RECIPE_VERSION } from '../src/core/recipe.js';
import { CONFIG_VERSION } from '../src/node/build/config-shape.js';
import { makeConfigSchema } from './make-config-schema.js';
import { closedObject, type Schema, within } from './schema-parts.js';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

const listOfAttractors = (items: Schema): Schema => ({ type: 'array', minItems: 1, maxItems: MAX_ROWS, items });

const attractorProperties: Readonly<Record<string, Schema>> = {
  color: {
    description: 'Any CSS Color 4 color. Its alpha is ignored.',
    type: 'string',
    minLength: 1,
    maxLength: MAX_COLOR_LENGTH,
  },
  tolerance: {
    description: "Percent of the image's pixels that lie within reach.",
    type: 'number',
    ...within(TOLERANCE_RANGE),
  },
  strength: {
    description:
      'Up to 100 scales the pull, above 100 flattens its falloff; at 200 every pixel in reach takes the color.',
    type: 'number',
    ...within(STRENGTH_RANGE),
  },
  enabled: {
    description: 'False keeps the attractor in the recipe but out of the image.',
    type: 'boolean',
    default: true,
  },
};
const attractorRequired = ['color', 'tolerance', 'strength'];

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

const fileKeys: Readonly<Record<string, Schema>> = {
  $schema: { description: 'Where this schema lies, for editors.' },
  version: { const: RECIPE_VERSION },
};

/** JSON Schema of what `parseRecipe` reads. It cannot say which color strings are colors; the reader does. */
export const RECIPE_SCHEMA: Schema = {
  $schema: DRAFT,
  $id: `urn:colorshine:recipe:${RECIPE_VERSION}`,
  title: 'Colorshine recipe',
  description: 'Color attractors and channel switches, independent of any image.',
  ...closedObject(
    {
      ...fileKeys,
      name: { type: 'string' },
      attractors: listOfAttractors({
        anyOf: [
          {
            description: 'color;tolerance;strength, such as "blue;50;70".',
            type: 'string',
            pattern: '^[^;]+;[^;]+;[^;]+$',
          },
          closedObject(attractorProperties, attractorRequired),
        ],
      }),
      channels,
    },
    ['version', 'attractors'],
  ),
};

/** JSON Schema of what `parsePlan` reads. */
export const PLAN_SCHEMA: Schema = {
  $schema: DRAFT,
  $id: `urn:colorshine:plan:${RECIPE_VERSION}`,
  title: 'Colorshine plan',
  description: 'A recipe with its radii frozen for one image, one batch or one reference.',
  ...closedObject(
    {
      ...fileKeys,
      gamut: { enum: ['srgb', 'display-p3'] },
      channels,
      attractors: listOfAttractors(
        closedObject(
          {
            ...attractorProperties,
            oklab: {
              description: 'Oklab L (0 to 1), a, b of the target.',
              type: 'array',
              items: { type: 'number', minimum: OKLAB_RANGE.min, maximum: OKLAB_RANGE.max },
              minItems: 3,
              maxItems: 3,
            },
            powerlessHue: { description: 'True when the target casts no hue vote.', type: 'boolean' },
            radius: {
              description: 'Oklab distance within which the attractor acts; 0 when it does nothing.',
              type: 'number',
              minimum: 0,
            },
            share: {
              description: 'Share of the analyzed visible pixels within the radius, 0 to 1.',
              type: 'number',
              minimum: 0,
            },
          },
          [...attractorRequired, 'oklab', 'powerlessHue', 'radius', 'share'],
        ),
      ),
      pixels: { description: 'Visible pixels that the radii were measured on.', type: 'number', minimum: 0 },
    },
    ['version', 'gamut', 'attractors', 'pixels'],
  ),
};

/** JSON Schema of colorshine.config.json. */
export const CONFIG_SCHEMA = makeConfigSchema(DRAFT, RECIPE_SCHEMA);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync('schema', { recursive: true });
  const schemas = {
    [`recipe-${RECIPE_VERSION}`]: RECIPE_SCHEMA,
    [`plan-${RECIPE_VERSION}`]: PLAN_SCHEMA,
    [`config-${CONFIG_VERSION}`]: CONFIG_SCHEMA,
  };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(`schema/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
}
