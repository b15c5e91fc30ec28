/** Draws this example's images. Run: node examples/build/make-images.mjs */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('./images/', import.meta.url));

const gradient = (id, from, to) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;

/** A bay: sky over dunes, sun low. */
const bay = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540">
  <defs>${gradient('sky', '#8fc7e8', '#f4e7d0')}${gradient('sea', '#4f9ab8', '#9cc9cf')}${gradient('sand', '#e8cf9f', '#c79a5f')}</defs>
  <rect width="960" height="540" fill="url(#sky)"/>
  <circle cx="690" cy="250" r="46" fill="#fff3cf"/>
  <path d="M0 262 L120 214 L230 246 L360 190 L520 262 Z" fill="#7f9fb0"/>
  <rect y="262" width="960" height="150" fill="url(#sea)"/>
  <path d="M0 392 Q240 340 470 396 T960 372 V540 H0 Z" fill="url(#sand)"/>
  <path d="M0 452 Q300 402 620 462 T960 446 V540 H0 Z" fill="#b98a52" opacity="0.55"/>
</svg>`;

/** A street: flat houses with windows. */
const house = (x, width, top, wall, roof) =>
  `<rect x="${x}" y="${top}" width="${width}" height="${400 - top}" fill="${wall}"/><path d="M${x - 8} ${top} L${x + width / 2} ${top - 46} L${x + width + 8} ${top} Z" fill="${roof}"/>${[
    0, 1, 2,
  ]
    .flatMap((row) =>
      [0, 1].map(
        (column) =>
          `<rect x="${x + 18 + column * (width - 62)}" y="${top + 24 + row * 56}" width="26" height="34" fill="#f7f2e4"/>`,
      ),
    )
    .join('')}`;
const street = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="440">
  <defs>${gradient('air', '#cfe6ef', '#f6efe2')}</defs>
  <rect width="640" height="440" fill="url(#air)"/>
  ${house(40, 130, 170, '#d98c5f', '#8c4b36')}${house(190, 110, 140, '#e3b96b', '#7d5a3c')}${house(320, 150, 190, '#7fa6a0', '#3f5f63')}${house(490, 110, 150, '#c9785f', '#74443c')}
  <rect y="400" width="640" height="40" fill="#8d8a86"/>
</svg>`;

/** A leaf on nothing: transparency stays as it is. */
const leaf = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">
  <defs>${gradient('green', '#9bd08f', '#3f8f5f')}</defs>
  <path d="M40 216 C20 110 110 30 222 34 C226 146 146 236 40 216 Z" fill="url(#green)"/>
  <path d="M40 216 C90 150 140 100 196 62" stroke="#2f6f4a" stroke-width="7" fill="none" stroke-linecap="round"/>
</svg>`;

await sharp(Buffer.from(bay)).jpeg({ quality: 90 }).toFile(`${folder}bay.jpg`);
await sharp(Buffer.from(street)).png().toFile(`${folder}street.png`);
await sharp(Buffer.from(leaf)).png().toFile(`${folder}leaf.png`);
