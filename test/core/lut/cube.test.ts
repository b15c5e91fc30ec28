import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cubeChunks } from '../../../src/core/lut/format-cube.js';
import { createSampler, formatCube, identityLut, type Lut, type LutFile, parseCube } from '../../../src/index.js';
import { makeNoise } from '../../support/lut.js';

const read = (text: string): LutFile => parseCube(Buffer.from(text), 'a.cube');
const IDENTITY_ROWS = '0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n';

function apply(lut: Lut, ...codes: number[]): number[] {
  const data = Uint8Array.from(codes);
  createSampler(lut, 'tetrahedral', 255).apply(data, 3);
  return [...data];
}

describe('parseCube', () => {
  it('reads a grid, red fastest, with title, comments and domain', () => {
    const file = read(
      `# made by hand\nTITLE "A look"\n\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0.5\nDOMAIN_MAX 1.0 0.5 1\n${IDENTITY_ROWS}`,
    );
    expect(file).toMatchObject({ title: 'A look', comments: ['made by hand'], has3D: true, lut: { size: 2 } });
    expect([...file.lut.nodes.subarray(0, 9)]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0]);
    expect(file.lut.axes.map((axis) => [...axis])).toEqual([
      [0, 1],
      [0, 0.5],
      [0.5, 1],
    ]);
    expect(apply(file.lut, 51, 51, 51, 255, 102, 204)).toEqual([51, 102, 0, 255, 204, 153]);
  });

  it('reads any line ends, tabs, a byte order mark, lower-case keywords, exponents and unknown keywords', () => {
    const text = `\ufeffLUT_3D_SIZE\t2\r\nsome_vendor_key 1 2 3\r\n${IDENTITY_ROWS.replaceAll('\n', '\r\n').replaceAll('1 1 1', '\t1.0e0  +1.\t1E+0 ')}`;
    expect(read(text).lut.nodes).toEqual(identityLut(2).nodes);
    expect(read(`lut_3d_size 2\r${IDENTITY_ROWS.replaceAll('\n', '\r')}`).lut.nodes).toEqual(identityLut(2).nodes);
  });

  it('names the line of a number that is none', () => {
    for (const row of ['nan 0 0', '-nan(ind) 0 0', '0 Infinity 0', 'inf 0 0', '1.#IND 0 0']) {
      expect(() => read(`LUT_3D_SIZE 2\n0 0 0\n${row}\n`), row).toThrow(/^a\.cube:3: expected .*three/);
    }
    expect(() => read('LUT_3D_SIZE 2\nnan 0 0\n')).toThrow(/^a\.cube:2: expected three finite numbers, got "nan 0 0"/);
  });

  it('reads UTF-16, comments behind numbers, and what old systems put at the end', () => {
    const text = `TITLE "Grün"\nLUT_3D_SIZE 2 # nodes\n${IDENTITY_ROWS.replace('1 1 1', '1 1 1  # white')}`;
    const plain = read(text);
    expect(plain).toMatchObject({ title: 'Grün', lut: { size: 2 } });
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    const files = [
      little,
      Buffer.from(little).swap16(),
      ...['\0', '\x1a', '\n\0\0\x1a'].map((end) => Buffer.from(text + end)),
    ];
    for (const file of files) expect(parseCube(file, 'a.cube')).toEqual(plain);
  });

  it('reads every way to write a number as JavaScript does, to the bit', () => {
    const numbers = fc.oneof(
      fc.double({ min: -9, max: 9, noNaN: true }).map((x) => x.toFixed(Math.abs(Math.round(x * 7919)) % 17)),
      fc.double({ min: -9, max: 9, noNaN: true }).map(String),
      fc.constantFrom('+.5', '-1.', '007', '-0', '1e-3', '123456789012345', '0.1234567890123456789'),
    );
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 6, maxLength: 6 }),
        fc.constantFrom(' ', '\t', '  '),
        (words, blank) => {
          const rows = `${blank}${words.slice(0, 3).join(blank)}\n${words.slice(3).join(blank)}${blank}`;
          const { values } = read(`LUT_1D_SIZE 2\n${rows}`).lut.shaper ?? {};
          expect(values).toEqual(Float32Array.from(words, Number));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads curves alone, by linear interpolation', () => {
    const { lut, has3D } = read('LUT_1D_SIZE 3\n0 0 1\n0.25 0.5 0.5\n1 1 0\n');
    expect(has3D).toBe(false);
    // Below the middle red goes half as fast; blue is turned around.
    expect(apply(lut, 100, 100, 100, 255, 255, 255)).toEqual([50, 100, 155, 255, 255, 0]);
  });

  it('reads curves over a range of their own', () => {
    const { lut } = read('LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0.2 0.6\n0 0 0\n1 1 1\n');
    expect(apply(lut, 51, 102, 153)).toEqual([0, 128, 255]);
  });

  it('reads a shaper before a grid', () => {
    // The shaper halves; the grid turns red around.
    const turned = IDENTITY_ROWS.replace(/^(.)/gm, (digit) => String(1 - Number(digit)));
    const text = `LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 1\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.0 0.5\n0 0 0\n.5 .5 .25\n${turned}`;
    const { lut, has3D } = read(text);
    expect(has3D).toBe(true);
    expect(apply(lut, 51, 51, 200)).toEqual([204, 51, 100]);
  });

  it('keeps values outside [0, 1] and clamps only the result', () => {
    const { lut } = read('LUT_1D_SIZE 2\n-1 0 0\n2 1 1\n');
    expect(apply(lut, 0, 0, 0, 85, 0, 0, 127, 0, 0, 255, 0, 0)).toEqual([0, 0, 0, 0, 0, 0, 126, 0, 0, 255, 0, 0]);
  });

  it.each([
    ['', 'a.cube: expected rows of three numbers, got none'],
    ['LUT_3D_SIZE 2\n', 'a.cube: expected rows of three numbers, got none'],
    [IDENTITY_ROWS, 'a.cube:1: expected LUT_1D_SIZE or LUT_3D_SIZE before the first row, got none'],
    [`LUT_3D_SIZE 1\n${IDENTITY_ROWS}`, 'a.cube:1: LUT_3D_SIZE: expected a whole number from 2 to 256, got "1"'],
    ['LUT_3D_SIZE 257\n', 'a.cube:1: LUT_3D_SIZE: expected a whole number from 2 to 256, got "257"'],
    ['LUT_3D_SIZE 1e9\n', 'a.cube:1: LUT_3D_SIZE: expected a whole number from 2 to 256, got "1e9"'],
    ['LUT_3D_SIZE\n', 'a.cube:1: LUT_3D_SIZE: expected 1 finite number, got ""'],
    ['LUT_1D_SIZE 65537\n', 'a.cube:1: LUT_1D_SIZE: expected a whole number from 2 to 65536, got "65537"'],
    ['LUT_3D_SIZE 2\n0 0 0\n', 'a.cube: expected 8 rows, got 1'],
    [`LUT_3D_SIZE 2\n${IDENTITY_ROWS}0 0 0\n`, 'a.cube:10: expected 8 rows, got more'],
    ['LUT_3D_SIZE 256\n0 0 0\n', 'a.cube:2: expected 16777216 rows, got a file of 22 bytes'],
    ['LUT_3D_SIZE 2\n0 0\n', 'a.cube:2: expected three finite numbers, got "0 0"'],
    ['LUT_3D_SIZE 2\n0 0 0 0\n', 'a.cube:2: expected three finite numbers, got "0 0 0 0"'],
    ['LUT_3D_SIZE 2\n0 0 1e99\n', 'a.cube:2: expected three finite numbers, got "0 0 1e99"'],
    ['LUT_3D_SIZE 2\n0 0 0x1\n', 'a.cube:2: expected three finite numbers, got "0 0 0x1"'],
    ['LUT_3D_SIZE 2\n0 0 0\nnan nan nan\n', 'a.cube:3: expected a row of three numbers after the first one'],
    ['LUT_3D_SIZE 2\nDOMAIN_MIN 0 0\n', 'a.cube:2: DOMAIN_MIN: expected 3 finite numbers, got "0 0"'],
    [`LUT_3D_SIZE 2\nDOMAIN_MIN 1 1 1\n${IDENTITY_ROWS}`, 'a.cube: expected an input domain that rises'],
    [`LUT_3D_SIZE 2\nLUT_IN_VIDEO_RANGE\n${IDENTITY_ROWS}`, 'a.cube:2: LUT_IN_VIDEO_RANGE: expected a table for full'],
    ['{"a": 1}', 'a.cube:1: expected a keyword or three numbers, got "{\\"a\\": 1}"'],
    [`# ${'x'.repeat(5000)}`, 'a.cube:1: expected lines of at most 4096 characters'],
  ])('refuses %j with one line', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'INVALID_LUT' }));
    expect(() => read(text)).toThrow(message);
  });

  it('meets any bytes with a table or one coded line', () => {
    const word = fc.constantFrom(
      'LUT_3D_SIZE 2',
      'LUT_1D_SIZE 2',
      'DOMAIN_MAX 1 1 1',
      '0 0 0',
      '1 1 1',
      'TITLE "x"',
      '# c',
      '\0',
      '-',
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 14 }).map((words) => Buffer.from(words.join('\n'))),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(text, (bytes) => {
        try {
          const { lut } = parseCube(bytes, 'x');
          return lut.nodes.every(Number.isFinite);
        } catch (error) {
          return (error as { code?: string }).code === 'INVALID_LUT' && !(error as Error).message.includes('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('formatCube', () => {
  it('writes what parseCube reads, to six decimals', () => {
    const random = makeNoise(5);
    const base = identityLut(7);
    const lut = { ...base, nodes: base.nodes.map(() => random()) };
    const file = read(formatCube(lut, 'look "one" – teal', ['radius 0.1', 'line\nbreak']));
    expect(file).toMatchObject({ title: "look 'one' ? teal", comments: ['radius 0.1', 'line?break'] });
    const worst = file.lut.nodes.reduce((max, value, i) => Math.max(max, Math.abs(value - (lut.nodes[i] ?? 0))), 0);
    expect(worst).toBeLessThan(6e-7);
  });

  /** The rows of a table, by JavaScript's own formatting. */
  const rowsOf = ({ nodes }: Lut): string =>
    [...nodes].map((value, i) => `${value.toFixed(6)}${i % 3 === 2 ? '\n' : ' '}`).join('');

  it('writes each number as toFixed(6) does', () => {
    const float = fc.oneof(
      fc.float({ noNaN: true }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.float({ min: Math.fround(-1e-5), max: Math.fround(1e-5), noNaN: true }),
      fc.float({ min: -3000, max: 3000, noNaN: true }),
      // Halves of a millionth that a float32 holds exactly: 1 / 128 is 0.0078125.
      fc.integer({ min: -4096, max: 4096 }).map((n) => n / 128),
      fc.integer({ min: -1_100_000, max: 1_100_000 }).map((n) => Math.fround(n / 1e6)),
      fc.constantFrom(
        0,
        -0,
        1,
        -1,
        0.5,
        9.999999,
        10,
        99.5,
        999.9999995,
        1000,
        1999.9999,
        2000,
        -999999984306749440000,
        1e21,
        3.4e38,
        1e-45,
      ),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(float, { minLength: 24, maxLength: 24 }), (values) => {
        const lut = { ...identityLut(2), nodes: Float32Array.from(values) };
        expect(formatCube(lut, '', []).endsWith(`\nDOMAIN_MAX 1.0 1.0 1.0\n${rowsOf(lut)}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('writes tables of many chunks whole, in less memory than they take', () => {
    const random = makeNoise(11);
    const base = identityLut(41); // 68,921 rows
    const lut = { ...base, nodes: base.nodes.map(() => random() * 3 - 1) };
    const head = 'TITLE "t"\n# c\nLUT_3D_SIZE 41\nDOMAIN_MIN 0.0 0.0 0.0\nDOMAIN_MAX 1.0 1.0 1.0\n';
    expect(formatCube(lut, 't', ['c'])).toBe(head + rowsOf(lut));
    const buffers = new Set<ArrayBufferLike>();
    let chunks = 0;
    for (const chunk of cubeChunks(lut, 't', ['c'])) {
      buffers.add(chunk.buffer);
      chunks++;
    }
    expect({ chunks, buffers: buffers.size }).toEqual({ chunks: 6, buffers: 2 });
  });

  it('refuses what the format cannot hold', () => {
    const axis = Float64Array.of(0, 0.2, 1);
    expect(() => formatCube({ ...identityLut(3), axes: [axis, axis, axis] }, '', [])).toThrow('expected an even grid');
  });
});
