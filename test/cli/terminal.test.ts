import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

/** util-linux' `script` runs a command on a terminal of its own. */
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
if (!hasScript) console.warn('terminal.test.ts: skipped, the program "script" of util-linux is not installed');

it.skipIf(!hasScript)('Ctrl+C stops the work while the bar is shown', async () => {
  const folder = await makeTempFolder();
  await writeFile(join(folder, 'in.png'), await toSharp(gradient(2400, 2000)).png().toBuffer());
  const shine = `'${process.execPath}' '${resolve('dist/cli.cjs')}' shine in.png 'teal;50;70' -o out.avif`;
  const child = spawn('script', ['-qec', `stty cols 100; ${shine}`, '/dev/null'], { cwd: folder, stdio: 'pipe' });
  let screen = '';
  let isPressed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk;
    if (isPressed || !screen.includes('writing in.png')) return;
    isPressed = true;
    child.stdin.write('\x03');
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  expect(isPressed).toBe(true);
  expect(screen).toContain('colorshine: stopping; press Ctrl+C again to stop at once');
  expect(code).toBe(130);
  expect(existsSync(join(folder, 'out.avif'))).toBe(false);
  expect(await leftovers(folder)).toEqual([]);
});
