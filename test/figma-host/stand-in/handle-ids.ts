/** Which node a handle stands for. */
const ids = new WeakMap<object, string>();

export function nameHandle(handle: object, id: string): void {
  ids.set(handle, id);
}

export function idOf(handle: object): string {
  const id = ids.get(handle);
  if (id === undefined) throw new TypeError('Illegal invocation: not a Figma object');
  return id;
}
