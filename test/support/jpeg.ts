/** A JPEG encoder for tests: any sampling factors, which sharp does not offer. Quantizers are 1, codes have one length each. */

type Rgb = readonly [number, number, number];

const DC_SYMBOLS = Array.from({ length: 12 }, (_, i) => i);
const AC_SYMBOLS = [0, 0xf0, ...Array.from({ length: 160 }, (_, i) => (Math.floor(i / 10) << 4) | ((i % 10) + 1))];
const ZIGZAG = Array.from({ length: 64 }, (_, i) => i).sort((p, q) => rank(p) - rank(q));

/** Where a coefficient (8 a row) stands on the way along the diagonals. */
function rank(i: number): number {
  const [x, y] = [i % 8, i >> 3];
  const diagonal = x + y;
  return diagonal * 64 + (diagonal % 2 === 0 ? x : y);
}

/**
 * @param across @param down sampling factors of luminance; those of chroma are 1
 * @param colorAt of each pixel
 */
export function makeJpeg(
  across: number,
  down: number,
  width: number,
  height: number,
  colorAt: (x: number, y: number) => Rgb,
): Buffer {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  const planes = [0, 1, 2].map((component) => (x: number, y: number): number => {
    const [r, g, b] = colorAt(Math.min(x, width - 1), Math.min(y, height - 1));
    if (component === 0) return 0.299 * r + 0.587 * g + 0.114 * b - 128;
    return component === 1 ? -0.168736 * r - 0.331264 * g + 0.5 * b : 0.5 * r - 0.418688 * g - 0.081312 * b;
  });
  const last = [0, 0, 0];
  const putBlock = (component: number, sample: (x: number, y: number) => number): void => {
    const coefficients = transform(sample);
    const difference = (coefficients[0] as number) - (last[component] as number);
    last[component] = coefficients[0] as number;
    const size = sizeOf(difference);
    put(DC_SYMBOLS.indexOf(size), 4);
    putValue(difference, size);
    let zeros = 0;
    for (let i = 1; i < 64; i++) {
      const value = coefficients[ZIGZAG[i] as number] as number;
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) put(AC_SYMBOLS.indexOf(0xf0), 8);
      put(AC_SYMBOLS.indexOf((zeros << 4) | sizeOf(value)), 8);
      putValue(value, sizeOf(value));
      zeros = 0;
    }
    if (zeros > 0) put(AC_SYMBOLS.indexOf(0), 8);
  };
  const putValue = (value: number, size: number): void => put(value < 0 ? value + (1 << size) - 1 : value, size);

  for (let y = 0; y < height; y += 8 * down) {
    for (let x = 0; x < width; x += 8 * across) {
      for (let v = 0; v < down; v++) {
        for (let h = 0; h < across; h++) putBlock(0, (i, k) => planes[0]?.(x + 8 * h + i, y + 8 * v + k) as number);
      }
      for (const component of [1, 2]) {
        putBlock(component, (i, k) => {
          let sum = 0;
          for (let v = 0; v < down; v++) {
            for (let h = 0; h < across; h++) sum += planes[component]?.(x + i * across + h, y + k * down + v) as number;
          }
          return sum / (across * down);
        });
      }
    }
  }
  while (bits.length % 8 !== 0) bits.push(1);
  const scan: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    const byte = bits.slice(i, i + 8).reduce((value, bit) => value * 2 + bit, 0);
    scan.push(byte, ...(byte === 0xff ? [0] : []));
  }
  const u16 = (value: number): number[] => [value >> 8, value & 255];
  const segment = (marker: number, data: readonly number[]): number[] => [
    0xff,
    marker,
    ...u16(data.length + 2),
    ...data,
  ];
  const codes = (name: number, length: number, symbols: readonly number[]): number[] =>
    segment(0xc4, [name, ...Array.from({ length: 16 }, (_, i) => (i + 1 === length ? symbols.length : 0)), ...symbols]);
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...Array(64).fill(1)]),
    ...segment(0xc0, [8, ...u16(height), ...u16(width), 3, 1, (across << 4) | down, 0, 2, 0x11, 0, 3, 0x11, 0]),
    ...codes(0, 4, DC_SYMBOLS),
    ...codes(0x10, 8, AC_SYMBOLS),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    ...scan,
    ...[0xff, 0xd9],
  ]);
}

/** Bits of a magnitude. */
function sizeOf(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
}

/** The DCT of 8 x 8 samples, rounded, 8 a row. */
function transform(sample: (x: number, y: number) => number): number[] {
  const scale = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1) / 2;
  const wave = (x: number, u: number): number => Math.cos(((2 * x + 1) * u * Math.PI) / 16);
  return Array.from({ length: 64 }, (_, i) => {
    const [u, v] = [i % 8, i >> 3];
    let sum = 0;
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) sum += sample(x, y) * wave(x, u) * wave(y, v);
    return Math.round(sum * scale(u) * scale(v));
  });
}
