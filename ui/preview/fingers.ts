interface Point {
  readonly x: number;
  readonly y: number;
}

/** What two fingers did: their middle moved, and came to lie where it is now; their distance grew. */
export interface Pinch {
  readonly dx: number;
  readonly dy: number;
  readonly x: number;
  readonly y: number;
  readonly factor: number;
}

/** Nearer than this two fingers are one spot, whose distance says nothing: CSS pixels. */
const LEAST_DISTANCE = 8;

/** The fingers on the stage by their pointers' ids; the first two count. */
export class Fingers {
  private readonly down = new Map<number, Point>();

  get count(): number {
    return this.down.size;
  }

  put(id: number, at: Point): void {
    this.down.set(id, at);
  }

  /** @returns undefined unless it is one of two */
  move(id: number, at: Point): Pinch | undefined {
    const before = this.pair();
    if (!this.down.has(id)) return undefined;
    this.down.set(id, at);
    const after = this.pair();
    if (!before || !after) return undefined;
    return {
      ...{ dx: after.x - before.x, dy: after.y - before.y, x: after.x, y: after.y },
      factor: after.distance / before.distance,
    };
  }

  lift(id: number): void {
    this.down.delete(id);
  }

  first(): Point | undefined {
    return this.down.values().next().value;
  }

  private pair(): (Point & { readonly distance: number }) | undefined {
    const [p, q] = this.down.values();
    if (!p || !q) return undefined;
    const distance = Math.max(LEAST_DISTANCE, Math.hypot(p.x - q.x, p.y - q.y));
    return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, distance };
  }
}
