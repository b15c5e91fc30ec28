/**
 * The sRGB transfer function (IEC 61966-2-1). Display P3 uses the same one.
 *
 * "Encoded" components are what image files hold, "linear" ones are proportional to light; both run from 0 to 1 in gamut.
 */

/** Encoded component to linear light. @param encoded 0 to 1; odd-symmetric outside, as CSS Color 4 extends it. */
export function linearFromEncoded(encoded: number): number {
  const x = Math.abs(encoded);
  const linear = x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  return encoded < 0 ? -linear : linear;
}

/** Linear light to encoded component. @param linear 0 to 1 */
export function encodedFromLinear(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** Linear component to an integer code, rounded half up and clamped. @param maxCode 255 or 65535 */
export function quantize(linear: number, maxCode: number): number {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return maxCode;
  return Math.floor(encodedFromLinear(linear) * maxCode + 0.5);
}

/** Linear value of every code. @param maxCode 255 or 65535. @returns maxCode + 1 values */
export function linearTable(maxCode: number): Float64Array {
  const table = new Float64Array(maxCode + 1);
  for (let code = 0; code <= maxCode; code++) table[code] = linearFromEncoded(code / maxCode);
  return table;
}
