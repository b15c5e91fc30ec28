import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { peekPixels } from '../../src/node/files/peek-pixels.js';
import { gradient, toSharp } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

it('tells the pixels of JPEG, PNG and TIFF, and nothing of anything else', async () => {
  const folder = await makeTempFolder();
  const image = toSharp(gradient(61, 47));
  const files: [string, Buffer, number | undefined][] = [
    [
      'a.jpg',
      await image
        .clone()
        .withExif({ IFD0: { Copyright: 'x'.repeat(3000) } })
        .jpeg()
        .toBuffer(),
      61 * 47,
    ],
    ['b.jpg', await image.clone().jpeg({ progressive: true }).toBuffer(), 61 * 47],
    ['c.png', await image.clone().png().toBuffer(), 61 * 47],
    ['a.tif', await image.clone().tiff({ compression: 'lzw' }).toBuffer(), 61 * 47],
    ['b.tif', await image.clone().tiff({ compression: 'lzw', bigtiff: true, tile: true }).toBuffer(), 61 * 47],
    ['c.tif', Buffer.from('II*'), undefined],
    ['d.webp', await image.clone().webp().toBuffer(), undefined],
    ['e.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), undefined],
    ['f.png', Buffer.from('PNG'), undefined],
    ['g.jpg', Buffer.alloc(0), undefined],
  ];
  for (const [name, bytes, pixels] of files) {
    await writeFile(join(folder, name), bytes);
    expect(peekPixels(join(folder, name)), name).toBe(pixels);
  }
  await mkdir(join(folder, 'folder'));
  expect(peekPixels(join(folder, 'folder'))).toBeUndefined();
  expect(peekPixels(join(folder, 'none'))).toBeUndefined();
});
