import { bytesOf, concatBytes, startsWithText, viewOf } from './bytes.js';
import { PHOTOSHOP_MARK } from './jpeg-segments.js';

/** Resources by number: thumbnails (old and new), a profile, and copies of EXIF and XMP. */
const UNTRUE = new Set([0x0409, 0x040c, 0x040f, 0x0422, 0x0423, 0x0424]);
const IPTC = 0x0404;
const SIGNATURE = '8BIM';

/**
 * Photoshop's resource blocks without what only the old pixels bore out.
 *
 * @param blocks without the mark that a JPEG has before them
 * @returns undefined when nothing is left; a broken tail is left out
 */
export function cleanPhotoshop(blocks: Uint8Array): Uint8Array | undefined {
  const kept = [...resourcesOf(blocks)].filter(({ id }) => !UNTRUE.has(id)).map(({ whole }) => whole);
  return kept.length > 0 ? concatBytes(kept) : undefined;
}

/** Both are padded so that the next part begins at an even place. */
function even(length: number): number {
  return length + (length & 1);
}

/**
 * Resource blocks of a file that may have IPTC's records elsewhere too.
 *
 * @param blocks with or without the mark that a JPEG has before them
 * @param iptc records as they stand in a TIFF's own tag
 */
export function joinIptc(blocks: Uint8Array | undefined, iptc: Uint8Array | undefined): Uint8Array | undefined {
  const plain = blocks && (startsWithText(blocks, PHOTOSHOP_MARK) ? blocks.subarray(PHOTOSHOP_MARK.length) : blocks);
  if (!iptc || (plain && hasIptc(plain))) return plain;
  const head = concatBytes([bytesOf(SIGNATURE), new Uint8Array(8)]);
  viewOf(head).setUint16(4, IPTC);
  viewOf(head).setUint32(8, iptc.length);
  return concatBytes([...(plain ? [plain] : []), head, iptc, new Uint8Array(iptc.length & 1)]);
}

function hasIptc(blocks: Uint8Array): boolean {
  return [...resourcesOf(blocks)].some(({ id }) => id === IPTC);
}

/** Up to where they are broken. @see Adobe Photoshop File Formats Specification, "Image Resource Blocks" */
function* resourcesOf(blocks: Uint8Array): Generator<{ id: number; whole: Uint8Array }> {
  const view = viewOf(blocks);
  for (let at = 0; at + 12 <= blocks.length && startsWithText(blocks, SIGNATURE, at); ) {
    const sizeAt = at + 6 + even(1 + (blocks[at + 6] as number));
    if (sizeAt + 4 > blocks.length) return;
    const end = sizeAt + 4 + even(view.getUint32(sizeAt));
    if (end > blocks.length + 1) return;
    yield { id: view.getUint16(at + 4), whole: blocks.subarray(at, end) };
    at = end;
  }
}
