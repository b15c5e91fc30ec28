/** A Huffman table as a JPEG holds it. */
export interface HuffmanTable {
  /** Codes of each length, 1 to 16 bits: 16 numbers. */
  readonly lengths: Uint8Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint8Array;
}

/** Longest code of a JPEG. */
const MAX_LENGTH = 16;
/** Takes part as a symbol that occurs once, so that none that does occur gets the code of all ones. */
const RESERVED = 256;

/** The root of a tree of codes; ties are decided by the symbol that the tree began with. */
interface Root {
  readonly weight: number;
  readonly symbol: number;
  readonly members: readonly number[];
}

/** The symbol of a DC difference: how many bits its magnitude has. @see ITU T.81, F.1.2.1 */
export function dcSymbol(difference: number): number {
  return 32 - Math.clz32(Math.abs(difference));
}

/** The codes of a table. @returns for each symbol `code << 8 | length`; 0 for a symbol without a code. @see ITU T.81, Annex C */
export function assignCodes({ lengths, symbols }: HuffmanTable): Uint32Array {
  const codes = new Uint32Array(256);
  let code = 0;
  let at = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    for (let i = 0; i < (lengths[length - 1] as number); i++) {
      codes[symbols[at++] as number] = (code << 8) | length;
      code++;
    }
    code <<= 1;
  }
  return codes;
}

/**
 * The shortest code for symbols of given frequencies, tie for tie the one that libjpeg makes, so that files come out with
 * the same bytes: of equally rare symbols the largest goes first, a symbol 256 holds the code of all ones free, and what is
 * longer than 16 bits is folded as the standard says.
 *
 * @param counts 256 frequencies
 * @see ITU T.81, Annex K.2
 */
export function makeOptimalTable(counts: Uint32Array): HuffmanTable {
  const depths = measureDepths(counts);
  const lengths = foldLengths(countLengths(depths));
  const used = [...counts.keys()].filter((symbol) => (counts[symbol] as number) > 0);
  // By the depth before folding; `sort` keeps the order of equals.
  used.sort((a, b) => (depths[a] as number) - (depths[b] as number));
  return { lengths, symbols: Uint8Array.from(used) };
}

/** Depth of each symbol, and of the reserved one, in the tree that joins the two rarest roots again and again. */
function measureDepths(counts: Uint32Array): Uint16Array {
  const depths = new Uint16Array(RESERVED + 1);
  const roots: Root[] = [];
  for (let symbol = 0; symbol < RESERVED; symbol++) {
    const weight = counts[symbol] as number;
    if (weight > 0) roots.push({ weight, symbol, members: [symbol] });
  }
  roots.push({ weight: 1, symbol: RESERVED, members: [RESERVED] });
  // The rarest at the end, of equally rare ones that with the largest symbol.
  roots.sort((a, b) => b.weight - a.weight || a.symbol - b.symbol);
  while (roots.length > 1) {
    const first = roots.pop() as Root;
    const second = roots.pop() as Root;
    const joined = { ...first, weight: first.weight + second.weight, members: [...first.members, ...second.members] };
    for (const member of joined.members) depths[member] = (depths[member] as number) + 1;
    let place = roots.length;
    while (place > 0 && isRarer(roots[place - 1] as Root, joined)) place--;
    roots.splice(place, 0, joined);
  }
  return depths;
}

function isRarer(a: Root, b: Root): boolean {
  return a.weight < b.weight || (a.weight === b.weight && a.symbol > b.symbol);
}

/** @returns number of codes by length */
function countLengths(depths: Uint16Array): number[] {
  const lengths = new Array<number>(Math.max(MAX_LENGTH, ...depths) + 1).fill(0);
  for (const depth of depths) if (depth > 0) lengths[depth] = (lengths[depth] as number) + 1;
  return lengths;
}

/** Brings all codes within 16 bits and gives up the last of the longest, which is all ones. */
function foldLengths(lengths: number[]): Uint8Array {
  const add = (length: number, count: number): void => {
    lengths[length] = (lengths[length] as number) + count;
  };
  for (let length = lengths.length - 1; length > MAX_LENGTH; length--) {
    while ((lengths[length] as number) > 0) {
      // Two codes leave: one takes their common prefix, the other shares that of a shorter code.
      let shorter = length - 2;
      while (lengths[shorter] === 0) shorter--;
      add(length, -2);
      add(length - 1, 1);
      add(shorter + 1, 2);
      add(shorter, -1);
    }
  }
  let longest = MAX_LENGTH;
  while (lengths[longest] === 0) longest--;
  add(longest, -1);
  return Uint8Array.from(lengths.slice(1, MAX_LENGTH + 1));
}
