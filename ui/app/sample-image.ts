/** A landscape drawn by code, so that the page needs no file: sky, sun, ridges, a lake, a little grain. */

const WIDTH = 1200;
const HEIGHT = 800;
const HORIZON = 500;
const GRAIN = 5; // codes, so that flat areas are not flat

/** @returns a PNG, the same on every call */
export async function makeSampleFile(): Promise<File> {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const painter = canvas.getContext('2d', { willReadFrequently: true });
  if (!painter) throw new Error('this browser offers no 2D canvas');
  const random = createRandom(7);
  drawSky(painter);
  const ridges = [
    { base: 400, height: 150, color: '#8d86ad' },
    { base: 445, height: 110, color: '#5d6c94' },
    { base: 480, height: 70, color: '#38536b' },
  ];
  for (const ridge of ridges) drawRidge(painter, ridge, random);
  drawLake(painter);
  drawShore(painter, random);
  addGrain(painter, random);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('drawing the sample failed');
  return new File([blob], 'sample.png', { type: 'image/png' });
}

type Painter = CanvasRenderingContext2D;

function drawSky(painter: Painter): void {
  const sky = painter.createLinearGradient(0, 0, 0, HORIZON);
  sky.addColorStop(0, '#2f5f9e');
  sky.addColorStop(0.45, '#8fb4d4');
  sky.addColorStop(0.75, '#f3c99b');
  sky.addColorStop(1, '#f08a5d');
  painter.fillStyle = sky;
  painter.fillRect(0, 0, WIDTH, HEIGHT);
  const glow = painter.createRadialGradient(820, 330, 20, 820, 330, 320);
  glow.addColorStop(0, 'rgba(255, 244, 214, 1)');
  glow.addColorStop(0.14, 'rgba(255, 226, 160, 0.9)');
  glow.addColorStop(1, 'rgba(255, 200, 120, 0)');
  painter.fillStyle = glow;
  painter.fillRect(0, 0, WIDTH, HORIZON);
}

interface Ridge {
  readonly base: number;
  readonly height: number;
  readonly color: string;
}

function drawRidge(painter: Painter, { base, height, color }: Ridge, random: () => number): void {
  const waves = Array.from({ length: 6 }, (_, i) => ({ turns: 1.3 * 1.8 ** i, phase: random() * 7, size: 0.6 ** i }));
  painter.beginPath();
  painter.moveTo(0, HEIGHT);
  for (let x = 0; x <= WIDTH; x += 2) {
    const sum = waves.reduce((y, { turns, phase, size }) => y + Math.sin((x / WIDTH) * turns * 6.28 + phase) * size, 0);
    painter.lineTo(x, base - (sum / 2.4) * height);
  }
  painter.lineTo(WIDTH, HEIGHT);
  painter.fillStyle = color;
  painter.fill();
}

function drawLake(painter: Painter): void {
  const water = painter.createLinearGradient(0, HORIZON, 0, HEIGHT);
  water.addColorStop(0, '#e59a72');
  water.addColorStop(0.3, '#6f87a0');
  water.addColorStop(1, '#1f3b57');
  painter.fillStyle = water;
  painter.fillRect(0, HORIZON, WIDTH, HEIGHT - HORIZON);
  for (let i = 0; i < 46; i++) {
    const y = HORIZON + i * i * 0.12 + i;
    const width = 30 + i * 3.2;
    painter.fillStyle = `rgba(255, 225, 170, ${0.5 - i * 0.009})`;
    painter.fillRect(820 - width / 2 + Math.sin(i * 2.4) * 22, y, width, 1.5 + i * 0.05);
  }
}

function drawShore(painter: Painter, random: () => number): void {
  drawRidge(painter, { base: 735, height: 26, color: '#1d3327' }, random);
  for (let i = 0; i < 60; i++) {
    const x = i < 34 ? random() * 360 : 960 + random() * 240;
    const size = 40 + random() * 105;
    const foot = 730 + random() * 50;
    painter.fillStyle = ['#1f4a33', '#2d5a34', '#16382c', '#3d6637'][i % 4] as string;
    painter.beginPath();
    painter.moveTo(x, foot - size);
    painter.lineTo(x - size * 0.2, foot);
    painter.lineTo(x + size * 0.2, foot);
    painter.fill();
  }
  // A red boat: the accent that a palette should find.
  painter.fillStyle = '#c8322b';
  painter.beginPath();
  painter.moveTo(500, 618);
  painter.quadraticCurveTo(560, 660, 640, 618);
  painter.lineTo(622, 646);
  painter.lineTo(520, 646);
  painter.fill();
  painter.fillStyle = '#f4ead8';
  painter.beginPath();
  painter.moveTo(566, 612);
  painter.lineTo(566, 520);
  painter.lineTo(618, 612);
  painter.fill();
}

function addGrain(painter: Painter, random: () => number): void {
  const image = painter.getImageData(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < image.data.length; i += 4) {
    const grain = (random() - 0.5) * 2 * GRAIN;
    for (let k = 0; k < 3; k++) image.data[i + k] = (image.data[i + k] as number) + grain;
  }
  painter.putImageData(image, 0, 0);
}

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
