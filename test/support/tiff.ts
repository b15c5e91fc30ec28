export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  /** 1 whole numbers, 2 signed ones, 3 floats. */
  readonly format?: 1 | 2 | 3;
  /** 1 grey, 2 RGB, 8 Lab. */
  readonly photometric: number;
  /** In this machine's byte order, which is taken to be little-endian. */
  readonly data: ArrayBufferView;
  /** Further entries of type SHORT, by tag. */
  readonly extra?: readonly (readonly [tag: number, value: number])[];
}

/** An uncompressed TIFF of any sample format, one strip a page. */
export function makeTiff(...pages: readonly TiffPage[]): Buffer {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let end = 8;
  let pointer = { part: parts[0] as Buffer, at: 4 };
  const add = (part: Buffer): number => {
    const at = end;
    parts.push(part);
    end += part.length;
    if (part.length % 2 === 1) {
      parts.push(Buffer.alloc(1));
      end++;
    }
    return at;
  };
  for (const { width, height, samples, bits, format = 1, photometric, data, extra = [] } of pages) {
    const strip = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const list = (value: number): readonly number[] => new Array<number>(samples).fill(value);
    const tags: (readonly [tag: number, type: 3 | 4, values: readonly number[]])[] = [
      [256, 3, [width]],
      [257, 3, [height]],
      [258, 3, list(bits)],
      [259, 3, [1]],
      [262, 3, [photometric]],
      [273, 4, [add(strip)]],
      [277, 3, [samples]],
      [278, 3, [height]],
      [279, 4, [strip.length]],
      [339, 3, list(format)],
      ...extra.map(([tag, value]) => [tag, 3, [value]] as const),
    ];
    tags.sort(([p], [q]) => p - q);
    const directory = Buffer.alloc(2 + 12 * tags.length + 4);
    directory.writeUInt16LE(tags.length);
    for (const [i, [tag, type, values]] of tags.entries()) {
      const at = 2 + 12 * i;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(type, at + 2);
      directory.writeUInt32LE(values.length, at + 4);
      const size = type === 3 ? 2 : 4;
      const bytes = Buffer.alloc(Math.max(4, size * values.length));
      for (const [k, value] of values.entries()) bytes.writeUIntLE(value, size * k, size);
      if (bytes.length > 4) directory.writeUInt32LE(add(bytes), at + 8);
      else bytes.copy(directory, at + 8);
    }
    pointer.part.writeUInt32LE(add(directory), pointer.at);
    pointer = { part: directory, at: directory.length - 4 };
  }
  return Buffer.concat(parts);
}
