import type { Gamut } from '../core/types.js';
import { bytesOf, concatBytes, viewOf } from './bytes.js';
import { D50, DISPLAY_P3, type RgbSpace, SRGB, toXyzD50 } from './color-space.js';

/**
 * A profile for a space by its numbers: colorants and curve, nothing that needs a license.
 *
 * @param space with a transfer function of sRGB or a power
 * @see ICC.1:2010 (version 4.3), sections 7.2, 7.3, 8.3 and 10
 */
export function makeIccProfile({ chromaticities, transfer }: RgbSpace, name: string): Uint8Array {
  const colorants = toXyzD50(chromaticities);
  const curve = parametricCurve(transfer === 'srgb' ? SRGB_CURVE : [typeof transfer === 'number' ? transfer : 2.2]);
  const tags: [name: string, data: Uint8Array][] = [
    ['desc', localizedText(name)],
    ['cprt', localizedText('Public domain')],
    ['wtpt', xyz(D50)],
    ['rXYZ', xyz(colorants.slice(0, 3))],
    ['gXYZ', xyz(colorants.slice(3, 6))],
    ['bXYZ', xyz(colorants.slice(6, 9))],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const tableBytes = 4 + 12 * tags.length;
  const table = new Uint8Array(tableBytes);
  viewOf(table).setUint32(0, tags.length);
  const parts: Uint8Array[] = [];
  const places = new Map<Uint8Array, number>();
  let end = HEADER_BYTES + tableBytes;
  for (const [i, [tag, data]] of tags.entries()) {
    if (!places.has(data)) {
      places.set(data, end);
      parts.push(data);
      end += data.length;
    }
    table.set(bytesOf(tag), 4 + 12 * i);
    viewOf(table).setUint32(8 + 12 * i, places.get(data) as number);
    viewOf(table).setUint32(12 + 12 * i, data.length);
  }
  const header = new Uint8Array(HEADER_BYTES);
  viewOf(header).setUint32(0, end);
  header.set([4, 0x30], 8); // version 4.3
  header.set(bytesOf('mntrRGB XYZ '), 12);
  header.set([2024 >> 8, 2024 & 255, 0, 1, 0, 1], 24);
  header.set(bytesOf('acsp'), 36);
  header.set(xyz(D50).subarray(8), 68);
  return concatBytes([header, table, ...parts]);
}

const profiles = new Map<Gamut, Uint8Array>();

/** Attached to what has been converted to a gamut, or says in another way that it is in it. */
export function profileOf(gamut: Gamut): Uint8Array {
  let profile = profiles.get(gamut);
  if (!profile) profiles.set(gamut, (profile = makeIccProfile(SPACES[gamut], NAMES[gamut])));
  return profile;
}

const SPACES: Record<Gamut, RgbSpace> = { srgb: SRGB, 'display-p3': DISPLAY_P3 };
const NAMES: Record<Gamut, string> = { srgb: 'sRGB', 'display-p3': 'Display P3' };
const HEADER_BYTES = 128;
/** g, a, b, c, d of IEC 61966-2-1: (a x + b)^g from d on, c x below. */
const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

function fixed(values: readonly number[]): Uint8Array {
  const data = new Uint8Array(values.length * 4);
  for (const [i, value] of values.entries()) viewOf(data).setInt32(4 * i, Math.round(value * 65536));
  return data;
}

function xyz(values: readonly number[]): Uint8Array {
  return concatBytes([bytesOf('XYZ \0\0\0\0'), fixed(values)]);
}

/** Of kind 0 (a power) or 3. */
function parametricCurve(parameters: readonly number[]): Uint8Array {
  return concatBytes([bytesOf(`para\0\0\0\0\0${parameters.length === 1 ? '\0' : '\x03'}\0\0`), fixed(parameters)]);
}

/** One record, in English. */
function localizedText(text: string): Uint8Array {
  const data = new Uint8Array(28 + text.length * 2 + ((text.length * 2) % 4));
  const view = viewOf(data);
  data.set(bytesOf('mluc'), 0);
  view.setUint32(8, 1);
  view.setUint32(12, 12);
  data.set(bytesOf('enUS'), 16);
  view.setUint32(20, text.length * 2);
  view.setUint32(24, 28);
  for (let i = 0; i < text.length; i++) view.setUint16(28 + 2 * i, text.charCodeAt(i));
  return data;
}
