/** Frame tag (3 bytes), start code (3), width and height (2 each) come before the header proper. */
const HEADER_AT = 10;
const START_CODE = 0x9d012a;
const SEGMENTS = 4;
/** Quantizer indexes go from 0, the finest, to this. */
const COARSEST = 127;

/**
 * The quality that libwebp was probably given, from the quantizers in a lossy frame's header.
 *
 * libwebp turns quality into a quantizer index, and spreads that over four segments by how busy they are: finer where an eye
 * would see more. The estimate lies a third of the way from their mean to the finest, at most 3 off for photographs.
 *
 * @param frame a VP8 bitstream, at least its first hundred bytes
 * @returns 1 to 100; undefined where it is no key frame
 * @see RFC 6386, sections 7 (the decoder of bits), 9.1 to 9.6 (the header)
 */
export function estimateWebpQuality(frame: Uint8Array): number | undefined {
  const isKeyFrame = ((frame[0] ?? 1) & 1) === 0;
  const code = ((frame[3] ?? 0) << 16) | ((frame[4] ?? 0) << 8) | (frame[5] ?? 0);
  if (!isKeyFrame || code !== START_CODE) return undefined;
  const { base, segments } = readQuantizers(new BitDecoder(frame.subarray(HEADER_AT)));
  const used = segments.length > 0 ? segments : [base];
  const mean = used.reduce((sum, q) => sum + q, 0) / used.length;
  const index = Math.min(COARSEST, Math.max(0, (2 * mean + Math.min(...used)) / 3));
  // The inverse of libwebp's curve: a cube root, steeper above 75.
  const linear = (1 - index / COARSEST) ** 3;
  const quality = linear < 0.5 ? linear * 1.5 : (linear + 1) / 2;
  return Math.min(100, Math.max(1, Math.round(quality * 100)));
}

function readQuantizers(bits: BitDecoder): { base: number; segments: readonly number[] } {
  bits.flag(); // color space
  bits.flag(); // clamping
  let segments: number[] = [];
  let isAbsolute = true;
  if (bits.flag()) {
    const hasMap = bits.flag();
    if (bits.flag()) {
      isAbsolute = bits.flag();
      segments = Array.from({ length: SEGMENTS }, () => bits.optional(7));
      for (let i = 0; i < SEGMENTS; i++) bits.optional(6); // loop filter levels
    }
    if (hasMap) for (let i = 0; i < SEGMENTS - 1; i++) if (bits.flag()) bits.number(8);
  }
  bits.number(1 + 6 + 3); // loop filter: type, level, sharpness
  if (bits.flag() && bits.flag()) for (let i = 0; i < 8; i++) bits.optional(6); // its deltas
  bits.number(2); // partitions
  const base = bits.number(7);
  return { base, segments: isAbsolute ? segments : segments.map((delta) => base + delta) };
}

/** VP8's arithmetic decoder, for bits that are as likely 0 as 1, as all of the header is. Behind its end it reads zeros. */
class BitDecoder {
  private at = 2;
  private value: number;
  private range = 255;
  private shifted = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.value = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  }

  flag(): boolean {
    const split = 1 + ((this.range - 1) >> 1);
    const isSet = this.value >= split << 8;
    if (isSet) {
      this.range -= split;
      this.value -= split << 8;
    } else {
      this.range = split;
    }
    while (this.range < 128) {
      this.value <<= 1;
      this.range <<= 1;
      this.shifted++;
      if (this.shifted === 8) {
        this.shifted = 0;
        this.value |= this.bytes[this.at++] ?? 0;
      }
    }
    return isSet;
  }

  /** Most significant bit first. */
  number(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = (value << 1) | Number(this.flag());
    return value;
  }

  /** A flag, and if it is set a number and its sign; else 0. */
  optional(length: number): number {
    if (!this.flag()) return 0;
    const value = this.number(length);
    return this.flag() ? -value : value;
  }
}
