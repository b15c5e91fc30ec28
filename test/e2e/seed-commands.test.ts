import { spawn } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';
import { IMAGES, SEED_COMMANDS } from './seed-commands.js';

/** A little of everything: gradients, a hard edge, texture. */
async function writeImage(path: string, width: number, height: number): Promise<void> {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const texture = (Math.imul(x ^ (y << 8), 0x9e3779b1) >>> 28) + (x > y ? 30 : 0);
      data[at] = (x * 200) / width + texture;
      data[at + 1] = (y * 200) / height + texture;
      data[at + 2] = ((x + width) * 90) / width + texture;
    }
  }
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toFile(path);
}

/** A folder with the images and, on the path, the second bin name as npm would link it. */
async function makeSeedFolder(): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
  const folder = await makeTempFolder();
  const bin = join(folder, '.bin');
  await mkdir(bin);
  const cli = resolve('dist/cli.cjs');
  await chmod(cli, 0o755); // npm does so when it links a bin
  await symlink(cli, join(bin, 'imgcolorshine'));
  for (const [name, width, height] of IMAGES) await writeImage(join(folder, name), width, height);
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    COLORSHINE_CACHE: join(folder, '.cache'),
  };
  return { folder, env };
}

function runShell(text: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; stderr: string }> {
  // -e: the script ends at the first command that fails
  const child = spawn('bash', ['-e', '-c', text], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, stderr })));
}

const pixelsOf = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer();

describe('the seed’s command lines, under the name imgcolorshine', () => {
  it.each(SEED_COMMANDS.map((command) => [command.what, command] as const))('%s', async (_what, command) => {
    const { folder, env } = await makeSeedFolder();
    const inputs = new Map<string, Buffer>();
    for (const [name] of IMAGES) inputs.set(name, await pixelsOf(join(folder, name)));
    const { code, stderr } = await runShell(command.run, folder, { ...env, ...command.env });
    expect({ code, errors: stderr.match(/^colorshine: .*/gm) }).toEqual({ code: 0, errors: null });
    for (const pattern of command.says ?? []) expect(stderr).toMatch(pattern);
    for (const pattern of command.neverSays ?? []) expect(stderr).not.toMatch(pattern);
    for (const name of command.writes) {
      // small.jpg for small_colorshine.jpg and output/small.jpg; the first for names that hold none
      const input = IMAGES.find(([image]) => name.includes(image.replace('.jpg', ''))) ?? IMAGES[0];
      const [source, width, height] = input as (typeof IMAGES)[number];
      expect(await sharp(join(folder, name)).metadata()).toMatchObject({ format: 'jpeg', width, height });
      expect(inputs.get(source)?.equals(await pixelsOf(join(folder, name)))).toBe(false);
    }
    if (command.sameAs) {
      const other = await makeSeedFolder();
      await runShell(command.sameAs, other.folder, other.env);
      const exact = await pixelsOf(join(other.folder, 'out.jpg'));
      expect(exact.equals(await pixelsOf(join(folder, command.writes[0] as string)))).toBe(true);
    }
    expect(await leftovers(folder)).toEqual([]);
  });
});
