import { basename } from 'node:path';
import { createJsBackend } from '../../backends/js/index.js';
import { fixedPlan } from '../../core/analysis/radius.js';
import {
  buildLut,
  type Cancel,
  ColorshineError,
  DEFAULT_INTERPOLATION,
  DEFAULT_LUT_SIZE,
  type Plan,
  quote,
} from '../../core/index.js';
import { DEFAULT_HALD_LEVEL, haldSizes } from '../../core/lut/hald.js';
import { isPlan } from '../../core/plan-file.js';
import { toFileShape } from '../../core/recipe.js';
import { analyze } from '../analyze.js';
import { applyLutFile, type PreparedLut, prepareLut } from '../apply-lut.js';
import { createEngine } from '../engine.js';
import { lutFormat, type OpenedLut, readLutFile, writeLutFile } from '../lut-file.js';
import { type BatchItem, checkItem, isWanted, planBatch, STDIO } from './batch.js';
import { checkOutputs } from './check-outputs.js';
import { LUT_FLAGS, type LutValues } from './flags.js';
import { imageOptions } from './image-options.js';
import { parseFlags } from './parse-flags.js';
import { createProgress } from './progress.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { runItems } from './run-batch.js';
import { print, printJson, say } from './say.js';
import { resolveTokens } from './token-options.js';

/** `colorshine lut export|apply|info`. @returns the exit code */
export async function runLut(args: readonly string[], signal: Cancel, version: string): Promise<number> {
  const { values, positionals } = parseFlags(args, LUT_FLAGS);
  const [action, ...rest] = positionals;
  switch (action) {
    case 'export':
      return exportLut(rest, values, version);
    case 'apply':
      return applyLut(rest, values, signal);
    case 'info':
      return describeLut(rest, values);
    default:
      throw new ColorshineError(
        'INVALID_OPTION',
        `lut: expected one of export, apply, info, got ${action === undefined ? 'nothing' : quote(action)}`,
      );
  }
}

async function exportLut(positionals: readonly string[], values: LutValues, version: string): Promise<number> {
  const { outputImage: output, bits = 16, threads, backend: asked = 'auto', gpu, json, quiet } = values;
  if (output === undefined) {
    throw new ColorshineError('INVALID_OPTION', '--output-image: expected look.cube or look.png, got none');
  }
  const format = lutFormat(output, '--output-image');
  const defaultSize = format === 'hald' ? DEFAULT_HALD_LEVEL ** 2 : DEFAULT_LUT_SIZE;
  const { size = defaultSize } = values;
  if (format === 'hald' && !haldSizes().includes(size)) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `--size: expected ${haldSizes().join(', ')} for a Hald image, got ${size}; a .cube file takes any size`,
    );
  }
  const plan = await measurePlan(positionals, output, values);
  const engine = createEngine({ threads, backend: asked, gpu });
  try {
    const { backend } = await engine.select();
    // A file promises even steps, which 8-bit nodes do not have: js then does a GPU's work.
    const lut = await buildLut(plan, size, backend.evaluateGrid ? backend : createJsBackend());
    await writeLutFile(output, lut, plan, { bits, version });
  } finally {
    engine.dispose();
  }
  const report = { output, format, size, ...(format === 'hald' && { bits }), plan };
  if (json) printJson({ ...report, plan: toFileShape(plan) });
  else if (!quiet) say(`${output}: ${format}, ${size}^3 nodes`);
  return 0;
}

async function measurePlan(positionals: readonly string[], output: string, values: LutValues): Promise<Plan> {
  const { inputs, rows } = splitPositionals(positionals);
  const recipe = await resolveTokens(await readRecipe(rows, values), values);
  if (isPlan(recipe)) {
    if (inputs.length === 0) {
      await checkOutputs([output], [], values);
      return recipe;
    }
    throw new ColorshineError(
      'INVALID_OPTION',
      `INPUT: expected none beside a plan, whose radii are frozen, got ${quote(inputs[0])}`,
    );
  }
  const [input] = inputs;
  const fixed = input === undefined ? fixedPlan(recipe, 'srgb') : undefined;
  if (fixed) return fixed;
  if (input === undefined || inputs.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `INPUT: expected one image to measure, got ${inputs.length}`);
  }
  await checkOutputs([output], [input], values);
  return analyze(input, recipe, imageOptions(values));
}

async function applyLut(positionals: readonly string[], values: LutValues, signal: Cancel): Promise<number> {
  const { interpolation = DEFAULT_INTERPOLATION, threads } = values;
  const [file, ...inputs] = positionals;
  if (file === undefined) throw new ColorshineError('INVALID_OPTION', 'FILE: expected a .cube or Hald file, got none');
  const reading = readLutFile(file);
  const prepared = prepareLut(
    reading.then(({ lut }) => lut),
    interpolation,
    { threads },
  );
  try {
    await reading;
    return await applyToAll(prepared, file, inputs, values, signal);
  } finally {
    prepared.dispose();
  }
}

async function applyToAll(
  prepared: PreparedLut,
  file: string,
  inputs: readonly string[],
  values: LutValues,
  signal: Cancel,
): Promise<number> {
  const {
    format,
    quality,
    outputImage: output,
    outDir,
    force = false,
    clobber,
    recursive,
    json = false,
    quiet,
  } = values;
  if (inputs.includes(STDIO) || output === STDIO) {
    throw new ColorshineError('INVALID_OPTION', 'lut apply: expected files, got -');
  }
  const items = await planBatch(inputs, { output, outDir, format, force, clobber, recursive });
  await checkOutputs(
    items.filter(isWanted).map(({ output }) => output),
    [file],
    values,
  );
  const options = { force, signal, format, quality, ...imageOptions(values) };
  const progress = createProgress(items.length, !quiet && !json);
  const tell = (line: string, data: object): void => {
    if (json) printJson(data);
    else if (!quiet) progress.log(line);
  };
  const applyTo = async (item: BatchItem): Promise<void> => {
    const { input, output, reason } = item;
    if (item.action === 'skip') {
      return tell(`${input}: skipped, ${reason}`, { input, output, status: 'skipped', reason });
    }
    checkItem(item);
    const made = await applyLutFile(input, output, prepared, {
      ...options,
      onStage: (stage) => progress.stage(input, stage),
      onProgress: (stage, share) => progress.stage(input, stage, share),
    });
    tell(`${input} -> ${output}  ${made.width} x ${made.height}`, { input, output, status: 'done', ...made });
    if (!json && !quiet) for (const notice of made.notices) progress.log(`  note: ${notice}`);
  };
  try {
    return await runItems(items, { signal, json }, progress, applyTo);
  } finally {
    progress.stop();
  }
}

async function describeLut(positionals: readonly string[], { json }: LutValues): Promise<number> {
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `FILE: expected one .cube or Hald file, got ${positionals.length}`);
  }
  const facts = lutFacts(file, await readLutFile(file));
  if (json) printJson(facts);
  else print(formatFacts(facts));
  return 0;
}

type LutFacts = ReturnType<typeof lutFacts>;

function lutFacts(file: string, { lut, kind, bits, has3D, title, comments }: OpenedLut) {
  const { size, axes, nodes, shaper } = lut;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of has3D ? nodes : (shaper?.values ?? nodes)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return {
    file: basename(file),
    kind,
    ...(bits && { bits }),
    ...(title && { title }),
    ...(shaper && { shaper: { size: shaper.size, min: shaper.min, max: shaper.max } }),
    ...(has3D && { grid: { size, min: axes.map((axis) => axis[0]), max: axes.map((axis) => axis[size - 1]) } }),
    values: { min: low, max: high },
    comments,
  };
}

function formatFacts({ file, kind, bits, title, shaper, grid, values, comments }: LutFacts): string {
  const rows: [string, string][] = [
    ['file', file],
    ['kind', kind === 'hald' ? `Hald image, ${bits} bits` : '.cube'],
  ];
  if (title) rows.push(['title', title]);
  if (shaper) rows.push(['1D', `${shaper.size} samples, input ${shaper.min.join(' ')} to ${shaper.max.join(' ')}`]);
  if (grid) rows.push(['3D', `${grid.size}^3 nodes, input ${grid.min.join(' ')} to ${grid.max.join(' ')}`]);
  rows.push(['values', `${values.min.toFixed(6)} to ${values.max.toFixed(6)}`]);
  rows.push(...comments.map((comment): [string, string] => ['comment', comment]));
  return rows.map(([name, value]) => `${name.padEnd(10)}${toPlain(value)}`).join('\n');
}

/** A file from elsewhere must not give a terminal orders. */
function toPlain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
