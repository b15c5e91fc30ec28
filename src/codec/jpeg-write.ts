import { bytesOf, concatBytes, startsWithText, viewOf } from './bytes.js';
import {
  EXIF_MARK,
  EXTENDED_XMP_MARK,
  ICC_MARK,
  JPEG,
  jpegSegments,
  MAX_SEGMENT_DATA,
  PHOTOSHOP_MARK,
  XMP_MARK,
} from './jpeg-segments.js';

/** A marker segment. @param data at most MAX_SEGMENT_DATA bytes */
export function makeSegment(marker: number, ...data: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(data);
  const length = body.length + 2;
  return concatBytes([Uint8Array.of(0xff, marker, length >> 8, length & 255), body]);
}

/** @param density dots an inch. @see JFIF 1.02 */
export function makeJfif(density: number): Uint8Array {
  const data = Uint8Array.of(...bytesOf('JFIF\0'), 1, 1, 1, 0, 0, 0, 0, 0, 0);
  const dots = Math.min(65_535, Math.max(1, Math.round(density)));
  viewOf(data).setUint16(8, dots);
  viewOf(data).setUint16(10, dots);
  return makeSegment(JPEG.app0, data);
}

/** @returns undefined for a block that no segment holds */
export function makeExif(block: Uint8Array): Uint8Array | undefined {
  if (block.length + EXIF_MARK.length > MAX_SEGMENT_DATA) return undefined;
  return makeSegment(JPEG.app1, bytesOf(EXIF_MARK), block);
}

/** @returns undefined for a packet that no segment holds: it has to be written as an extended one */
export function makeXmp(packet: Uint8Array): Uint8Array | undefined {
  if (packet.length + XMP_MARK.length > MAX_SEGMENT_DATA) return undefined;
  return makeSegment(JPEG.app1, bytesOf(XMP_MARK), packet);
}

/** @param digest MD5 of the packet, 32 upper-case hex digits. @see XMP Specification Part 3, section 1.1.3.1 */
export function makeExtendedXmp(packet: Uint8Array, digest: string): Uint8Array[] {
  const pieceBytes = 65_400;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < packet.length; at += pieceBytes) {
    const place = new Uint8Array(8);
    viewOf(place).setUint32(0, packet.length);
    viewOf(place).setUint32(4, at);
    const head = bytesOf(EXTENDED_XMP_MARK + digest);
    pieces.push(makeSegment(JPEG.app1, head, place, packet.subarray(at, at + pieceBytes)));
  }
  return pieces;
}

/** @see ICC.1:2022, annex B.4 */
export function makeProfile(icc: Uint8Array): Uint8Array[] {
  const pieceBytes = MAX_SEGMENT_DATA - ICC_MARK.length - 2;
  const count = Math.ceil(icc.length / pieceBytes);
  return Array.from({ length: count }, (_, i) =>
    makeSegment(
      JPEG.app2,
      bytesOf(ICC_MARK),
      Uint8Array.of(i + 1, count),
      icc.subarray(i * pieceBytes, (i + 1) * pieceBytes),
    ),
  );
}

/** @param blocks Photoshop's resource blocks, without a mark. Decoders join the segments. */
export function makePhotoshop(blocks: Uint8Array): Uint8Array[] {
  const pieceBytes = MAX_SEGMENT_DATA - PHOTOSHOP_MARK.length;
  const count = Math.ceil(blocks.length / pieceBytes);
  return Array.from({ length: count }, (_, i) =>
    makeSegment(JPEG.app13, bytesOf(PHOTOSHOP_MARK), blocks.subarray(i * pieceBytes, (i + 1) * pieceBytes)),
  );
}

/** A JPEG with this profile instead of any it had. @throws INPUT_CORRUPT */
export function withIccProfile(file: Uint8Array, icc: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  let isPlaced = false;
  for (const { marker, data, start, end } of jpegSegments(file)) {
    // JFIF's own segment stays first.
    if (!isPlaced && marker !== JPEG.app0) {
      pieces.push(file.subarray(at, start), ...makeProfile(icc));
      isPlaced = true;
      at = start;
    }
    if (marker === JPEG.app2 && startsWithText(data, ICC_MARK)) {
      pieces.push(file.subarray(at, start));
      at = end;
    }
  }
  return concatBytes([...pieces, file.subarray(at)]);
}
