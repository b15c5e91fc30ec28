/** Start and end of a range of text that a place's key names; undefined for any other place. */
export function rangeOf(key: string): readonly [number, number] | undefined {
  const range = /^text:(\d+)-(\d+)$/.exec(key);
  return range ? [Number(range[1]), Number(range[2])] : undefined;
}
