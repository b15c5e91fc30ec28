/** Two drawings for the pages, as SVG: a flat illustration of six colors, and a portrait whose skin has light and shade. */

export const FLAT_ART = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" viewBox="0 0 720 480" shape-rendering="crispEdges">
<rect width="720" height="480" fill="#e8eef6"/>
<rect y="380" width="720" height="100" fill="#c9d6e6"/>
<rect x="60" y="70" width="400" height="290" rx="18" fill="#1f5fbf"/>
<rect x="60" y="70" width="400" height="52" rx="18" fill="#16305c"/>
<rect x="92" y="160" width="150" height="110" fill="#f2a33c"/>
<rect x="270" y="160" width="150" height="22" fill="#e8eef6"/><rect x="270" y="204" width="110" height="22" fill="#e8eef6"/>
<rect x="270" y="248" width="130" height="22" fill="#e8eef6"/><rect x="92" y="300" width="120" height="32" fill="#ffffff"/>
<circle cx="570" cy="190" r="84" fill="#f2a33c"/>
<path d="M500 380 L590 250 L680 380 Z" fill="#1f5fbf"/><path d="M440 380 L500 300 L560 380 Z" fill="#16305c"/>
</svg>`;

export const PORTRAIT = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" viewBox="0 0 720 480">
<defs>
<linearGradient id="wall" x1="0" x2="1"><stop offset="0" stop-color="#c7d0d6"/><stop offset="1" stop-color="#6f7d88"/></linearGradient>
<radialGradient id="skin" cx="0.38" cy="0.34" r="0.75"><stop offset="0" stop-color="#eec3a9"/><stop offset="0.55" stop-color="#cf957a"/><stop offset="1" stop-color="#7d4d3d"/></radialGradient>
<linearGradient id="neck" x1="0" x2="1"><stop offset="0" stop-color="#c58a70"/><stop offset="1" stop-color="#7a4a3a"/></linearGradient>
<linearGradient id="shirt" x1="0" x2="1"><stop offset="0" stop-color="#3f7a4f"/><stop offset="0.45" stop-color="#2f6440"/><stop offset="1" stop-color="#173622"/></linearGradient>
</defs>
<rect width="720" height="480" fill="url(#wall)"/>
<path d="M120 480 C130 370 250 330 360 330 C470 330 590 370 600 480 Z" fill="url(#shirt)"/>
<path d="M310 270 L410 270 L420 345 C390 385 330 385 300 345 Z" fill="url(#neck)"/>
<ellipse cx="360" cy="200" rx="104" ry="128" fill="url(#skin)"/>
<path d="M248 200 C226 18 494 18 472 200 C466 150 436 122 384 124 C330 128 272 128 248 200 Z" fill="#2b211d"/>
<ellipse cx="318" cy="196" rx="12" ry="7" fill="#2b211d"/><ellipse cx="402" cy="196" rx="12" ry="7" fill="#2b211d"/>
<path d="M354 205 C350 232 346 240 362 244" fill="none" stroke="#8d5a48" stroke-width="5" stroke-linecap="round"/>
<path d="M326 272 C345 286 378 286 396 272" fill="none" stroke="#8a3f3c" stroke-width="8" stroke-linecap="round"/>
</svg>`;
