/**
 * How strongly one attractor acts at an Oklab distance (docs/model.md, section 3).
 *
 * @param distance Oklab distance from the color to the attractor, >= 0
 * @param radius Oklab distance where the influence ends; 0 means the attractor does nothing
 * @param strength 0 to 200
 * @returns weight, 0 to 1; 0 from the radius on
 */
export function influence(distance: number, radius: number, strength: number): number {
  if (radius === 0 || distance >= radius) return 0;
  const falloff = (1 + Math.cos((Math.PI * distance) / radius)) / 2;
  const { floor, gain } = weightLine(strength);
  return floor + gain * falloff;
}

/**
 * Both branches of the strength rule as one line, weight = floor + gain * falloff, which is what kernels use.
 * Up to 100 the floor is 0; above, the floor rises to 1 while the gain falls to 0.
 */
export function weightLine(strength: number): { floor: number; gain: number } {
  if (strength <= 100) return { floor: 0, gain: strength / 100 };
  const floor = (strength - 100) / 100;
  return { floor, gain: 1 - floor };
}
