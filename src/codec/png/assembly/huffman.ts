/** Lengths and codes of a Huffman code whose longest code is limited. */
import { DEPTHS, SORTED, TREE } from './layout';

/** The symbol's place in a sort key; above it, how often the symbol is. */
const SYMBOL_BITS: u32 = 9;

/**
 * Gives each symbol that occurs a code length.
 *
 * @param frequencies uint32 a symbol, under 2^23
 * @param count symbols; at least two of them occur
 * @param limit longest code, bits; 2^limit is at least `count`
 * @param lengths a byte a symbol, 0 for one that does not occur
 */
export function findLengths(frequencies: usize, count: i32, limit: i32, lengths: usize): void {
  const used = sortSymbols(frequencies, count, lengths);
  findDepths(used);
  limitDepths(used, limit);
  for (let i = 0; i < used; i++) {
    const symbol = load<u32>(SORTED + (i << 2)) & ((1 << SYMBOL_BITS) - 1);
    store<u8>(lengths + symbol, <u8>load<u32>(TREE + (i << 2)));
  }
}

/** Writes keys of the symbols that occur, the rarest first, and their frequencies into TREE. */
function sortSymbols(frequencies: usize, count: i32, lengths: usize): i32 {
  let used: i32 = 0;
  for (let symbol = 0; symbol < count; symbol++) {
    const frequency = load<u32>(frequencies + (symbol << 2));
    store<u8>(lengths + symbol, 0);
    if (frequency === 0) continue;
    store<u32>(SORTED + (used++ << 2), (frequency << SYMBOL_BITS) | symbol);
  }
  for (let gap = 121; gap > 0; gap = gap / 3) {
    for (let i = gap; i < used; i++) {
      const key = load<u32>(SORTED + (i << 2));
      let at = i;
      for (; at >= gap; at -= gap) {
        const other = load<u32>(SORTED + ((at - gap) << 2));
        if (other <= key) break;
        store<u32>(SORTED + (at << 2), other);
      }
      store<u32>(SORTED + (at << 2), key);
    }
  }
  for (let i = 0; i < used; i++) store<u32>(TREE + (i << 2), load<u32>(SORTED + (i << 2)) >> SYMBOL_BITS);
  return used;
}

function at(i: i32): usize {
  return TREE + (i << 2);
}

/**
 * From weights in ascending order to depths, in place.
 *
 * @see Moffat and Katajainen, In-place calculation of minimum-redundancy codes (1995)
 */
function findDepths(used: i32): void {
  // Joins the two lightest again and again: an inner node takes the place of its weight, a joined one that of its parent.
  let leaf: i32 = 0;
  let root: i32 = 0;
  for (let next = 0; next < used - 1; next++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= used || (root < next && load<u32>(at(root)) < load<u32>(at(leaf)))) {
        weight += load<u32>(at(root));
        store<u32>(at(root++), next);
      } else {
        weight += load<u32>(at(leaf++));
      }
    }
    store<u32>(at(next), weight);
  }
  // Depths of inner nodes, from the root down.
  store<u32>(at(used - 2), 0);
  for (let next = used - 3; next >= 0; next--) store<u32>(at(next), load<u32>(at(load<u32>(at(next)))) + 1);
  // Depths of leaves: what is left at each level when its inner nodes are taken off.
  let open: i32 = 1;
  let depth: u32 = 0;
  let inner = used - 2;
  let place = used - 1;
  while (open > 0) {
    let taken: i32 = 0;
    for (; inner >= 0 && load<u32>(at(inner)) === depth; inner--) taken++;
    for (; open > taken; open--) store<u32>(at(place--), depth);
    open = 2 * taken;
    depth++;
  }
}

/**
 * Lifts what is too deep to the limit and pays for it: each step hangs one of the deepest under a leaf that is less deep,
 * which frees one code of the limit's length, so that the code stays complete.
 */
function limitDepths(used: i32, limit: i32): void {
  for (let depth = 0; depth <= limit; depth++) store<u32>(DEPTHS + (depth << 2), 0);
  let excess: i32 = -(1 << limit);
  for (let i = 0; i < used; i++) {
    const depth = min<i32>(load<u32>(at(i)), limit);
    excess += 1 << (limit - depth);
    count(depth, 1);
  }
  if (excess === 0) return;
  for (; excess > 0; excess--) {
    let depth = limit - 1;
    while (load<u32>(DEPTHS + (depth << 2)) === 0) depth--;
    count(depth, -1);
    count(depth + 1, 2);
    count(limit, -1);
  }
  // The rarest come first and are the deepest.
  let i: i32 = 0;
  for (let depth = limit; depth > 0; depth--) {
    for (let left = load<u32>(DEPTHS + (depth << 2)); left > 0; left--) store<u32>(at(i++), depth);
  }
}

function count(depth: i32, change: i32): void {
  store<u32>(DEPTHS + (depth << 2), load<u32>(DEPTHS + (depth << 2)) + change);
}

/**
 * Canonical codes, their bits in the order in which deflate reads them.
 *
 * @param codes uint32 a symbol: bits in the low 24, their number in the upper 8
 * @see RFC 1951, section 3.2.2
 */
export function writeCodes(lengths: usize, count: i32, codes: usize): void {
  let code: u32 = 0;
  for (let length: u32 = 1; length < 16; length++) {
    for (let symbol = 0; symbol < count; symbol++) {
      if (load<u8>(lengths + symbol) !== length) continue;
      store<u32>(codes + (symbol << 2), reverse(code, length) | (length << 24));
      code++;
    }
    code <<= 1;
  }
}

function reverse(code: u32, length: u32): u32 {
  let bits: u32 = 0;
  for (let i: u32 = 0; i < length; i++) bits |= ((code >> i) & 1) << (length - 1 - i);
  return bits;
}
