import sharp from 'sharp';
import { fractalNoise } from '../../scripts/example-scene.js';

export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The shipped example, small. */
export async function lake(): Promise<Rgb> {
  const { data, info } = await sharp('examples/lake.jpg').resize(400).raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** Five lit balls of different colors on a table: smooth shading, the hardest thing to keep in order. */
export function stillLife(width = 360, height = 240): Rgb {
  const balls = [
    { x: 0.16, y: 0.58, r: 0.2, color: [214, 72, 52] },
    { x: 0.38, y: 0.66, r: 0.15, color: [240, 190, 60] },
    { x: 0.56, y: 0.55, r: 0.22, color: [64, 120, 190] },
    { x: 0.75, y: 0.68, r: 0.14, color: [96, 160, 84] },
    { x: 0.89, y: 0.62, r: 0.17, color: [150, 110, 170] },
  ] as const;
  return paint(width, height, (u, v, noise) => {
    const table =
      v > 0.62
        ? [150 - 70 * (v - 0.62), 116 - 60 * (v - 0.62), 86 - 50 * (v - 0.62)]
        : [70 + 90 * v, 76 + 92 * v, 92 + 90 * v];
    let color: readonly number[] = table;
    let light = 0.95 + 0.1 * noise;
    for (const ball of balls) {
      const dx = ((u - ball.x) * width) / height / ball.r;
      const dy = (v - ball.y) / ball.r;
      const inside = 1 - dx * dx - dy * dy;
      if (inside <= 0) continue;
      const normal = Math.sqrt(inside);
      light = 0.18 + 0.85 * Math.max(0, -0.5 * dx - 0.6 * dy + 0.62 * normal) + 0.03 * noise;
      color = ball.color;
    }
    return color.map((code) => code * light);
  });
}

/** A street at dusk: dark walls, a sky from orange to blue, lit windows. Mostly dark, with small bright accents. */
export function dusk(width = 360, height = 240): Rgb {
  return paint(width, height, (u, v, noise) => {
    const skyline = 0.42 + 0.18 * Math.sin(11 * Math.floor(u * 9)) * Math.sin(3 + Math.floor(u * 9));
    if (v < skyline) {
      const t = v / 0.6;
      return [70 + 180 * t + 14 * noise, 80 + 76 * t + 10 * noise, 130 - 50 * t + 8 * noise];
    }
    const isWindow =
      (u * 54) % 2 < 0.9 && (v * 40) % 2 < 0.9 && Math.sin(57 * Math.floor(u * 27) + 131 * Math.floor(v * 20)) > 0.55;
    if (isWindow) return [236 + 10 * noise, 196 + 10 * noise, 110];
    const depth = 0.5 + 0.5 * (v - skyline) + 0.25 * noise;
    return [62 * depth, 58 * depth, 74 * depth];
  });
}

function paint(
  width: number,
  height: number,
  colorAt: (u: number, v: number, noise: number) => readonly number[],
): Rgb {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const noise = 2 * fractalNoise((x / width) * 24, (y / height) * 24, 7, 4) - 1;
      for (const code of colorAt(x / width, y / height, noise))
        data[at++] = Math.min(255, Math.max(0, Math.round(code)));
    }
  }
  return { data, width, height };
}
