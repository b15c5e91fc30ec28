/** Stands for items of a long strip that are out of sight. @param px none below 1 */
export function Room({ px }: { readonly px: number }) {
  return px > 0 ? <span class="room" style={{ width: `${px}px` }} /> : null;
}
