import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { DISPLAY_P3 } from '../../src/codec/color-space.js';
import { readFileColor } from '../../src/codec/file-color.js';
import { makeIccProfile, profileOf } from '../../src/codec/make-icc.js';
import { profileBytes } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

/** Adobe RGB (1998), ProPhoto and Rec. 2020: red, green, blue, white. */
const ADOBE = [0.64, 0.33, 0.21, 0.71, 0.15, 0.06, 0.3127, 0.329];
const PROPHOTO = [0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001, 0.3457, 0.3585];
const REC_2020 = [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329];
const REC_709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329];

describe('readFileColor', () => {
  it('tells profiles by their numbers, and which of them are wide', async () => {
    expect(readFileColor({ icc: await profileBytes('srgb') })).toMatchObject({ gamut: 'srgb', isWide: false });
    expect(readFileColor({ icc: await profileBytes('p3') })).toMatchObject({ gamut: 'display-p3' });
    for (const chromaticities of [ADOBE, PROPHOTO, REC_2020]) {
      const icc = makeIccProfile({ chromaticities, transfer: 2.2 }, 'wide');
      expect(readFileColor({ icc })).toMatchObject({ gamut: 'other', isWide: true });
    }
    const narrow = makeIccProfile({ chromaticities: REC_709, transfer: 1.8 }, 'narrow');
    expect(readFileColor({ icc: narrow })).toMatchObject({ gamut: 'other', isWide: false });
    expect(readFileColor({ icc: new Uint8Array(200) })).toMatchObject({ gamut: 'other', isWide: false });
  });

  it.each([
    ['sRGB', 1, 13, { gamut: 'srgb' }],
    ['video', 1, 1, { gamut: 'srgb' }],
    ['nothing said', 2, 2, { gamut: 'srgb' }],
    ['Display P3', 12, 13, { gamut: 'display-p3' }],
    ['Rec. 2020', 9, 13, { gamut: 'other', isWide: true }],
    ['linear', 1, 8, { gamut: 'other', isWide: false }],
    ['PQ', 9, 16, { hdr: 'PQ' }],
    ['HLG', 9, 18, { hdr: 'HLG' }],
  ] as const)('reads the code points of %s', (_, primaries, transfer, expected) => {
    expect(readFileColor({ cicp: { primaries, transfer } })).toMatchObject(expected);
    expect(readFileColor({ nclx: { primaries, transfer } })).toMatchObject(expected);
  });

  it('reads gAMA and cHRM', () => {
    const p3 = [0.3127, 0.329, ...DISPLAY_P3.chromaticities.slice(0, 6)];
    expect(readFileColor({ gamma: 1 / 0.45455 })).toMatchObject({ gamut: 'srgb' });
    expect(readFileColor({ gamma: 1 / 0.45455, chromaticities: p3 })).toMatchObject({ gamut: 'display-p3' });
    expect(readFileColor({ gamma: 1 })).toMatchObject({ gamut: 'other', isWide: false });
    expect(readFileColor({ isSrgb: true, gamma: 1 })).toMatchObject({ gamut: 'srgb' });
    for (const chromaticities of [Array(8).fill(0), Array(8).fill(0.3), Array(8).fill(40_000)]) {
      expect(readFileColor({ gamma: 0, chromaticities })).toMatchObject({ gamut: 'srgb' });
    }
  });

  it('goes by each format’s order', async () => {
    const icc = await profileBytes('p3');
    const srgb = { primaries: 1, transfer: 13 };
    expect(readFileColor({ icc, cicp: srgb })).toMatchObject({ gamut: 'srgb' });
    expect(readFileColor({ icc, nclx: srgb })).toMatchObject({ gamut: 'display-p3' });
    expect(readFileColor({ icc, gamma: 1 })).toMatchObject({ gamut: 'display-p3' });
  });
});

describe('makeIccProfile', () => {
  it('makes profiles that are known as what they are', () => {
    expect(readFileColor({ icc: profileOf('display-p3') })).toMatchObject({ gamut: 'display-p3' });
    expect(readFileColor({ icc: profileOf('srgb') })).toMatchObject({ gamut: 'srgb' });
  });

  it('makes what LittleCMS converts by', async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: { r: 255, g: 0, b: 0 } } })
      .png()
      .toBuffer();
    // As an output profile: sRGB's red has these numbers in Display P3.
    const path = join(await makeTempFolder(), 'p3.icc');
    await writeFile(path, profileOf('display-p3'));
    const [r, g, b] = await sharp(await sharp(png).withIccProfile(path).png().toBuffer())
      .keepIccProfile()
      .raw()
      .toBuffer();
    expect([r, g, b]).toEqual([234, 51, 35]);
  });
});
