type Fields = readonly (readonly [tag: number, value: number | string])[];

export interface ExifParts {
  readonly little?: boolean;
  /** Numbers become SHORT, texts ASCII. */
  readonly main: Fields;
  readonly exif?: Fields;
  /** A whole JPEG. */
  readonly thumbnail?: Uint8Array;
}

/** An EXIF block from its byte order mark on: main directory, EXIF directory, and the thumbnail's at the end. */
export function makeExif({ little = false, main, exif = [], thumbnail }: ExifParts): Uint8Array {
  const bytes = new Uint8Array(65_536);
  const view = new DataView(bytes.buffer);
  let end = 8;
  const reserve = (length: number): number => {
    const at = end;
    end += length + (length & 1);
    return at;
  };
  bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);

  /** @returns where the offset of the next directory stands */
  function write(fields: readonly (readonly [number, number | string, boolean?])[]): number {
    const at = reserve(2 + 12 * fields.length + 4);
    view.setUint16(at, fields.length, little);
    for (const [i, [tag, value, isLong]] of fields.entries()) {
      const entry = at + 2 + 12 * i;
      view.setUint16(entry, tag, little);
      view.setUint16(entry + 2, typeof value === 'string' ? 2 : isLong ? 4 : 3, little);
      view.setUint32(entry + 4, typeof value === 'string' ? value.length + 1 : 1, little);
      if (typeof value === 'string') {
        const place = value.length < 4 ? entry + 8 : reserve(value.length + 1);
        if (place !== entry + 8) view.setUint32(entry + 8, place, little);
        for (let k = 0; k < value.length; k++) bytes[place + k] = value.charCodeAt(k);
      } else if (isLong) view.setUint32(entry + 8, value, little);
      else view.setUint16(entry + 8, value, little);
    }
    return at + 2 + 12 * fields.length;
  }

  const hasExif = exif.length > 0;
  const next = write(hasExif ? [...main, [0x8769, 0, true]] : main);
  if (hasExif) {
    view.setUint32(next - 4, end, little);
    write(exif);
  }
  if (thumbnail) {
    view.setUint32(next, end, little);
    const after = write([
      [0x0103, 6],
      [0x0201, 0, true],
      [0x0202, thumbnail.length, true],
    ]);
    const place = reserve(thumbnail.length);
    view.setUint32(after - 12 - 4, place, little);
    bytes.set(thumbnail, place);
  }
  return bytes.slice(0, end);
}
