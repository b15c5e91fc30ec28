import { below, pick } from './line.js';

type Mutation = (bytes: Buffer, random: () => number) => Buffer;

/** What happens to files on their way: cut, flipped, swapped, doubled, with sizes that lie. */
const MUTATIONS: readonly Mutation[] = [
  function truncate(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length));
  },
  function flipBits(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let n = 1 + below(random, 8); n > 0; n--) {
      const at = below(random, copy.length);
      copy[at] = (copy[at] as number) ^ (1 << below(random, 8));
    }
    return copy;
  },
  function splice(bytes, random) {
    const [from, length] = [below(random, bytes.length), below(random, 64)];
    const noise = Buffer.from(Array.from({ length: below(random, 64) }, () => below(random, 256)));
    return Buffer.concat([bytes.subarray(0, from), noise, bytes.subarray(from + length)]);
  },
  function swapParts(bytes, random) {
    const [a, b, c] = [0, 1, 2].map(() => below(random, bytes.length)).sort((p, q) => p - q) as [
      number,
      number,
      number,
    ];
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)]);
  },
  function double(bytes, random) {
    const at = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(random, 512)))]);
  },
  function lieAboutSizes(bytes, random) {
    const copy = Buffer.from(bytes);
    const at = below(random, Math.max(1, Math.min(copy.length, 512) - 4));
    const size = pick(random, [0, 1, 0x7fffffff, 0xffffffff, 0x80000000, 65_535, 100_000]);
    if (copy.length >= 4) random() < 0.5 ? copy.writeUInt32BE(size, at) : copy.writeUInt32LE(size, at);
    return copy;
  },
  function zero(bytes, random) {
    const copy = Buffer.from(bytes);
    const from = below(random, copy.length);
    return copy.fill(0, from, Math.min(copy.length, from + below(random, 256)));
  },
];

/** One to three of them, one after the other. @returns other bytes, or by chance the same */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let mutated = bytes;
  for (let n = 1 + below(random, 3); n > 0 && mutated.length > 0; n--)
    mutated = pick(random, MUTATIONS)(mutated, random);
  return mutated;
}

/** Values that nobody expects where another was. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  '\u0000\u001b[2J',
  [],
  {},
  'x'.repeat(3000),
  [[[[[[]]]]]],
  '__proto__',
];

/** JSON with some of its values, keys and levels changed; still JSON. */
export function mutateJson(text: string, random: () => number): string {
  const change = (value: unknown): unknown => {
    if (random() < 0.04) return pick(random, STRANGE);
    if (Array.isArray(value)) {
      const items = value.map(change);
      return random() < 0.05 ? [...items, ...items] : items;
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value)
          .filter(() => random() > 0.03)
          .map(([key, item]) => [
            random() < 0.03 ? pick(random, ['__proto__', 'constructor', `${key}x`, '']) : key,
            change(item),
          ]),
      );
    }
    return value;
  };
  return JSON.stringify(change(JSON.parse(text)));
}
