import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Gamut, Pixels } from '../../core/index.js';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import { onTempFile } from '../files/temp-trouble.js';
import { readRawPixels } from './raw-pixels.js';
import { writeVipsFile } from './vips-file.js';

/**
 * Converts pixels from one profile to another, by LittleCMS: sharp cannot attach a profile to raw pixels, so they go through a file
 * that has it.
 *
 * @param from profile of the numbers
 * @param to a gamut, or a profile
 * @throws Error of sharp for a profile that cannot be used
 */
export async function convertPixels(pixels: Pixels, from: Uint8Array, to: Gamut | Uint8Array): Promise<Pixels> {
  const { width, height, channels } = pixels;
  const data = pixels.data as Uint8Array | Uint16Array;
  const file = reserveScratch();
  const profile = reserveScratch();
  try {
    const blobs = new Map([['icc-profile-data', from]]);
    await writeVipsFile(file, { data, width, height, channels, blobs, numbers: new Map() });
    if (to instanceof Uint8Array) await onTempFile(profile, () => writeFile(profile, to, { mode: 0o600 }));
    const target = to instanceof Uint8Array ? profile : to === 'display-p3' ? 'p3' : 'srgb';
    const opened = sharp(file, { limitInputPixels: false, ignoreIcc: true }).withIccProfile(target);
    const { pixels: converted } = await readRawPixels(
      opened,
      data instanceof Uint16Array,
      to instanceof Uint8Array ? 'srgb' : to,
    );
    return converted;
  } finally {
    await releaseTemp(file);
    await releaseTemp(profile);
  }
}
