/** Readers of the window and the plugin: messages between their halves, what is stored, links, and what is pasted. */

import { DEFAULT_CHANNELS, makeRecipe } from '../../../src/core/index.js';
import type { Recipe } from '../../../src/core/types.js';
import type { RequestName } from '../../../src/protocol/messages.js';
import { createClient, type Handlers, RPC_TAG, serve } from '../../../src/protocol/rpc.js';
import type { Json } from '../../../src/protocol/schema.js';
import type { Host } from '../../../ui/host.js';
import { createDraft } from '../../../ui/state/draft.js';
import { createLibrary } from '../../../ui/state/library.js';
import { recipeFromText } from '../../../ui/state/recipe-text.js';
import { readSettings } from '../../../ui/state/settings.js';
import { linkTo, recipeFromLink } from '../../../ui/state/share-link.js';
import { formatVariables } from '../../../ui/state/variables-file.js';
import { expectThat, jsonOf, type Reader, readsAnything } from './reader.js';
import { RECIPE } from './samples.js';

/** By its name only: the plugin's types are not those of this place. */
const MEMORY: string = '../../../src/figma/memory.js';
const TOKENS = { 'brand.teal': 'teal' };
const REPORT = {
  layers: 2,
  styles: 0,
  images: 1,
  colors: 3,
  bound: 1,
  skipped: [{ layer: 'Hero', layerId: '1:2', reason: 'gif' }],
};
const COLOR = { rgb: { r: 0, g: 0.5, b: 0.5 }, source: { kind: 'css' } };

const REQUESTS: readonly (readonly [RequestName, Json | object])[] = [
  ['selection.get', { scope: 'page' }],
  ['image.bytes', { hash: 'abc' }],
  [
    'job.begin',
    {
      hashes: ['abc'],
      recipe: RECIPE,
      tokens: TOKENS,
      includeStyles: true,
      withColors: true,
      placement: 'above',
      revision: 3,
    },
  ],
  [
    'job.paint',
    {
      jobId: 'j',
      colors: [{ from: 1, to: 2, exact: { rgb: { r: 0, g: 0, b: 1 }, oklch: { l: 0.5, c: 0.1, h: 200 } } }],
      bind: { variableIds: ['V:1'], tolerance: 2 },
    },
  ],
  ['job.skip', { jobId: 'j', hash: 'abc', reason: 'failed', detail: 'x' }],
  ['storage.set', { key: 'draft', value: { recipe: RECIPE } }],
  ['library.import', { keys: ['k'] }],
  ['window.resize', { width: 320, height: 560 }],
  ['window.close', { message: 'done', error: false }],
];

const REPLIES: readonly (readonly [RequestName, object])[] = [
  [
    'session.start',
    { command: 'recolor', headless: false, parameters: { color: 'teal' }, colorProfile: 'srgb', editable: true },
  ],
  [
    'selection.get',
    {
      revision: 3,
      selected: 1,
      images: [
        {
          hash: 'abc',
          shown: ['abc'],
          width: 10,
          height: null,
          layers: [{ id: '1:2', name: 'Hero', where: 'fill' }],
          styleIds: [],
          recipe: RECIPE,
          tokens: TOKENS,
        },
      ],
      styles: [{ id: 'S:1', name: 'Brand', layers: 1, remote: false, hashes: ['abc'] }],
      skipped: REPORT.skipped,
      recolored: 0,
    },
  ],
  ['job.commit', REPORT],
  [
    'layers.census',
    {
      revision: 3,
      colors: [{ color: 255, area: 10.5 }],
      images: { abc: 100 },
      layers: 1,
      styles: [],
      recolored: 0,
      recipe: RECIPE,
    },
  ],
  [
    'colors.list',
    {
      collections: [
        {
          id: 'C:1',
          name: 'Colors',
          modes: [{ id: 'm', name: 'Light' }],
          defaultModeId: 'm',
          variables: [{ id: 'V:1', name: 'brand/teal', values: { m: 'color(srgb 0 0.5 0.5)' } }],
        },
      ],
      styles: [{ id: 'S:1', name: 'Teal', color: 'teal' }],
      selection: ['teal'],
    },
  ],
];

export const WINDOW_READERS: readonly Reader[] = [
  {
    kind: 'request',
    makeSeeds: () =>
      REQUESTS.map(([name, payload]) => JSON.stringify({ tag: RPC_TAG, kind: 'request', id: 1, name, payload })),
    async read(bytes) {
      const answers: { kind?: string; code?: string; message?: string }[] = [];
      const hear = await new Promise<(message: unknown) => void>((listening) => {
        const handlers = new Proxy({}, { get: () => () => ({}) }) as Handlers;
        serve(
          {
            post: (answer) => void answers.push(answer as object),
            subscribe(handler) {
              listening(handler);
              return () => {};
            },
          },
          handlers,
        );
      });
      hear(jsonOf(bytes));
      await new Promise(setImmediate);
      for (const { kind, code, message = '' } of answers) {
        expectThat(
          kind === 'reply' || code === 'BAD_MESSAGE' || code === 'UNKNOWN_REQUEST',
          `a coded answer, got ${code}: ${message}`,
        );
        expectThat(!message.includes('\n'), `one line, got ${message}`);
      }
    },
  },
  {
    kind: 'reply',
    makeSeeds: () => REPLIES.map(([name, payload]) => JSON.stringify({ name, payload })),
    async read(bytes) {
      const { name, payload } = (jsonOf(bytes) ?? {}) as { name?: RequestName; payload?: unknown };
      const known = REPLIES.find(([one]) => one === name)?.[0] ?? 'selection.get';
      const client = createClient({
        post: (request) =>
          queueMicrotask(() => hear({ tag: RPC_TAG, kind: 'reply', id: (request as { id: number }).id, payload })),
        subscribe(handler) {
          hear = handler;
          return () => {};
        },
      });
      const reply = await client.request(known, {});
      if (known === 'colors.list') formatVariables(reply as Parameters<typeof formatVariables>[0]);
    },
  },
  {
    kind: 'plugin data',
    makeSeeds: () => [
      JSON.stringify({
        version: 1,
        originals: { shown: 'abc' },
        colors: [{ at: 'fills/0', shown: COLOR, original: COLOR }],
        recipe: RECIPE,
        tokens: TOKENS,
      }),
    ],
    read: (bytes) =>
      readsAnything(async () => {
        const { readMemory } = await import(MEMORY);
        const { originals } = readMemory({ getPluginData: () => bytes.toString() });
        expectThat(
          Object.values(originals).every((hash) => typeof hash === 'string'),
          'hashes',
        );
      }),
  },
  {
    kind: 'storage',
    makeSeeds: () => [
      JSON.stringify([RECIPE]),
      JSON.stringify({ recipe: RECIPE, tokens: TOKENS }),
      JSON.stringify({ withColors: true, placement: 'above' }),
    ],
    read: (bytes) =>
      readsAnything(async () => {
        const value = (jsonOf(bytes) ?? null) as Json;
        const host = { readStorage: async () => value, writeStorage: async () => {} } as unknown as Host;
        const library = createLibrary(host);
        await library.load();
        for (const recipe of [...library.own.get(), ...library.recents.get()]) makeRecipe(recipe);
        await createDraft(host).read();
        await readSettings(host);
      }),
  },
  {
    kind: 'link',
    makeSeeds: () => [linkTo('', RECIPE)],
    read: (bytes) => again(recipeFromLink(bytes.toString())),
  },
  {
    kind: 'text of a link',
    makeSeeds: () => [JSON.stringify(RECIPE)],
    read: (bytes) => again(recipeFromLink(`#recipe=${bytes.toString('base64url')}`)),
  },
  {
    kind: 'pasted text',
    makeSeeds: () => [
      'teal;40;90\nnavy -> #8c2f4f;auto;100\nkeep #d8a58c;20;100',
      'npx colorshine shine photo.jpg "teal;40;90" "navy -> red;auto;100" --no-hue --blend oklab',
      JSON.stringify(RECIPE),
    ],
    read: (bytes) => again(recipeFromText(bytes.toString(), { channels: DEFAULT_CHANNELS, blend: 'oklch' })),
  },
];

let hear: (message: unknown) => void = () => {};

/** What was read can be given on. */
function again(recipe: Recipe | undefined): void {
  if (recipe) makeRecipe(recipe);
}
