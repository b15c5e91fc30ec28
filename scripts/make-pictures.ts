/** Writes the pages' pictures, docs/images/*.webp, as doc-pictures.ts describes them. Run: npm run pictures [-- NAME...] */
import sharp, { type Sharp } from 'sharp';
import { type Plan, type PlanRow, packColor, parseColor, type RecipeInput } from '../src/core/index.js';
import { analyze, colorsOf, createEngine, readTokens, recolor, rgbOfColor, suggestPalette } from '../src/node/index.js';
import { type Example, type Panel, SPLITS, type Split, STRIPS, type Strip } from './doc-pictures.js';

const SPLIT = { width: 720, height: 480 };
const DIVIDER = 3;
/** Of a strip, which may be twice as dense as it is shown. */
const STRIP_WIDTH = 1200;
const GAP = 8;
const LABEL = { size: 21, height: 36, inset: 10 };
/** Sizes at which recoloring is quick; percentages mean the same. */
const WORK_WIDTH = 720;

const engine = createEngine();
const asked = process.argv.slice(2);
const isAsked = ({ name }: { name: string }): boolean => asked.length === 0 || asked.includes(name);
for (const split of SPLITS.filter(isAsked)) await write(split.name, await drawSplit(split));
for (const strip of STRIPS.filter(isAsked)) await write(strip.name, await drawStrip(strip));
engine.dispose();

async function write(name: string, picture: Sharp): Promise<void> {
  const { size } = await picture
    .webp({ quality: 78, effort: 6, smartSubsample: true })
    .toFile(`docs/images/${name}.webp`);
  console.log(`${name}  ${(size / 1000).toFixed(0)} kB`);
}

function open(example: Example): Sharp {
  return sharp(`examples/${example}`).resize(WORK_WIDTH);
}

async function drawSplit({ example, rows }: Split): Promise<Sharp> {
  const before = await open(example).resize(SPLIT.width, SPLIT.height).toBuffer();
  const after = await (await recolor(open(example), rows, { engine }))
    .resize(SPLIT.width, SPLIT.height)
    .png()
    .toBuffer();
  const left = await sharp(before)
    .extract({ left: 0, top: 0, width: SPLIT.width / 2, height: SPLIT.height })
    .toBuffer();
  const divider = { create: { width: DIVIDER, height: SPLIT.height, channels: 3 as const, background: '#fff' } };
  return sharp(after).composite([
    { input: left, left: 0, top: 0 },
    { input: divider, left: SPLIT.width / 2 - 1, top: 0 },
  ]);
}

async function drawStrip({ example, across, panels }: Strip): Promise<Sharp> {
  const width = Math.floor((STRIP_WIDTH - (across - 1) * GAP) / across);
  const height = Math.round((width * 2) / 3);
  const rows = Math.ceil(panels.length / across);
  const drawn = await Promise.all(panels.map((panel) => drawPanel(panel, example, width, height)));
  const canvas = {
    width: across * width + (across - 1) * GAP,
    height: rows * height + (rows - 1) * GAP,
    channels: 4 as const,
    background: { r: 0, g: 0, b: 0, alpha: 0 },
  };
  return sharp({ create: canvas }).composite(
    drawn.map((input, i) => ({
      input,
      left: (i % across) * (width + GAP),
      top: Math.floor(i / across) * (height + GAP),
    })),
  );
}

async function drawPanel(panel: Panel, example: Example, width: number, height: number): Promise<Buffer> {
  const source = panel.example ?? example;
  const recipe = (panel.palette ? await recipeOf(source, panel.palette) : panel.recipe) as RecipeInput | undefined;
  const plan = recipe && panel.reference ? await analyze(open(panel.reference), recipe, { engine }) : recipe;
  let picture = open(source);
  if (plan)
    picture = panel.isUnbounded ? await blendUnbounded(picture, plan) : await recolor(picture, plan, { engine });
  const pixels = await picture.resize(width, height).png().toBuffer();
  return sharp(pixels)
    .composite([{ input: drawLabel(panel.label), left: LABEL.inset, top: height - LABEL.height - LABEL.inset }])
    .png()
    .toBuffer();
}

async function recipeOf(source: Example, palette: Readonly<Record<string, string>>): Promise<RecipeInput> {
  const tokens = Object.entries(palette).map(([name, $value]) => [name, { $type: 'color', $value }] as const);
  const set = readTokens([{ file: 'palette', text: JSON.stringify(Object.fromEntries(tokens)) }]);
  return (await suggestPalette(await open(source).png().toBuffer(), colorsOf(set))).recipe;
}

/**
 * The model's blend, but for one thing: weights whose sum is above 1 are taken as they are. So does imgcolorshine 3.3.3.
 * @see docs/internals/model.md, section 5
 */
async function blendUnbounded(picture: Sharp, recipe: RecipeInput | Plan): Promise<Sharp> {
  const { rows } = await analyze(picture, recipe, { engine });
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const codes = new Map<number, readonly number[]>();
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i] as number, data[i + 1] as number, data[i + 2] as number];
    const packed = packColor(r, g, b);
    const known = codes.get(packed) ?? blendColor(parseColor(`rgb(${r} ${g} ${b})`).oklab, rows);
    codes.set(packed, known);
    data.set(known, i);
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
}

function blendColor([l, a, b]: PlanRow['oklab'], rows: readonly PlanRow[]): readonly number[] {
  const weights = rows.map(({ oklab, radius, strength }) => {
    const x = Math.hypot(l - oklab[0], a - oklab[1], b - oklab[2]) / radius;
    return x < 1 ? ((strength / 100) * (1 + Math.cos(Math.PI * x))) / 2 : 0;
  });
  const rest = Math.max(0, 1 - weights.reduce((sum, w) => sum + w, 0));
  const mix = (own: number, axis: 0 | 1 | 2): number =>
    rows.reduce((sum, { oklab }, i) => sum + (weights[i] as number) * oklab[axis], rest * own);
  return rgbOfColor(`oklab(${mix(l, 0)} ${mix(a, 1)} ${mix(b, 2)})`);
}

/** White words on a dark ground, so that they are read on any picture and any page. */
function drawLabel(text: string): Buffer {
  const width = Math.round(text.length * LABEL.size * 0.6 + 24);
  const middle = LABEL.height / 2 + LABEL.size * 0.36;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${LABEL.height}"><rect width="100%" height="100%" rx="6" fill="#111" fill-opacity="0.78"/>` +
      `<text x="50%" y="${middle}" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-size="${LABEL.size}" fill="#fff">${text}</text></svg>`,
  );
}
