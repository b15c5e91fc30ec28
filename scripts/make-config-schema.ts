/** The JSON Schema of colorshine.config.json, from the lists and ranges that its reader uses. */

import { FILE_WORD } from '../src/node/build/config-checks.js';
import { CONFIG_VERSION, DEFAULT_THEME, FULL_SIZE, PLACEHOLDERS, SAME_FORMAT } from '../src/node/build/config-shape.js';
import { SIZE_RANGE } from '../src/node/build/job.js';
import { FORMAT_WORDS, OUTPUT_EXTENSIONS, QUALITY_RANGE } from '../src/node/image/format-names.js';
import { FAIL_ON, PROFILES } from '../src/node/image/reading-options.js';
import { closedObject, NON_EMPTY_TEXT, type Schema, textOrList, within } from './schema-parts.js';

const text = (description: string): Schema => ({ description, ...NON_EMPTY_TEXT });
const side: Schema = { type: 'integer', ...within(SIZE_RANGE) };
const quality: Schema = { type: 'integer', ...within(QUALITY_RANGE) };
const fileWord = (description: string): Schema => ({ description, type: 'string', pattern: FILE_WORD.source });

const requires = (key: string): Schema => ({ required: [key], properties: { [key]: true } });

/** @param recipeSchemas of recipe files, by version; inline ones need no version, and are read as the newest unless they give one */
export function makeConfigSchema(draft: string, recipeSchemas: readonly Schema[]): Schema {
  const inline = recipeSchemas.map(({ $schema: _, $id: __, required, ...recipe }) => ({
    ...recipe,
    required: (required as string[]).filter((key) => key !== 'version'),
  }));
  const rows = (inline.at(-1) as unknown as { properties: { rows: Schema } }).properties.rows;
  const recipeSource: Schema = { $ref: '#/$defs/recipe' };
  const anyRecipe: Schema = {
    description: 'A recipe or plan file, a recipe, or a list of rows. Colors may be {token.path}.',
    anyOf: [NON_EMPTY_TEXT, ...inline, rows],
  };
  const format: Schema = {
    description: `"${SAME_FORMAT}" is the input's own.`,
    enum: [...FORMAT_WORDS, SAME_FORMAT],
  };
  const buildProperties: Readonly<Record<string, Schema>> = {
    inputs: textOrList('Images: paths and globs from this file’s folder; "!" in front leaves out.'),
    recipe: recipeSource,
    tokens: textOrList('Design token files; later ones override earlier ones.'),
    themes: {
      description: 'One set of outputs for each: a theme or mode of the tokens, or a recipe of its own.',
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          NON_EMPTY_TEXT,
          closedObject(
            {
              name: fileWord('As it stands in file names.'),
              theme: text('A theme or mode of the tokens, or several joined by commas.'),
              recipe: recipeSource,
            },
            ['name'],
          ),
        ],
      },
    },
    formats: { anyOf: [format, { type: 'array', minItems: 1, uniqueItems: true, items: format }] },
    sizes: {
      description: 'Widths in pixels or boxes; images are never enlarged.',
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          side,
          { description: 'As large as the input.', const: FULL_SIZE },
          {
            ...closedObject({ name: fileWord('As it stands in file names.'), width: side, height: side }),
            anyOf: [requires('width'), requires('height')],
          },
        ],
      },
    },
    quality: {
      description: 'Of lossy formats: one for all, or by format.',
      anyOf: [quality, closedObject(Object.fromEntries(Object.keys(OUTPUT_EXTENSIONS).map((name) => [name, quality])))],
    },
    out: text(
      `Where outputs go, from this file’s folder. Placeholders: ${PLACEHOLDERS.map((word) => `{${word}}`).join(', ')}. Without themes {theme} is "${DEFAULT_THEME}".`,
    ),
    pooled: {
      description: 'Measures the radii on all inputs together, so that one plan serves them all.',
      type: 'boolean',
      default: false,
    },
    maxPixels: { description: 'Refuses larger images, all pages counted.', type: 'integer', minimum: 1 },
    failOn: { description: 'Which flaws of a file refuse it. Default: what is truncated or damaged.', enum: FAIL_ON },
    profile: {
      description: 'Color space to recolor and write in. Default: the file’s own, Display P3 for wider ones.',
      enum: PROFILES,
    },
    strip: { description: 'Leaves all metadata out, for the web.', type: 'boolean', default: false },
  };
  return {
    $schema: draft,
    $id: `urn:colorshine:config:${CONFIG_VERSION}`,
    title: 'Colorshine build',
    $defs: { recipe: anyRecipe },
    description: 'What colorshine build reads, how it recolors, what it writes.',
    ...closedObject({
      $schema: { description: 'Where this schema lies, for editors.' },
      version: { const: CONFIG_VERSION },
      root: text('Folder, from this file’s, that holds all inputs and outputs. Default: this file’s folder.'),
      manifest: text('Path of the manifest. Default: colorshine-manifest.json beside the outputs.'),
      snippets: {
        description: 'HTML and CSS to paste or include, with prefers-color-scheme.',
        ...closedObject({
          picture: text('Path of an HTML file with a <picture> for each image.'),
          css: text('Path of a CSS file with a custom property for each image.'),
          light: text('Theme for light screens. Default: light, else the first.'),
          dark: text('Theme for dark screens. Default: dark, else the second.'),
          base: { description: 'Put before every path. Default: paths from the snippet’s file.', type: 'string' },
          alt: {
            description: 'alt text by source path.',
            type: 'object',
            additionalProperties: { type: 'string' },
          },
          sizes: text('The sizes attribute. Default: 100vw.'),
        }),
        anyOf: [requires('picture'), requires('css')],
      },
      ...buildProperties,
      builds: {
        description: 'Several builds; keys beside this list hold for each that has none of its own.',
        type: 'array',
        minItems: 1,
        items: closedObject({ name: fileWord('What {build} stands for.'), ...buildProperties }),
      },
    }),
  };
}
