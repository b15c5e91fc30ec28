/** Between two items of a strip, px. As in layout.css. */
const GAP = 4;

interface RoomProps {
  readonly count: number;
  /** From one item to the next, px. */
  readonly pitch: number;
}

/** Stands for items of a long strip that are out of sight. */
export function Room({ count, pitch }: RoomProps) {
  return count > 0 ? <span class="room" style={{ width: `${count * pitch - GAP}px` }} /> : null;
}
