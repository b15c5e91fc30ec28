import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, it, vi } from 'vitest';
import { createEngine, recolorFile } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Address space that is limited, as by `ulimit -v`, shows like this. */
function refuseMemory(): void {
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse() {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  });
}

it.each([
  ['png', false],
  ['jpeg', true],
] as const)('a large %s is written all the same', async (format, hasSameBytes) => {
  const folder = await makeTempFolder();
  const input = join(folder, 'in.png');
  const at = (name: string): string => join(folder, `${name}.${format}`);
  await writeFile(input, await toSharp(gradient(1600, 1400)).png().toBuffer());
  const engine = createEngine({ backend: 'js', threads: 1 });
  await recolorFile(input, at('before'), ['teal;50;70'], { engine });
  refuseMemory();
  await recolorFile(input, at('after'), ['teal;50;70'], { engine });
  engine.dispose();
  expect(WebAssembly.Memory).toHaveBeenCalled();
  const pixels = (name: string): Promise<Buffer> => sharp(at(name)).raw().toBuffer();
  expect((await pixels('after')).equals(await pixels('before'))).toBe(true);
  if (hasSameBytes) expect((await readFile(at('after'))).equals(await readFile(at('before')))).toBe(true);
});

it('auto goes on with js, and says why', async () => {
  const folder = await makeTempFolder();
  const input = join(folder, 'in.png');
  await writeFile(input, await toSharp(gradient(700, 600)).png().toBuffer());
  refuseMemory();
  const engine = createEngine();
  const { backend, backendReason } = await recolorFile(input, join(folder, 'out.png'), ['teal;50;70'], { engine });
  engine.dispose();
  expect({ backend, backendReason }).toEqual({
    backend: 'js',
    backendReason: expect.stringMatching(/wasm: not available: .*could not allocate memory/),
  });
});
