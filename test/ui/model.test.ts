/** What comes in between: a Cancel while something is on its way, an undo, another window, a storage that is full. */
import { describe, expect, it } from 'vitest';
import { makeRecipe, type Recipe } from '../../src/index.js';
import type { Host, JobOptions } from '../../ui/host.js';
import { createDraft } from '../../ui/state/draft.js';
import { startHistory } from '../../ui/state/history.js';
import { createLibraries, libraryId } from '../../ui/state/libraries.js';
import { createLibrary } from '../../ui/state/library.js';
import { EMPTY_EDIT } from '../../ui/state/recipe-state.js';
import { CENSUS, fakeHost, fakeJob, openModel, SELECTION } from './fake-window.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = (): Promise<never> => new Promise(() => {});
/** A promise, and what fulfils it. */
function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('Apply', () => {
  it('can be canceled whatever it waits for: an image, its reach, a message on its way', async () => {
    const images = [{ hash: 'a' }, { hash: 'b' }] as never;
    const stuck: [string, Parameters<typeof openModel>][] = [
      ['image', [{ readImage: never }, {}]],
      ['put', [{ beginJob: async () => fakeJob({ put: never }) }, {}]],
      ['reach', [{}, { measure: never }]],
    ];
    for (const [name, parts] of stuck) {
      const { model } = openModel(...parts);
      model.selection.set({ ...SELECTION, images } as never);
      model.matching.choice.set(name === 'reach' ? 'first' : 'each');
      const applied = model.apply();
      await settle();
      expect(model.progress.get(), name).toBeDefined();
      model.cancel();
      await applied;
      expect(model.notice.get()?.text, name).toMatch(/^Canceled/);
    }
  });

  it('begins with what is selected, then measures: the first image of that, whatever is selected by then', async () => {
    const asked: string[] = [];
    const measured = later<readonly number[]>();
    const remembered: Recipe[] = [];
    const { model } = openModel(
      {
        async beginJob(hashes, { revision }: JobOptions) {
          asked.push(`begin ${hashes} of ${revision}`);
          return fakeJob({
            hashes,
            commit: async ({ recipe }) => {
              remembered.push(recipe);
              return { layers: 2, styles: 0, images: 2, skipped: [] };
            },
          });
        },
      },
      {
        measure(hash) {
          asked.push(`measure ${hash}`);
          return measured.promise;
        },
      },
    );
    model.matching.choice.set('first');
    model.selection.set({ ...SELECTION, revision: 3, images: [{ hash: 'a' }, { hash: 'b' }] } as never);
    const applied = model.apply();
    model.selection.set({ ...SELECTION, revision: 4, images: [{ hash: 'c' }, { hash: 'd' }] } as never);
    await settle();
    expect(asked).toEqual(['begin a,b of 3', 'measure a']);
    measured.resolve([0.25]);
    await applied;
    expect(remembered).toMatchObject([{ rows: [{ color: 'teal', reach: 0.25 }] }]);
  });

  it('goes on after a worker that was lost, once the plan of layers and images is built anew', async () => {
    const lost = Object.assign(new Error('worker: it has ended'), { code: 'WORKER_LOST' });
    const rebuilt = later<never[]>();
    const done: string[] = [];
    const { model } = openModel(
      {
        getLayerCensus: async () => ({ ...CENSUS, colors: [{ color: 255, area: 1 }] }),
        beginJob: async () => fakeJob({ hashes: ['a', 'b'], skip: async (...args) => void done.push(args.join()) }),
      },
      {
        pool: () => (done.length === 0 ? Promise.resolve([]) : rebuilt.promise),
        async transform() {
          if (done.push('transform') > 1) return { bytes: new Uint8Array(1), format: 'png' } as never;
          model.recover();
          throw lost;
        },
      },
    );
    await model.layers.refresh(SELECTION as never);
    model.layers.isOn.set(true);
    const applied = model.apply();
    await settle();
    expect(done).toEqual(['transform', 'a,failed,worker: it has ended']);
    rebuilt.resolve([]);
    await applied;
    expect(done.at(-1)).toBe('transform');
    expect(model.notice.get()?.text).toContain('Recolored 1 layer');
  });
});

describe('undo', () => {
  it('in the middle of a job is about the rows, and after a redo, too', async () => {
    const done: string[] = [];
    const stuck = later<Uint8Array>();
    let reads = 0;
    const { model } = openModel({
      undo: async () => void done.push('undo'),
      settleUndo: async () => void done.push('settle'),
      readImage: () => (reads++ === 0 ? Promise.resolve(new Uint8Array(1)) : stuck.promise),
    });
    await model.apply();
    const applied = model.apply();
    model.undo();
    expect(done).toEqual(['settle']);
    expect(model.history.get().present.rows).toEqual([]);
    stuck.resolve(new Uint8Array(1));
    await applied;
    model.redo();
    model.undo();
    expect(model.history.get().present.rows).toEqual([]);
    expect(done).toEqual(['settle', 'settle']);
  });

  it('stays the document’s after an edit that changes nothing', async () => {
    const done: string[] = [];
    const { model } = openModel({ undo: async () => void done.push('undo') });
    await model.apply();
    model.edit((edit) => edit);
    model.undo();
    expect(done).toEqual(['undo']);
  });
});

describe('the picture', () => {
  it('never shows rows that are gone: the reach of the first image came late', async () => {
    const measured = later<readonly number[]>();
    const shown: Recipe[] = [];
    const { model } = openModel(
      {},
      {
        measure: () => measured.promise,
        async preview(recipe) {
          shown.push(recipe);
          return { recipe } as never;
        },
      },
    );
    model.selection.set({ ...SELECTION, images: [{ hash: 'a' }, { hash: 'b' }] } as never);
    model.matching.choice.set('first');
    model.showImage('a');
    await settle();
    model.edit((edit) => ({ ...edit, rows: [] }));
    measured.resolve([0.1]);
    await settle();
    expect(shown).toEqual([]);
    expect(model.preview.get()).toBeUndefined();
  });

  it('of a scope that cannot be read stays what it was, and so does the scope', async () => {
    const { model } = openModel({
      async getSelection(scope) {
        if (scope === 'file') throw new Error('page "Archive": a network error');
        return SELECTION as never;
      },
    });
    model.setScope('page');
    await settle();
    model.setScope('file');
    await settle();
    expect(model.scope.get()).toBe('page');
    expect(model.notice.get()).toMatchObject({ text: 'page "Archive": a network error', isError: true });
  });
});

describe('colors of layers', () => {
  it('that cannot be read are none, not those of the selection before; measuring that fails ends', async () => {
    let isBroken = false;
    let pools = 0;
    const { model } = openModel(
      {
        async getLayerCensus(revision) {
          if (isBroken) throw new Error('in get_children: no');
          return { ...CENSUS, revision, colors: [{ color: 255, area: 1 }], images: { a: 1 } };
        },
      },
      {
        async pool() {
          if (++pools > 2) throw new Error('no memory');
          return ['a'];
        },
        count: async () => {},
      },
    );
    await model.layers.refresh(SELECTION as never);
    model.layers.isOn.set(true);
    await settle();
    expect(pools).toBe(3);
    expect([model.layers.isActive(), model.layers.measuring.get()]).toEqual([true, undefined]);
    isBroken = true;
    await expect(model.layers.refresh({ ...SELECTION, revision: 2 } as never)).rejects.toThrow('get_children');
    expect([model.layers.isActive(), model.layers.census.get()?.revision]).toEqual([false, 2]);
  });
});

describe('what is kept', () => {
  const recipe = makeRecipe(['teal;50;50']);

  it('a draft that found no room is stored by the next chance, and who closes waits for it', async () => {
    const writing = later<void>();
    let writes = 0;
    const host = fakeHost();
    const { writeStorage } = host;
    host.writeStorage = async (key, value) => {
      writes++;
      if (writes === 1) throw new Error('full');
      await writing.promise;
      await writeStorage(key, value);
    };
    const draft = createDraft(host);
    draft.keep({ recipe });
    await draft.flush();
    let isClosed = false;
    draft.keep({ recipe });
    const ends = [draft.flush(), draft.flush()].map(async (end) => {
      await end;
      isClosed = true;
    });
    await settle();
    expect(isClosed).toBe(false);
    writing.resolve();
    await Promise.all(ends);
    expect(host.stored.get('draft')).toEqual({ recipe });
    expect(writes).toBe(2);
  });

  it('a draft that is read slowly takes nothing away that was begun meanwhile', async () => {
    for (const isSlow of [false, true]) {
      const colors = later<never>();
      const host = fakeHost({ listColors: () => colors.promise });
      host.stored.set('draft', { recipe: makeRecipe(['{brand.a};20;80']), tokens: { 'brand.a': 'navy' } });
      const { model } = openModel({ ...host, getSelection: async () => ({ ...SELECTION, images: [] }) as never });
      model.history.set(startHistory(EMPTY_EDIT)); // as it was opened
      const started = model.start();
      await settle();
      if (isSlow) model.edit((edit) => ({ ...edit, name: 'mine' }));
      colors.resolve({ collections: [], styles: [], selection: null } as never);
      await started;
      const { name, rows } = model.history.get().present;
      expect([name, rows.map(({ color }) => color)]).toEqual(isSlow ? ['mine', []] : [undefined, ['navy']]);
    }
  });

  it('looks that two windows save at the same time are all there', async () => {
    const host = fakeHost();
    const [mine, other] = [createLibrary(host), createLibrary(host)];
    await Promise.all([mine.load(), other.load()]);
    await Promise.all([mine.save('one', recipe), mine.save('two', recipe)]);
    await other.save('three', recipe);
    await mine.rename('three', 'four');
    expect(mine.own.get().map(({ name }) => name)).toEqual(['four', 'two', 'one']);
    await expect(mine.rename('one', 'two')).rejects.toThrow('already a look');
    await other.remove('two');
    expect((host.stored.get('presets') as Recipe[]).map(({ name }) => name)).toEqual(['four', 'one']);
  });

  it('a library of any size is brought in, in parts that a message holds', async () => {
    const asked: number[] = [];
    const importVariables = async (keys: readonly string[]): Promise<string[]> => {
      asked.push(keys.length);
      return keys.map((key) => `id ${key}`);
    };
    const libraries = createLibraries(fakeHost({ importVariables }));
    const ids = Array.from({ length: 4500 }, (_, i) => libraryId(`${i}`));
    const found = await libraries.bringIn(['own', ...ids]);
    expect(asked).toEqual([2000, 2000, 500]);
    expect([found.length, found[0], found[4500]]).toEqual([4501, 'own', 'id 4499']);
  });

  it('is asked for again where it failed: colors of the file, libraries that a network kept away', async () => {
    let isDown = true;
    const host: Partial<Host> = {
      async listColors() {
        if (isDown) throw new Error('not now');
        return { collections: [], styles: [], selection: null };
      },
      listLibraries: async () => (isDown ? [] : [{ key: 'k', name: 'Colors', library: 'Brand' }]),
    };
    const { model } = openModel(host);
    await expect(model.design.load()).rejects.toThrow('not now');
    const libraries = createLibraries(fakeHost(host));
    await libraries.load();
    isDown = false;
    await model.design.load();
    await libraries.load();
    expect(libraries.list().map(({ name }) => name)).toEqual(['Brand: Colors']);
  });
});
