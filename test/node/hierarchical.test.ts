import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { analyze, createEngine, type RecolorFileOptions, recolorFile } from '../../src/node/index.js';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

const RECIPE = ['teal;40;80', 'orange;50;150'];
let folder: string;
const at = (name: string): string => join(folder, name);
const run = (name: string, options: RecolorFileOptions) =>
  recolorFile(at(name), at(`out-${name}`), RECIPE, { hierarchical: true, measureRadiusError: true, ...options });

beforeEach(async () => {
  folder = await makeTempFolder();
});

describe('hierarchical', () => {
  it.each([
    ['jpg', 0, 'shrink-on-load'],
    ['jpg', 1e9, 'shrink-on-load'],
    ['png', 0, 'sampled'],
    ['png', 1e9, 'sampled'],
  ] as const)(
    'measures a large %s on a copy and says how far off (spooled above %d)',
    async (format, spoolAbove, source) => {
      await writeFile(
        at(`in.${format}`),
        await toSharp(gradient(1700, 1100))
          .toFormat(format === 'jpg' ? 'jpeg' : format)
          .toBuffer(),
      );
      const report = await run(`in.${format}`, { spoolAbove });
      const exact = await analyze(at(`in.${format}`), RECIPE);
      const { hierarchical } = report;
      expect(hierarchical).toMatchObject({ source, used: true });
      expect(Math.max(hierarchical?.width ?? 0, hierarchical?.height ?? 0)).toBeLessThanOrEqual(1024);
      expect(report.plan.rows.map(({ radius }) => radius)).toEqual(hierarchical?.radii);
      expect(hierarchical?.exactRadii).toEqual(exact.rows.map(({ radius }) => radius));
      for (const [i, radius] of (hierarchical?.radii ?? []).entries()) {
        const error = Math.abs(radius / (exact.rows[i]?.radius ?? 0) - 1);
        expect(error).toBeLessThan(0.02);
      }
      expect(report.plan).not.toEqual(exact);
    },
  );

  it('gives the same bytes behind the decoder, whether the error is measured or not', async () => {
    await writeFile(at('in.jpg'), await toSharp(gradient(1700, 1100)).jpeg().toBuffer());
    const engine = createEngine({ threads: 2 });
    const outputs = [];
    for (const options of [
      { spoolAbove: 1e9, engine },
      { spoolAbove: 0, engine },
      { spoolAbove: 0, engine, measureRadiusError: false },
      { spoolAbove: 0 },
    ]) {
      const { hierarchical, spool } = await run('in.jpg', options);
      expect(spool?.isEarly).toBe(options.spoolAbove === 0 ? true : undefined);
      expect(hierarchical?.exactRadii === undefined).toBe('measureRadiusError' in options);
      outputs.push(await readFile(at('out-in.jpg')));
    }
    engine.dispose();
    for (const bytes of outputs) expect(bytes.equals(outputs[0] as Buffer)).toBe(true);
  });

  it('makes no copy where the radii are frozen and no preview is wanted', async () => {
    await writeFile(at('in.jpg'), await toSharp(gradient(1700, 1100)).jpeg().toBuffer());
    const plan = await analyze(at('in.jpg'), RECIPE);
    for (const spoolAbove of [0, 1e9]) {
      const frozen = { hierarchical: true, measureRadiusError: true, spoolAbove };
      const report = await recolorFile(at('in.jpg'), at('out.jpg'), plan, frozen);
      expect(report.hierarchical).toBeUndefined();
      expect(report.notices).toContain('hierarchical: the radii of a plan are frozen, nothing is measured');
      const preview = await recolorFile(at('in.jpg'), at('out.jpg'), plan, { ...frozen, preview: at('small.jpg') });
      expect(preview.hierarchical).toMatchObject({ width: 1024, used: false });
    }
  });

  it('gives the same bytes in memory and through a file', async () => {
    const deep = sharp(gradient16(1300, 40), { raw: { width: 1300, height: 40, channels: 3 } }).toColourspace('rgb16');
    await writeFile(at('in.png'), await deep.png().toBuffer());
    const reports = [];
    const outputs = [];
    for (const spoolAbove of [0, 1e9]) {
      reports.push(await run('in.png', { spoolAbove }));
      outputs.push(await readFile(at('out-in.png')));
    }
    expect(outputs[0]?.equals(outputs[1] as Buffer)).toBe(true);
    expect(reports[0]?.plan).toEqual(reports[1]?.plan);
    expect(reports[0]?.hierarchical?.exactRadii).toEqual(reports[1]?.hierarchical?.exactRadii);
  });

  it('is exact for an image no larger than the copy', async () => {
    await writeFile(at('in.png'), await toSharp(gradient(300, 200)).png().toBuffer());
    const { plan } = await run('in.png', {});
    expect(plan).toEqual(await analyze(at('in.png'), RECIPE));
  });

  it('says that a plan has nothing to measure', async () => {
    await writeFile(at('in.png'), await toSharp(gradient(30, 20)).png().toBuffer());
    const plan = await analyze(at('in.png'), RECIPE);
    const report = await recolorFile(at('in.png'), at('out.png'), plan, { hierarchical: true });
    expect(report.notices.join()).toContain('frozen');
    expect(report.plan).toEqual(plan);
  });
});

describe('preview', () => {
  it.each([0, 1e9])('is the small result, there before the large one (spooled above %d)', async (spoolAbove) => {
    await writeFile(at('in.jpg'), await toSharp(gradient(1700, 1100)).jpeg().toBuffer());
    const seen: number[] = [];
    const onStage = async (stage: string): Promise<void> => {
      if (stage === 'recolor') seen.push((await readFile(at('small.webp'))).length);
    };
    const report = await recolorFile(at('in.jpg'), at('out.jpg'), RECIPE, {
      preview: at('small.webp'),
      spoolAbove,
      onStage: (stage) => void onStage(stage),
    });
    expect(report.hierarchical).toMatchObject({ used: false, preview: at('small.webp') });
    expect(report.plan).toEqual(await analyze(at('in.jpg'), RECIPE)); // the large result stays exact
    const small = await sharp(at('small.webp')).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([small.info.width, small.info.height]).toEqual([1024, 663]);
    const large = await sharp(at('out.jpg')).resize(1024, 663).raw().toBuffer();
    let difference = 0;
    for (let i = 0; i < large.length; i++) difference += Math.abs((large[i] as number) - (small.data[i] as number));
    expect(difference / large.length).toBeLessThan(12); // codes: it looks like the large one
    expect(seen[0]).toBeGreaterThan(1000);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('of an animation is its first frame', async () => {
    const frame = await toSharp(gradient(40, 30)).png().toBuffer();
    const gif = await sharp([frame, await sharp(frame).negate().toBuffer()], { join: { animated: true } })
      .gif({ delay: [50, 70] })
      .toBuffer();
    await writeFile(at('in.gif'), gif);
    await recolorFile(at('in.gif'), at('out.gif'), RECIPE, { preview: at('small.png') });
    expect(await sharp(at('small.png')).metadata()).toMatchObject({ width: 40, height: 30, format: 'png' });
  });

  it('never replaces the input', async () => {
    await writeFile(at('in.png'), await toSharp(gradient(30, 20)).png().toBuffer());
    await expect(recolorFile(at('in.png'), at('out.png'), RECIPE, { preview: at('in.png') })).rejects.toMatchObject({
      code: 'OUTPUT_IS_INPUT',
    });
  });
});
