import { inflateSync } from 'node:zlib';

/** An 8-bit RGB or RGBA PNG, read by nothing but Node's zlib: independent of the encoder under test and of libpng. */
export function readPngPixels(png: Buffer): { data: Uint8Array; filters: Uint8Array } {
  const channels = png[25] === 6 ? 4 : 3;
  return unfilter(inflateSync(joinPixels(png)), png.readUInt32BE(16) * channels, channels);
}

/** The zlib stream of a PNG. */
export function joinPixels(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const isPixels = png.toString('latin1', at + 4, at + 8) === 'IDAT';
    if (isPixels) parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return Buffer.concat(parts);
}

/** Undoes the filters of rows that have their filter type in front. */
export function unfilter(
  filtered: Uint8Array,
  rowBytes: number,
  step: number,
): { data: Uint8Array; filters: Uint8Array } {
  const rows = filtered.length / (rowBytes + 1);
  const data = new Uint8Array(rows * rowBytes);
  const filters = new Uint8Array(rows);
  const above = new Uint8Array(rowBytes);
  for (let y = 0; y < rows; y++) {
    const from = y * (rowBytes + 1);
    const row = data.subarray(y * rowBytes, (y + 1) * rowBytes);
    const type = filtered[from] as number;
    filters[y] = type;
    for (let x = 0; x < rowBytes; x++) {
      const left = x < step ? 0 : (row[x - step] as number);
      const up = above[x] as number;
      const corner = x < step ? 0 : (above[x - step] as number);
      row[x] = (filtered[from + 1 + x] as number) + predict(type, left, up, corner);
    }
    above.set(row);
  }
  return { data, filters };
}

function predict(type: number, left: number, up: number, corner: number): number {
  if (type < 4) return type === 0 ? 0 : type === 1 ? left : type === 2 ? up : Math.floor((left + up) / 2);
  const guess = left + up - corner;
  let near = left;
  if (Math.abs(guess - up) < Math.abs(guess - near)) near = up;
  return Math.abs(guess - corner) < Math.abs(guess - near) ? corner : near;
}
