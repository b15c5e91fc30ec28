import sharp, { type Sharp } from 'sharp';

/** Small pictures made by code, for tests that need files rather than arrays. */

export interface TestPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Smooth gradients with some texture: many colors, deterministic. With 4 channels alpha runs from 0 to 255. */
export function gradient(width: number, height: number, channels: 3 | 4 = 3): TestPixels {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      data[at] = (x * 255) / width;
      data[at + 1] = (y * 255) / height;
      data[at + 2] = (x * 7 + y * 13) % 256;
      if (channels === 4) data[at + 3] = (x * 255) / (width - 1);
    }
  }
  return { data, width, height, channels };
}

export function toSharp({ data, width, height, channels }: TestPixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** 16-bit gradient, RGB. */
export function gradient16(width: number, height: number): Uint16Array {
  const data = new Uint16Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      data[at] = (x * 65535) / width;
      data[at + 1] = (y * 65535) / height;
      data[at + 2] = (x * 977 + y * 3001) % 65536;
    }
  }
  return data;
}

/** Display P3 or another of libvips' built-in profiles, as bytes. */
export async function profileBytes(name: 'p3' | 'srgb' | 'cmyk'): Promise<Buffer> {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: '#808080' } });
  const encoded =
    name === 'cmyk'
      ? await pixel.toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer()
      : await pixel.withIccProfile(name).png().toBuffer();
  const { icc } = await sharp(encoded).metadata();
  if (!icc) throw new Error(`no ${name} profile`);
  return icc;
}
