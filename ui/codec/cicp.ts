import type { FileGamut } from '../../src/codec/icc.js';

/** The gamut of coding-independent code points (ITU-T H.273), a PNG's cICP chunk. */
export function gamutOfCicp(cicp: Uint8Array): FileGamut {
  const [primaries, transfer, matrix, fullRange] = cicp;
  if (transfer !== 13 || matrix !== 0 || fullRange !== 1) return 'other';
  return primaries === 1 ? 'srgb' : primaries === 12 ? 'display-p3' : 'other';
}
