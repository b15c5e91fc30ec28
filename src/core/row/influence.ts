/**
 * How strongly one row acts at a distance from its center (docs/internals/model.md, section 4).
 *
 * @param distance from the color to the center, >= 0
 * @param radius distance where the influence ends; 0 means the row does nothing
 * @param strength 0 to 200
 * @param isPlateau full up to half the radius, so that a whole surface moves (repaint, keep); else a raised cosine (attractor)
 * @returns weight, 0 to 1; 0 from the radius on
 */
export function influence(distance: number, radius: number, strength: number, isPlateau: boolean): number {
  if (radius === 0 || distance >= radius) return 0;
  const way = isPlateau ? Math.max(0, 2 * distance - radius) : distance;
  const falloff = (1 + Math.cos((Math.PI * way) / radius)) / 2;
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
