import { mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildLut, createJsBackend, type LutRequest, type Plan } from '../../../src/index.js';
import { cacheFolder } from '../../../src/node/cache-folder.js';
import { createLutCache, type LutCache } from '../../../src/node/lut-cache.js';
import { encodeEntry } from '../../../src/node/lut-cache-file.js';
import { keyOf, keyParts } from '../../../src/node/lut-cache-key.js';
import { planOf } from '../../support/cases.js';
import { leftovers, makeTempFolder } from '../../support/temp-folder.js';

const backend = createJsBackend();
let folder: string;

beforeEach(async () => {
  folder = join(await makeTempFolder(), 'luts');
});

const request = (plan: Plan, size = 9): LutRequest => ({ plan, size, backend: 'js', precision: 'float' });
const TEAL = planOf({ rows: ['teal;50;70', 'orange;40;60'] });

/** Fetches from a cache without a memory, as another process would. */
async function fetch(wanted: LutRequest, cache: LutCache = createLutCache({ folder })) {
  const build = vi.fn(() => buildLut(wanted.plan, wanted.size, backend));
  const found = await cache.fetch(wanted, build);
  return { ...found, built: build.mock.calls.length };
}

const entryPath = async (): Promise<string> => join(folder, (await readdir(folder))[0] as string);

describe('hits', () => {
  it('give the same table, bit for bit, without building', async () => {
    const first = await fetch(request(TEAL));
    const second = await fetch(request(TEAL));
    expect([first.hit, first.built, second.hit, second.built]).toEqual([false, 1, true, 0]);
    expect(second.lut).toEqual(first.lut);
    expect(second.explanation).toMatch(/^entry [0-9a-f]{8}$/);
  });

  it('do not depend on the order of rows, on idle ones, or on how a color is written', async () => {
    await fetch(request(TEAL));
    const [teal, orange] = TEAL.rows as [Plan['rows'][0], Plan['rows'][0]];
    const idle = { ...teal, color: 'red', strength: 0 };
    const plan = { ...TEAL, rows: [orange, idle, { ...teal, color: '#008080' }], pixels: 5 };
    expect(await fetch(request(plan))).toMatchObject({ hit: true, built: 0 });
  });

  it('come from memory the second time in one process', async () => {
    const cache = createLutCache({ folder });
    await fetch(request(TEAL), cache);
    expect(await fetch(request(TEAL), cache)).toMatchObject({
      hit: true,
      explanation: expect.stringMatching(/memory/),
    });
  });

  it('keep apart tables that a backend without floats made', async () => {
    await fetch(request(TEAL));
    const found = await fetch({ ...request(TEAL), precision: '8-bit', backend: 'webgpu' });
    expect(found).toMatchObject({ hit: false, explanation: expect.stringContaining('backend webgpu instead of any') });
  });
});

describe('misses are explained by the nearest entry', () => {
  const [teal, orange] = TEAL.rows as [Plan['rows'][0], Plan['rows'][0]];
  const withTeal = (change: Partial<Plan['rows'][0]>): Plan => ({
    ...TEAL,
    rows: [{ ...teal, ...change }, orange],
  });
  it.each([
    ['strength 75 instead of 70 (teal)', request(withTeal({ strength: 75 }))],
    ['reach 60 instead of 50 (teal)', request(withTeal({ tolerance: 60, radius: teal.radius * 1.1 }))],
    ['(teal, measured on other pixels)', request(withTeal({ radius: teal.radius * 1.1 }))],
    [
      `radius ${(teal.radius + 2e-7).toFixed(7)} instead of ${teal.radius.toFixed(7)} (teal`,
      request(withTeal({ radius: Number((teal.radius + 2e-7).toFixed(12)) })),
    ],
    ['size 17 instead of 9', request(TEAL, 17)],
    ['hue off instead of on', request({ ...TEAL, channels: { ...TEAL.channels, hue: false } })],
    ['gamut display-p3 instead of srgb', request({ ...TEAL, gamut: 'display-p3' })],
    ['row orange left out', request({ ...TEAL, rows: [teal] })],
    ['color red instead of teal', request(withTeal({ color: 'red', oklab: [0.6, 0.2, 0.1] }))],
  ])('%s', async (phrase, wanted) => {
    expect((await fetch(request(TEAL))).explanation).toBe('the cache is empty');
    await fetch(request(planOf({ rows: ['red;10;10', 'blue;20;30', 'lime;30;20'] })));
    const { hit, explanation } = await fetch(wanted);
    expect(hit).toBe(false);
    expect(explanation).toMatch(/^against the nearest entry: /);
    expect(explanation).toContain(phrase);
    expect(explanation.split('; ')[0]?.split(', ').length).toBeLessThanOrEqual(2);
  });
});

describe('a damaged entry is deleted and built again', () => {
  const change = (edit: (bytes: Buffer) => Buffer) => async (path: string) =>
    writeFile(path, edit(await readFile(path)));
  const flip = (at: number) => (bytes: Buffer) => {
    const offset = at < 0 ? bytes.length + at : at;
    bytes[offset] = (bytes[offset] as number) ^ 1;
    return bytes;
  };
  it.each([
    ['magic', change(flip(0))],
    ['version', change(flip(8))],
    ['header length', change(flip(12))],
    ['payload length', change(flip(16))],
    ['key', change(flip(20))],
    ['checksum', change(flip(52))],
    ['header', change(flip(90))],
    ['a node', change(flip(-2))],
    ['truncated', change((bytes) => bytes.subarray(0, bytes.length - 4))],
    ['longer', change((bytes) => Buffer.concat([bytes, Buffer.alloc(4)]))],
    ['empty', change(() => Buffer.alloc(0))],
  ])('%s', async (_name, damage) => {
    const { lut } = await fetch(request(TEAL));
    const path = await entryPath();
    const intact = await readFile(path);
    await damage(path);
    const again = await fetch(request(TEAL));
    expect(again).toMatchObject({ hit: false, built: 1, explanation: expect.stringContaining('damaged') });
    expect(again.lut).toEqual(lut);
    expect(await readFile(path)).toEqual(intact);
    expect(await fetch(request(TEAL))).toMatchObject({ hit: true });
  });

  it.each([
    ['center', 5],
    ['oklab', ['x', 'y', 'z']],
    ['radius', null],
  ])("a forged one is nobody's neighbor: a row whose %s is %j", async (name, value) => {
    const parts = keyParts(request(TEAL));
    const rows = parts.rows.map((row) => ({ ...row, [name]: value }));
    await mkdir(folder);
    const forged = encodeEntry(keyOf(parts), { ...parts, rows } as typeof parts, new Float32Array(3));
    await writeFile(join(folder, `${'0'.repeat(64)}.lut`), forged);
    expect(await fetch(request(TEAL))).toMatchObject({ hit: false, built: 1, explanation: 'no entry is like it' });
  });

  it('one that another key wrote, renamed', async () => {
    await fetch(request(TEAL, 17));
    const other = await entryPath();
    await fetch(request(TEAL));
    const own = (await readdir(folder)).map((name) => join(folder, name)).find((path) => path !== other) as string;
    await rename(other, own);
    expect(await fetch(request(TEAL))).toMatchObject({ hit: false, built: 1 });
  });

  it('a link, which could lead anywhere, and its target stays', async () => {
    await fetch(request(TEAL));
    const path = await entryPath();
    const target = join(folder, 'elsewhere');
    await rename(path, target);
    await symlink(target, path);
    expect(await fetch(request(TEAL))).toMatchObject({ hit: false, built: 1 });
    expect((await stat(target)).isFile()).toBe(true);
  });
});

describe('files', () => {
  it('are for the user alone, whole, and leave nothing beside them', async () => {
    await fetch(request(TEAL));
    expect((await stat(await entryPath())).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await leftovers(folder)).toEqual([]);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('are optional: a folder that cannot be made costs only the cache', async () => {
    await writeFile(join(folder, '..', 'file'), '');
    const cache = createLutCache({ folder: join(folder, '..', 'file', 'luts') });
    const found = await fetch(request(TEAL), cache);
    expect(found).toMatchObject({ hit: false, built: 1, explanation: expect.stringContaining('not kept: ') });
  });

  it('of strangers are left alone and not counted', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await fetch(request(TEAL));
    const cache = createLutCache({ folder });
    expect(await cache.list()).toHaveLength(1);
    expect(await cache.clear()).toMatchObject({ entries: 1 });
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });
});

describe('the bound', () => {
  it('drops what has gone unused for longest', async () => {
    const plans = [70, 80, 90].map((strength) => planOf({ rows: [`teal;50;${strength}`] }));
    const [a, b, c] = plans as [Plan, Plan, Plan];
    await fetch(request(a));
    const { size } = await stat(await entryPath());
    await fetch(request(b));
    for (const name of await readdir(folder)) await utimes(join(folder, name), 1000, 1000);
    expect(await fetch(request(a))).toMatchObject({ hit: true }); // used again: b is now the oldest
    await fetch(request(c), createLutCache({ folder, maxBytes: size * 2 + 100 }));
    expect(await createLutCache({ folder }).list()).toHaveLength(2);
    expect((await fetch(request(a))).hit).toBe(true);
    expect((await fetch(request(c))).hit).toBe(true);
    expect((await fetch(request(b))).hit).toBe(false);
  });

  it('keeps out what alone is larger', async () => {
    const found = await fetch(request(TEAL), createLutCache({ folder, maxBytes: 100 }));
    expect(found.explanation).toContain('larger than the cache');
    expect(await createLutCache({ folder }).list()).toEqual([]);
  });
});

it('lies where COLORSHINE_CACHE or XDG_CACHE_HOME say', () => {
  expect(cacheFolder({ COLORSHINE_CACHE: '/x/y', XDG_CACHE_HOME: '/z' })).toBe('/x/y');
  expect(cacheFolder({ XDG_CACHE_HOME: '/z' })).toBe('/z/colorshine');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache\/colorshine$/);
});
