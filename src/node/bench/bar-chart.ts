/** Horizontal bars as SVG text, made without any library. Reads well on light and on dark pages. */

/** Meaning of a bar, not its color: the colors are below. */
export type Tone = 'ours' | 'approximate' | 'peer' | 'floor';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Ends of the whisker: smallest and largest of the runs. */
  readonly low?: number;
  readonly high?: number;
  readonly tone: Tone;
  /** Instead of a bar: why there is none. */
  readonly missing?: string;
}

export interface BarGroup {
  readonly title?: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  readonly subtitle?: string;
  /** Behind each value: `Mpx/s`. */
  readonly unit: string;
  readonly groups: readonly BarGroup[];
  /** What the tones that occur mean, in order. */
  readonly legend?: readonly (readonly [Tone, string])[];
  readonly footer?: string;
  /** Text of a value. Default: whole numbers from 10 on, one decimal below. */
  readonly format?: (value: number) => string;
}

const WIDTH = 820;
const PADDING = 28;
const ROW = 26;
const BAR = 16;
const VALUE_ROOM = 110;
/** Mean advance of a system font at 13 px; labels get at most a third of the width. */
const CHARACTER = 6.9;
const MAX_LABEL = 300;

const COLORS: Readonly<Record<Tone, { readonly light: string; readonly dark: string }>> = {
  ours: { light: '#2f6fde', dark: '#6ea0ff' },
  approximate: { light: '#c98a12', dark: '#e5b04a' },
  peer: { light: '#8b93a1', dark: '#8f98a8' },
  floor: { light: '#c9ced6', dark: '#4c5563' },
};

/** @returns a whole SVG document; all text is escaped, nothing is referred to outside of it */
export function drawBarChart(chart: BarChart): string {
  const { title, subtitle, unit, groups, legend = [], footer, format = plainNumber } = chart;
  const bars = groups.flatMap((group) => group.bars);
  const labelWidth = Math.min(MAX_LABEL, Math.max(...bars.map(({ label }) => label.length), 1) * CHARACTER);
  const left = PADDING + labelWidth + 12;
  const right = WIDTH - PADDING - VALUE_ROOM;
  const largest = Math.max(...bars.map(({ value, high }) => Math.max(value, high ?? 0)), Number.MIN_VALUE);
  const x = (value: number): number => round(left + ((right - left) * value) / largest);

  const parts: string[] = [];
  let y = PADDING + 16;
  parts.push(text(PADDING, y, title, 'title'));
  if (subtitle) parts.push(text(PADDING, (y += 22), subtitle, 'soft'));
  if (legend.length > 0) {
    y += 28;
    let at = PADDING;
    for (const [tone, meaning] of legend) {
      parts.push(`<rect class="${tone}" x="${round(at)}" y="${y - 11}" width="12" height="12" rx="3"/>`);
      parts.push(text(at + 18, y, meaning, 'soft'));
      at += 18 + meaning.length * CHARACTER + 24;
    }
  }
  y += 20;
  for (const group of groups) {
    if (group.title) parts.push(text(PADDING, (y += 18), group.title, 'group'));
    y += group.title ? 12 : 0;
    const top = y;
    for (const bar of group.bars) {
      parts.push(...drawBar(bar, left, y, x, unit, format));
      y += ROW;
    }
    parts.push(`<path class="axis" d="M${round(left) - 0.5} ${top}V${y}"/>`);
    y += 10;
  }
  if (footer) parts.push(text(PADDING, (y += 14), footer, 'small'));
  const height = Math.round(y + PADDING - 6);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">
<style>${style()}</style>
<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12"/>
${parts.join('\n')}
</svg>
`;
}

function drawBar(
  { label, value, low, high, tone, missing }: Bar,
  left: number,
  y: number,
  x: (value: number) => number,
  unit: string,
  format: (value: number) => string,
): string[] {
  const middle = y + ROW / 2;
  const name = text(left - 12, middle + 4.5, shorten(label), 'label');
  if (missing !== undefined) return [name, text(left + 8, middle + 4.5, missing, 'soft')];
  const top = middle - BAR / 2;
  const end = Math.max(x(value), left + 1.5);
  const parts = [
    name,
    `<rect class="${tone}" x="${round(left)}" y="${top}" width="${round(end - left)}" height="${BAR}" rx="3"/>`,
  ];
  let reach = end;
  if (low !== undefined && high !== undefined && x(high) - x(low) >= 2) {
    parts.push(
      `<path class="whisker" d="M${x(low)} ${middle}H${x(high)}M${x(high)} ${middle - 4}v8M${x(low)} ${middle - 4}v8"/>`,
    );
    reach = Math.max(reach, x(high));
  }
  parts.push(text(reach + 8, middle + 4.5, `${format(value)} ${unit}`, 'value'));
  return parts;
}

function style(): string {
  const fills = (mode: 'light' | 'dark'): string =>
    Object.entries(COLORS)
      .map(([tone, color]) => `.${tone}{fill:${color[mode]}}`)
      .join('');
  return [
    'text{font:13px system-ui,-apple-system,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif;fill:#1c2430}',
    '.title{font-size:17px;font-weight:600}.group{font-weight:600}.label{text-anchor:end}',
    '.value{font-weight:600}.soft,.small{fill:#5a6473}.small{font-size:11.5px}',
    '.card{fill:#ffffff;stroke:#dfe3e9}.axis{stroke:#c3c9d2;fill:none}',
    '.whisker{stroke:#1c2430;stroke-opacity:.65;stroke-width:1.25;fill:none}',
    fills('light'),
    '@media (prefers-color-scheme:dark){text{fill:#e8ebf0}.soft,.small{fill:#a3adbb}.card{fill:#161b22;stroke:#30363d}',
    `.axis{stroke:#4c5563}.whisker{stroke:#f2f4f7}${fills('dark')}}`,
  ].join('');
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escapeXml(content)}</text>`;
}

function shorten(label: string): string {
  const room = Math.floor(MAX_LABEL / CHARACTER);
  return label.length > room ? `${label.slice(0, room - 1)}…` : label;
}

function plainNumber(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}

/** XML text and attribute values; control characters, which XML forbids, are dropped. */
export function escapeXml(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
