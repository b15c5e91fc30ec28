/** Every bad input: one line on stderr that names it, the right exit code, nothing left behind, nothing harmed. */
import { execFileSync } from 'node:child_process';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const USAGE = 2;
const DATA = 1;
let folder: string;

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(join(folder, 'good.png'), await toSharp(gradient(16, 16)).png().toBuffer());
});

/** Expects one line that holds every fragment, and no new file. */
async function expectRefusal(args: string[], code: number, ...fragments: (string | RegExp)[]): Promise<void> {
  const before = await readdir(folder);
  const result = await runCli(['shine', ...args], folder);
  expect(result.stderr.trimEnd().split('\n'), result.stderr).toHaveLength(1);
  expect(result.stderr).toMatch(/^colorshine: /);
  for (const fragment of fragments) expect(result.stderr).toMatch(fragment);
  expect(result.code).toBe(code);
  expect(result.stdout).toHaveLength(0);
  expect(await readdir(folder)).toEqual(before);
}

describe('attractors', () => {
  it.each([
    ['an unknown color', 'blurple;50;70', ['CSS color', '"blurple"']],
    ['tolerance 150', 'red;150;70', ['tolerance', 'from 0 to 100', '"150"']],
    ['strength -10', 'red;50;-10', ['strength', 'from 0 to 200', '"-10"']],
    ['strength 201', 'red;50;201', ['strength', 'from 0 to 200', '"201"']],
    ['NaN', 'red;NaN;70', ['tolerance', 'from 0 to 100', '"NaN"']],
    ['Infinity', 'red;50;Infinity', ['strength', '"Infinity"']],
    ['an exponent', 'red;1e1;70', ['tolerance', '"1e1"']],
    ['an empty part', 'red;;70', ['tolerance', '""']],
    ['a missing part', 'red;50', ['3 parts', 'got 2', 'red;50']],
    ['too many parts', 'red;50;70;90', ['3 parts', 'got 4']],
    ['a bare color', 'red', ['3 parts', 'got 1', '"red"']],
    ['a color over 128 characters', `rgb(${'1'.repeat(140)} 2 3);50;70`, ['at most 128 characters', 'got 149']],
    ['a string built to hang a parser', `rgb(${'d,'.repeat(700)};50;70`, ['at most 128 characters']],
  ])('%s', async (_, attractor, fragments) => {
    await expectRefusal(['good.png', attractor], USAGE, ...fragments);
  });

  it.each(['blue,50,70', 'blue:50:70', 'rgb(1, 2, 3) 50 70', 'attractor'])('%s', (slip) =>
    expectRefusal(['good.png', slip], USAGE, '3 parts', 'got 1', slip),
  );
  it('none at all', () => expectRefusal(['good.png'], USAGE, 'at least one', '--recipe FILE', 'got 0'));

  it('a recipe without its flag', () =>
    expectRefusal(['good.png', 'brand.json'], USAGE, 'got "brand.json"', '--recipe brand.json'));
  it('all channels off', () =>
    expectRefusal(['good.png', 'red;50;70', '--no-hue', '--luminance=False', '--nosaturation'], USAGE, 'all off'));
});

describe('input files', () => {
  const cases: [string, string, (path: string) => Promise<unknown> | unknown, (string | RegExp)[]][] = [
    ['missing', 'nowhere.jpg', () => undefined, ['found nothing there']],
    ['a folder', 'folder.jpg', (path) => mkdir(path), ['a folder']],
    ['a FIFO', 'pipe.jpg', (path) => execFileSync('mkfifo', [path]), ['a FIFO']],
    ['text called .png', 'text.png', (path) => writeFile(path, 'hello there'), ['JPEG, PNG', 'hello']],
    ['zero bytes', 'zero.png', (path) => writeFile(path, ''), ['an empty file']],
    ['SVG', 'art.svg', (path) => writeFile(path, '<svg xmlns="http://www.w3.org/2000/svg"/>'), ['got SVG']],
    ['libvips format', 'a.v', async (path) => writeFile(path, Buffer.from('b6a6f208', 'hex')), ['JPEG, PNG']],
    ['a broken symbolic link', 'link.png', (path) => symlink('gone.png', path), ['found nothing there']],
  ];
  it.each(cases)('%s', async (_, name, make, fragments) => {
    await make(join(folder, name));
    await expectRefusal([name, 'red;50;70'], DATA, name, ...fragments);
  });

  it('a truncated JPEG', async () => {
    const jpeg = await toSharp(gradient(200, 200)).jpeg().toBuffer();
    await writeFile(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length * 0.6));
    await expectRefusal(['cut.jpg', 'red;50;70'], DATA, 'cut.jpg', 'intact JPEG');
  });

  it('an image over the pixel cap, before it is decoded', async () => {
    const png = await sharp({
      create: { width: 11_000, height: 10_000, channels: 3, background: 'red' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await writeFile(join(folder, 'huge.png'), png);
    await expectRefusal(['huge.png', 'red;50;70'], DATA, 'at most 100000000 pixels', 'got 110000000', '--max-pixels');
    await expectRefusal(['good.png', 'red;50;70', '--max-pixels=255'], DATA, 'at most 255 pixels', 'got 256');
  });

  it('a pattern without a match', () => expectRefusal(['*.webp', 'red;50;70'], DATA, 'no match'));
  it('no input', () => expectRefusal(['red;50;70'], USAGE, 'at least one image file'));
  it('an empty name', () => expectRefusal(['', 'red;50;70'], USAGE, 'image file, got ""'));
  it('a name like an option', async () => {
    await writeFile(join(folder, '-good.png'), await readFile(join(folder, 'good.png')));
    await expectRefusal(['-good.png', 'red;50;70'], USAGE, 'unknown option', './-good.png');
  });
  it('an empty standard input', () => expectRefusal(['-', 'red;50;70'], DATA, 'standard input', 'an empty file'));
});

describe('outputs', () => {
  it.each(['good.png', './good.png', 'soft.png', 'hard.png'])('equal to the input: %s', async (output) => {
    await symlink('good.png', join(folder, 'soft.png'));
    await link(join(folder, 'good.png'), join(folder, 'hard.png'));
    const before = await readFile(join(folder, 'good.png'));
    await expectRefusal(['good.png', 'red;50;70', '-o', output], USAGE, 'same file', '--force');
    expect(await readFile(join(folder, 'good.png'))).toEqual(before);
  });

  it('a recipe saved over the input', async () => {
    const before = await readFile(join(folder, 'good.png'));
    await expectRefusal(['good.png', 'red;50;70', '--save-recipe', './good.png'], USAGE, 'same file', '--force');
    expect(await readFile(join(folder, 'good.png'))).toEqual(before);
  });

  it('two inputs for one output', async () => {
    await writeFile(join(folder, 'good.jpg'), await toSharp(gradient(16, 16)).jpeg().toBuffer());
    await expectRefusal(
      ['good.png', 'good.jpg', 'red;50;70', '--format=webp'],
      USAGE,
      'one input for each output',
      'good.png',
      'good.jpg',
    );
  });

  it('-o for several inputs', async () => {
    await writeFile(join(folder, 'b.png'), await readFile(join(folder, 'good.png')));
    await expectRefusal(['good.png', 'b.png', 'red;50;70', '-o', 'x.png'], USAGE, 'one input', 'got 2');
  });

  it('a folder where the output should be', async () => {
    await mkdir(join(folder, 'out.png'));
    await expectRefusal(['good.png', 'red;50;70', '-o', 'out.png'], DATA, 'out.png', 'a folder of that name');
  });

  it('the folder itself', () => expectRefusal(['good.png', 'red;50;70', '-o', '.'], DATA, 'a folder of that name'));

  it.each(['x.bmp', 'x.HEIC', 'x.svg'])('a name that promises another format: %s', (output) =>
    expectRefusal(['good.png', 'red;50;70', '-o', output], USAGE, output, '.jpg, .png', output.slice(1).toLowerCase()),
  );

  it('more pixels a side than the format holds', async () => {
    await writeFile(join(folder, 'tall.png'), await toSharp(gradient(1, 20_000)).png().toBuffer());
    const fragments = ['x.webp', 'at most 16383 pixels a side', 'got 1 x 20000'];
    await expectRefusal(['tall.png', 'red;50;70', '-o', 'x.webp'], USAGE, ...fragments);
    await expectRefusal(['tall.png', 'red;50;70', '-o', 'x.webp', '--spool-above=0'], USAGE, ...fragments);
  });

  it('a file where a folder should be', () =>
    expectRefusal(['good.png', 'red;50;70', '-o', 'good.png/x.png'], DATA, 'a file where a folder should be'));

  it('a folder without write permission', async () => {
    // Root may write to any ordinary folder, but not add files to /sys.
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) await mkdir(join(folder, 'locked'), { mode: 0o500 });
    const output = isRoot ? '/sys/x.png' : 'locked/x.png';
    await expectRefusal(['good.png', 'red;50;70', '-o', output], DATA, 'x.png', 'no permission');
  });

  it.runIf(process.platform === 'linux')('a folder that cannot be made', () =>
    expectRefusal(
      ['good.png', 'red;50;70', '--out-dir=/proc/nowhere/x'],
      DATA,
      'good.png',
      'a folder that cannot be made',
    ),
  );

  it('an unknown format', () => expectRefusal(['good.png', 'red;50;70', '--format=bmp'], USAGE, 'jpeg, png', '"bmp"'));
  it('a quality out of range', () =>
    expectRefusal(['good.png', 'red;50;70', '--quality=0'], USAGE, 'from 1 to 100', 'got 0'));
});

describe('options', () => {
  it('an unknown one names the nearest', () =>
    expectRefusal(['good.png', 'red;50;70', '--tollerance=3', '--verbos'], USAGE, '--tollerance', 'did you mean'));
  it('a flag with a wrong word', () =>
    expectRefusal(['good.png', 'red;50;70', '--gpu=perhaps'], USAGE, 'True or False', 'perhaps'));
  it('a recipe that is not JSON', async () => {
    await writeFile(join(folder, 'r.json'), 'attractors: red');
    await expectRefusal(['good.png', '--recipe=r.json'], USAGE, 'r.json', 'expected JSON');
  });
  it('a recipe with an unknown key', async () => {
    await writeFile(join(folder, 'r.json'), '{"version":1,"atractors":[]}');
    await expectRefusal(['good.png', '--recipe=r.json'], USAGE, 'r.json', '"atractors"', '"attractors"');
  });
  it('a recipe of another version', async () => {
    await writeFile(join(folder, 'r.json'), '{"version":9,"attractors":["red;50;70"]}');
    await expectRefusal(['good.png', '--recipe=r.json'], USAGE, 'version', 'expected 1', 'got 9');
  });
});

describe('in a batch', () => {
  it('exit code 1 as soon as one is written, also where the call cannot work for another', async () => {
    await writeFile(join(folder, 'tall.png'), await toSharp(gradient(1, 20_000)).png().toBuffer());
    const { code, stderr } = await runCli(['shine', 'good.png', 'tall.png', 'red;50;70', '--format=webp'], folder);
    expect(stderr).toContain('tall_colorshine.webp: expected at most');
    expect(code).toBe(1);
    expect(await readdir(folder)).toContain('good_colorshine.webp');
  });

  it('one bad file does not stop the others', async () => {
    await writeFile(join(folder, 'bad.png'), 'nothing');
    await writeFile(join(folder, 'also-good.png'), await readFile(join(folder, 'good.png')));
    const { code, stderr } = await runCli(['shine', '*.png', 'red;50;70', '--out-dir=out', '--quiet'], folder);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('bad.png');
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['also-good.png', 'good.png']);
  });

  it('--fail-fast stops at the first', async () => {
    for (const name of ['a.png', 'b.png', 'c.png', 'd.png']) await writeFile(join(folder, name), 'nothing');
    const { code, stderr } = await runCli(
      ['shine', '[a-d].png', 'good.png', 'red;50;70', '--fail-fast', '--concurrency=1'],
      folder,
    );
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).not.toContain('good_colorshine.png');
  });
});
