/**
 * The file format of a cached lookup table. Numbers only: nothing in it is ever executed or revived into objects, and
 * whatever does not fit to the last byte is refused.
 *
 *     0  magic, 8 bytes      the CR LF in it shows a file that was copied as text
 *     8  version             uint32, little-endian like all numbers here
 *    12  length of the header in bytes (uint32), a multiple of 4
 *    16  length of the nodes in bytes (uint32)
 *    20  key, 32 bytes       SHA-256 of what decides the content
 *    52  SHA-256 of header and nodes
 *    84  header: JSON of the key's parts, padded with spaces
 *        nodes: float32, RGB, red fastest
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { isInGamut } from '../core/lut/sample.js';
import type { KeyParts, RowParts } from './lut-cache-key.js';

const MAGIC = Buffer.from('CSLUT\r\n\0', 'latin1');
const VERSION = 1;
const HEADER_AT = 84;
/** A header is a few hundred bytes; 64 attractors make some 10 kB. */
const MAX_HEADER_BYTES = 1 << 16;

/** Bytes that an entry's file may have. @param count of its values */
export function maxEntryBytes(count: number): number {
  return HEADER_AT + MAX_HEADER_BYTES + count * 4;
}

/** An entry as the bytes of its file. */
export function encodeEntry(key: Buffer, parts: KeyParts, nodes: Float32Array): Buffer {
  const text = Buffer.from(JSON.stringify(parts), 'utf8');
  const header = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const payload = toLittleEndian(Buffer.from(nodes.buffer, nodes.byteOffset, nodes.byteLength));
  const fixed = Buffer.alloc(HEADER_AT);
  MAGIC.copy(fixed);
  fixed.writeUInt32LE(VERSION, 8);
  fixed.writeUInt32LE(header.length, 12);
  fixed.writeUInt32LE(payload.length, 16);
  key.copy(fixed, 20);
  createHash('sha256').update(header).update(payload).digest().copy(fixed, 52);
  return Buffer.concat([fixed, header, payload]);
}

/**
 * The nodes of an entry.
 *
 * @param count how many values are expected
 * @returns undefined when anything at all is not as it should be
 */
export function decodeEntry(file: Buffer, key: Buffer, count: number): Float32Array | undefined {
  if (file.length < HEADER_AT || !file.subarray(0, 8).equals(MAGIC) || file.readUInt32LE(8) !== VERSION)
    return undefined;
  const headerLength = file.readUInt32LE(12);
  const payloadLength = file.readUInt32LE(16);
  if (payloadLength !== count * 4 || file.length !== HEADER_AT + headerLength + payloadLength) return undefined;
  if (!file.subarray(20, 52).equals(key)) return undefined;
  const body = file.subarray(HEADER_AT);
  if (!createHash('sha256').update(body).digest().equals(file.subarray(52, 84))) return undefined;
  const payload = toLittleEndian(Buffer.from(body.subarray(headerLength)));
  const nodes = new Float32Array(payload.buffer, payload.byteOffset, count);
  // The hash is no signature: a file that is whole may still hold nonsense.
  return isInGamut(nodes) ? nodes : undefined;
}

/** Only the key's parts, without reading the nodes. @returns undefined for anything that is not an entry */
export async function readEntryParts(path: string): Promise<KeyParts | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const fixed = Buffer.alloc(HEADER_AT);
    await file.read(fixed, 0, HEADER_AT, 0);
    const length = fixed.readUInt32LE(12);
    if (!fixed.subarray(0, 8).equals(MAGIC) || fixed.readUInt32LE(8) !== VERSION || length > MAX_HEADER_BYTES) {
      return undefined;
    }
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, HEADER_AT);
    const parts: unknown = JSON.parse(header.toString('utf8'));
    return isKeyParts(parts) ? parts : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** A list of texts and an explanation are made of these fields, from a file that anyone may have written. */
function isKeyParts(value: unknown): value is KeyParts {
  const { engine, model, size, backend, precision, gamut, channels, rows } = (value ?? {}) as Partial<KeyParts>;
  return (
    [engine, backend, precision, gamut].every(isText) &&
    [model, size].every(isNumber) &&
    typeof channels === 'object' &&
    channels !== null &&
    Array.isArray(rows) &&
    rows.every(isRowParts)
  );
}

function isRowParts(value: unknown): value is RowParts {
  const { text, colors, reach, oklab, center, strength, radius } = (value ?? {}) as Partial<RowParts>;
  return (
    [text, colors, reach].every(isText) &&
    [strength, radius].every(isNumber) &&
    isTriple(oklab) &&
    (center === undefined || isTriple(center))
  );
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isTriple = (value: unknown): boolean => Array.isArray(value) && value.length === 3 && value.every(isNumber);

/** A copy on a big-endian machine, the bytes themselves on others. */
function toLittleEndian(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
}
