import { decodeBase64 } from '../decode-base64.js';

/**
 * The text that `x.js?packed` holds. A page carries gpu.js in a third of its size so, and unpacks it only when a GPU is tried.
 *
 * @param packed base64 of a zlib stream
 * @throws where DecompressionStream is missing
 */
export async function unpackScript(packed: string): Promise<string> {
  const bytes = decodeBase64(packed);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
}
