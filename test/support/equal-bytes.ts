/** `toEqual` looks at typed arrays number by number, by name; of millions that takes seconds. Where all bytes agree it need not. */
import { expect } from 'vitest';

expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    ArrayBuffer.isView(a) &&
    ArrayBuffer.isView(b) &&
    a.constructor === b.constructor &&
    Buffer.compare(bytesOf(a), bytesOf(b)) === 0
      ? true
      : undefined, // vitest says where they differ
]);

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
