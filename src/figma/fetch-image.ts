import { messageOf, RpcError } from '../protocol/errors.js';
import type { SkipReason } from '../protocol/messages.js';
import type { RequestReply } from '../protocol/replies.js';
import { alive } from './alive.js';
import { sniffKind } from './sniff-kind.js';

/** Figma's `createImage` refuses anything larger. Pixels a side. */
const MAX_IMAGE_SIDE = 4096;

type ImageReply = RequestReply<'image.bytes'>;
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Images that can never be recolored, by hash: learned once, then listed as skipped without being fetched. */
const faults = new Map<string, SkipReason>();
const sizes = new Map<string, Size>();
const sizing = new Map<string, Promise<Size | undefined>>();
/** Requests under way, so that two askers cause one download. Bytes are not kept: 14 MB each would fill the sandbox. */
const underWay = new Map<string, Promise<ImageReply>>();

/** Why an image cannot be recolored, as far as is known yet. */
export function knownFault(hash: string): SkipReason | undefined {
  return faults.get(hash);
}

/** Size in pixels, as far as it is known yet. */
export function knownSize(hash: string): Size | undefined {
  return sizes.get(hash);
}

/** Size in pixels; undefined when Figma cannot say (the image is offline, for example). May wait for a download. */
export function readImageSize(hash: string): Promise<Size | undefined> {
  const running = sizing.get(hash) ?? readSizeOnce(hash);
  sizing.set(hash, running);
  running.then(() => sizing.delete(hash));
  return running;
}

async function readSizeOnce(hash: string): Promise<Size | undefined> {
  const known = sizes.get(hash);
  if (known) return known;
  try {
    const image = figma.getImageByHash(hash);
    const size = image && (await alive(image.getSizeAsync()));
    if (!size) return undefined;
    sizes.set(hash, { width: size.width, height: size.height });
    if (Math.max(size.width, size.height) > MAX_IMAGE_SIDE) faults.set(hash, 'too-large');
    return sizes.get(hash);
  } catch {
    return undefined;
  }
}

/** @throws RpcError IMAGE_MISSING, IMAGE_UNREADABLE, IMAGE_GIF, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED */
export function fetchImage(hash: string): Promise<ImageReply> {
  const running = underWay.get(hash);
  if (running) return running;
  const fetching = fetchOnce(hash);
  underWay.set(hash, fetching);
  const forget = (): void => void underWay.delete(hash);
  fetching.then(forget, forget);
  return fetching;
}

async function fetchOnce(hash: string): Promise<ImageReply> {
  const image = figma.getImageByHash(hash);
  if (!image) throw new RpcError('IMAGE_MISSING', 'Figma no longer has this image');
  await readImageSize(hash);
  if (faults.get(hash) === 'too-large') {
    throw new RpcError('IMAGE_TOO_LARGE', `the image is larger than ${MAX_IMAGE_SIDE} px a side`);
  }
  let bytes: Uint8Array;
  try {
    bytes = await alive(image.getBytesAsync());
  } catch (error) {
    throw new RpcError('IMAGE_UNREADABLE', `Figma could not load this image: ${messageOf(error)}`);
  }
  const kind = sniffKind(bytes);
  if (kind === 'gif') {
    faults.set(hash, 'gif');
    throw new RpcError('IMAGE_GIF', 'an animated GIF would lose its frames');
  }
  if (kind === undefined) {
    faults.set(hash, 'unsupported');
    throw new RpcError('IMAGE_UNSUPPORTED', 'expected a PNG or JPEG image');
  }
  return { bytes, kind };
}
