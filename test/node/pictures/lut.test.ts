/** Tables see numbers, whatever profiles say of them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeIccProfile, profileOf } from '../../../src/codec/make-icc.js';
import { applyLutFile, prepareLut, readLutFile } from '../../../src/node/index.js';
import { gradient, toSharp } from '../../support/images.js';
import { withProfile } from '../../support/png-parts.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const WHITE = [0.3127, 0.329] as const;
const ADOBE = makeIccProfile({ chromaticities: [0.64, 0.33, 0.21, 0.71, 0.15, 0.06, ...WHITE], transfer: 2.2 }, 'wide');
const NARROW = makeIccProfile({ chromaticities: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...WHITE], transfer: 1.8 }, 'dark');
const PROFILES = [
  ['none', undefined],
  ['Adobe RGB', ADOBE],
  ['Display P3', profileOf('display-p3')],
  ['a dark one', NARROW],
] as const;

/** The identity of 16 nodes, as a picture. */
function hald(): Buffer {
  const data = Buffer.alloc(64 * 64 * 3);
  for (let i = 0; i < 4096; i++) data.set([(i & 15) * 17, ((i >> 4) & 15) * 17, (i >> 8) * 17], i * 3);
  return data;
}

function tagged(png: Buffer, icc: Uint8Array | undefined): Buffer {
  return icc ? withProfile(png, icc) : png;
}

async function apply(table: Buffer, picture: Buffer): Promise<{ made: Buffer; notices: readonly string[] }> {
  const folder = await makeTempFolder();
  const at = (name: string): string => join(folder, name);
  await writeFile(at('table'), table);
  await writeFile(at('in.png'), picture);
  const prepared = prepareLut((await readLutFile(at('table'))).lut, 'tetrahedral', { threads: 1 });
  const { notices } = await applyLutFile(at('in.png'), at('out.png'), prepared);
  prepared.dispose();
  return { made: await readFile(at('out.png')), notices };
}

const numbersOf = (file: Buffer): Promise<Buffer> => sharp(file).keepIccProfile().raw().toBuffer();
const picture = await toSharp(gradient(40, 30)).png().toBuffer();

describe.each(PROFILES)('with the profile: %s', (_, icc) => {
  it('a Hald image keeps its numbers', async () => {
    const plain = await sharp(hald(), { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const { made } = await apply(tagged(plain, icc), picture);
    expect((await numbersOf(made)).equals(await numbersOf(picture))).toBe(true);
  });

  it('a picture keeps its numbers and its profile', async () => {
    const rows = '0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n';
    const { made, notices } = await apply(Buffer.from(`LUT_3D_SIZE 2\n${rows}`), tagged(picture, icc));
    expect((await numbersOf(made)).equals(await numbersOf(picture))).toBe(true);
    const kept = (await sharp(made).metadata()).icc;
    expect(kept === undefined ? undefined : Buffer.from(kept).equals(icc as Uint8Array)).toBe(icc && true);
    expect(notices).toEqual([]);
  });
});
