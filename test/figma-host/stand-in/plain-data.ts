/** What Figma's messages and storage carry: plain data, and in messages Uint8Array. Everything else is an error here. */

export interface Packed {
  /** JSON in which `{"$bytes": i}` stands for the i-th buffer. */
  readonly json: string;
  readonly buffers: Uint8Array[];
}

/** @throws for anything that Figma would lose or refuse: other typed arrays, ArrayBuffer, class instances, functions */
export function packMessage(message: unknown): Packed {
  const buffers: Uint8Array[] = [];
  const plain = toPlain(message, 'message', (bytes) => ({ $bytes: buffers.push(bytes.slice()) - 1 }), []);
  return { json: JSON.stringify(plain ?? null), buffers };
}

export function unpackMessage(json: string, buffers: readonly Uint8Array[]): unknown {
  return JSON.parse(json, (_key, value) => {
    const index = (value as { $bytes?: unknown } | null)?.$bytes;
    return typeof index === 'number' ? buffers[index] : value;
  });
}

/** A deep copy of plain data without bytes. @throws for anything else */
export function clonePlain<T>(value: T, place: string): T {
  const noBytes = (): never => {
    throw new TypeError(`${place}: bytes are not allowed here`);
  };
  return toPlain(value, place, noBytes, []) as T;
}

function toPlain(value: unknown, place: string, onBytes: (bytes: Uint8Array) => unknown, above: unknown[]): unknown {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${place}: ${value} does not survive serialization`);
    return value;
  }
  if (typeof value !== 'object') throw new TypeError(`${place}: cannot serialize a ${typeof value}`);
  if (value instanceof Uint8Array) return onBytes(value);
  if (above.includes(value)) throw new TypeError(`${place}: cannot serialize a cycle`);
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item, i) => toPlain(item, `${place}[${i}]`, onBytes, path));
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) {
    throw new TypeError(`${place}: cannot serialize an instance of ${value.constructor?.name ?? 'a class'}`);
  }
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = toPlain(item, `${place}.${key}`, onBytes, path);
  return copy;
}

/** Freezes plain data to its leaves. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
