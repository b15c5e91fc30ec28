import { messageOf, RpcError } from '../protocol/errors.js';
import type { StorageKey } from '../protocol/messages.js';
import { type Json, json } from '../protocol/schema.js';
import { alive, orNull } from './alive.js';

const PREFIX = 'colorshine/';
const WINDOW_KEY = `${PREFIX}window`;
const DEFAULT_SIZE = { width: 360, height: 680 };
const MIN_SIZE = { width: 280, height: 320 };
const MAX_SIZE = { width: 1600, height: 1600 };

/** What this person stored under a key, on this computer; null when nothing, or nothing readable. */
export async function readStored(key: StorageKey): Promise<Json> {
  try {
    return json((await alive(figma.clientStorage.getAsync(PREFIX + key))) ?? null, key);
  } catch {
    return null;
  }
}

/** Null deletes. @throws RpcError STORAGE_FULL */
export async function writeStored(key: StorageKey, value: Json): Promise<void> {
  if (value === null) return alive(figma.clientStorage.deleteAsync(PREFIX + key));
  try {
    await alive(figma.clientStorage.setAsync(PREFIX + key, value));
  } catch (error) {
    throw new RpcError('STORAGE_FULL', `could not store ${key}: ${messageOf(error)}`);
  }
}

export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

export async function readWindowSize(): Promise<WindowSize> {
  const stored: unknown = await orNull(figma.clientStorage.getAsync(WINDOW_KEY));
  return clampSize((stored ?? DEFAULT_SIZE) as WindowSize);
}

/** A window that fits most screens and shows at least its controls. */
export function clampSize({ width, height }: WindowSize): WindowSize {
  return {
    width: clamp(width, MIN_SIZE.width, MAX_SIZE.width, DEFAULT_SIZE.width),
    height: clamp(height, MIN_SIZE.height, MAX_SIZE.height, DEFAULT_SIZE.height),
  };
}

export async function writeWindowSize(size: WindowSize): Promise<void> {
  await orNull(figma.clientStorage.setAsync(WINDOW_KEY, { ...size }));
}

function clamp(value: unknown, min: number, max: number, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.round(Math.min(max, Math.max(min, value)))
    : fallback;
}
