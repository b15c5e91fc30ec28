/** Names come from outside, and a terminal obeys the control characters in them: none reaches it, whatever the command. */
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const EVIL = '\u001b]owned\u0007\u001b[2J\u009b31m\u202e';
const SHOWN = '\\u001b]owned\\u0007\\u001b[2J\\u009b31m\\u202e';
const CONTROL = /(?!\n)\p{Cc}|\u202e/u;
let folder: string;

beforeEach(async () => {
  folder = await makeTempFolder();
});

describe.skipIf(process.platform === 'win32')('hostile names', () => {
  it('of images, recipes and tokens are shown, not obeyed', async () => {
    const image = `${EVIL}.png`;
    const tokens = { [EVIL]: { $type: 'color', $value: '#336699' } };
    await writeFile(join(folder, image), await toSharp(gradient(60, 40)).png().toBuffer());
    await writeFile(join(folder, `bad${image}`), 'no image');
    await writeFile(join(folder, `${EVIL}.json`), JSON.stringify(tokens));
    await writeFile(join(folder, 'recipe.json'), JSON.stringify({ version: 1, [EVIL]: 1, attractors: [] }));
    await writeFile(
      join(folder, 'colorshine.config.json'),
      JSON.stringify({ inputs: '*.png', recipe: ['teal;50;70'], formats: ['png'], out: 'dist/{name}.{ext}' }),
    );
    const calls: string[][] = [
      ['shine', image, 'red;50;70'],
      ['shine', image, 'red;50;70', '--verbose'],
      ['shine', image, 'red;50;70', '--explain'],
      ['shine', image, 'red;50;70', '--json'],
      ['shine', image, 'red;50;70', '--dry-run'],
      ['shine', `bad${image}`, 'red;50;70'],
      ['shine', `none${EVIL}`, 'red;50;70'],
      ['shine', image, '--recipe', 'recipe.json'],
      ['analyze', image, 'red;50;70', '--verbose'],
      ['tokens', `${EVIL}.json`],
      ['tokens', `${EVIL}.json`, '--json'],
      ['tokens', `${EVIL}.json`, '--theme', EVIL],
      ['palette', image, '--tokens', `${EVIL}.json`],
      ['palette', image, '--tokens', `${EVIL}.json`, '--json'],
      ['build'],
      ['build', '--json', '--force'],
      ['build', '--dry-run', '--force'],
      [EVIL],
      ['lut', 'info', image],
    ];
    for (const args of calls) {
      const { stdout, stderr } = await runCli(args, folder);
      const text = stdout.toString() + stderr;
      expect(text.includes('owned'), `${args.join(' ')}: ${text}`).toBe(true);
      expect(text, args.join(' ')).not.toMatch(CONTROL);
      expect(text, args.join(' ')).toContain(SHOWN.slice(0, 20));
    }
  });

  it('of tokens do not spoil the swatches beside them', async () => {
    await writeFile(join(folder, 't.json'), JSON.stringify({ [EVIL]: { $type: 'color', $value: '#336699' } }));
    process.env.FORCE_COLOR = '3';
    try {
      const { stdout } = await runCli(['tokens', 't.json'], folder);
      const swatch = '\u001b[48;2;51;102;153m  \u001b[0m';
      expect(stdout.toString()).toContain(`${swatch} #336699`);
      expect(stdout.toString().replaceAll(swatch, '')).not.toMatch(CONTROL);
    } finally {
      delete process.env.FORCE_COLOR;
    }
  });
});

it('words reach the terminal by one way alone', () => {
  const own = /'\\r\\u001b\[K'|`\\r\\u001b\[K/; // a progress line is cleared
  for (const name of readdirSync('src/node/cli').filter((file) => file !== 'say.ts')) {
    const source = readFileSync(join('src/node/cli', name), 'utf8');
    for (const [call] of source.matchAll(/(?:console\.\w+|process\.std(?:out|err)\.write)\([^;]*/g)) {
      expect(call.includes('(data,') || own.test(call), `${name}: ${call}`).toBe(true);
    }
  }
});
