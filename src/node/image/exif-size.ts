/** EXIF tags. */
const EXIF_FOLDER = 0x8769;
const PIXEL_X_DIMENSION = 0xa002;
const PIXEL_Y_DIMENSION = 0xa003;
/** Types of 2 and of 4 bytes, unsigned and signed. */
const SHORTS = [3, 8];
const LONGS = [4, 9];
const ENTRY_BYTES = 12;

/**
 * Writes a picture's size into its EXIF block, where the block has a place for it: libvips puts in the size of the image
 * that it encodes, which for a template is another.
 *
 * @param tiff the block from its byte order mark on, as libvips writes it; changed in place
 * @see Exif 2.32, sections 4.6.2 and 4.6.3
 */
export function patchExifSize(tiff: Uint8Array, { width, height }: { width: number; height: number }): void {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittle = tiff[0] === 0x49;

  /** @returns where the entry's value is */
  function find(folder: number, tag: number): number | undefined {
    const count = view.getUint16(folder, isLittle);
    for (let i = 0; i < count; i++) {
      const entry = folder + 2 + i * ENTRY_BYTES;
      if (view.getUint16(entry, isLittle) === tag) return entry + 8;
    }
    return undefined;
  }

  function set(at: number | undefined, value: number): void {
    if (at === undefined) return;
    const type = view.getUint16(at - 6, isLittle);
    if (LONGS.includes(type)) view.setUint32(at, value, isLittle);
    else if (SHORTS.includes(type)) view.setUint16(at, value, isLittle);
  }

  const pointer = find(view.getUint32(4, isLittle), EXIF_FOLDER);
  if (pointer === undefined) return;
  const folder = view.getUint32(pointer, isLittle);
  set(find(folder, PIXEL_X_DIMENSION), width);
  set(find(folder, PIXEL_Y_DIMENSION), height);
}
