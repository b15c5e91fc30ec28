import { textAt, viewOf } from './bytes.js';
import type { CodePoints } from './color-space.js';
import type { ReadAt } from './tiff-directories.js';

/** Boxes on the way from a file to the properties of its images, with what stands in them before the first inner box. */
const INSIDE: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };
const MAX_BOXES = 1000;

/**
 * The color code points of an AVIF or HEIC file: those of its first image that has some, which is the picture itself.
 *
 * @see ISO/IEC 14496-12, section 12.1.5 (ColourInformationBox), ISO/IEC 23008-12 (properties)
 */
export function readNclx(readAt: ReadAt, fileBytes: number): CodePoints | undefined {
  let left = MAX_BOXES;
  function search(begin: number, end: number): CodePoints | undefined {
    for (let at = begin; at + 8 <= end && left-- > 0; ) {
      const head = readAt(at, 19);
      if (head.length < 8) return undefined;
      const size = viewOf(head).getUint32(0);
      const name = textAt(head, 4, 8);
      // 0: to the end; 1: a size of 64 bits, which only pixels have.
      const boxEnd = size === 0 ? end : size < 8 ? undefined : Math.min(end, at + size);
      if (boxEnd === undefined) {
        if (size !== 1 || head.length < 16) return undefined;
        at += Number(viewOf(head).getBigUint64(8)) || end;
        continue;
      }
      const skipped = INSIDE[name];
      if (skipped !== undefined) {
        const found = search(at + 8 + skipped, boxEnd);
        if (found) return found;
      }
      if (name === 'colr' && head.length >= 19 && textAt(head, 8, 12) === 'nclx') {
        const view = viewOf(head);
        return { primaries: view.getUint16(12), transfer: view.getUint16(14) };
      }
      at = boxEnd;
    }
    return undefined;
  }
  return search(0, fileBytes);
}
