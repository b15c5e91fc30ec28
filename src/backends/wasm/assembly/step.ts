/** What the loops over pixels share; inlined into them. */
export class Step {
  /** Counts one pixel. A byte that is full starts again at 1 and its color is spilled, which stands for 255 pixels. */
  @inline static count(table: usize, color: u32, spill: usize): usize {
    const at = table + color;
    const next = load<u8>(at) + 1;
    if (<u8>next !== 0) {
      store<u8>(at, next);
      return spill;
    }
    store<u8>(at, 1);
    store<u32>(spill, color);
    return spill + 4;
  }

  /** Sets bit i for each byte i that is not 0. */
  @inline static flags(bytes: u64): u64 {
    const low: u64 = ((<u64>0x7f7f7f7f) << 32) | 0x7f7f7f7f;
    const high = (((bytes & low) + low) | bytes) & ~low;
    return ((high >> 7) * 0x0102040810204080) >> 56;
  }

  @inline static look(color: u32, slots: usize): u32 {
    return load<u32>(slots + (color << 2));
  }

  @inline static color3(at: usize): u32 {
    return <u32>load<u16>(at) | ((<u32>load<u8>(at, 2)) << 16);
  }
}
