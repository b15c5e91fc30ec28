import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeRecipe, recolorPixels } from '../../src/index.js';
import { createEngine } from '../../src/node/engine.js';
import { gradient } from '../support/images.js';

const RECIPE = makeRecipe(['teal;60;80', 'orange;50;150']);

describe('an engine', () => {
  it('gives the same bytes whether it was warmed up or not, picture after picture', async () => {
    const results: Buffer[] = [];
    for (const warm of [false, true]) {
      const engine = createEngine({ threads: 2, backend: 'wasm' });
      if (warm) engine.warmUp();
      const { backend } = await engine.select();
      for (let turn = 0; turn < 2; turn++) {
        const pixels = gradient(2100, 2050); // large enough for the tables that are laid out
        await recolorPixels(pixels, RECIPE, { backend, strategy: 'table' });
        results.push(Buffer.from(pixels.data as Uint8Array));
      }
      engine.dispose();
    }
    for (const result of results) expect(result.equals(results[0] as Buffer)).toBe(true);
  });

  it.each(['', 'engine.select();'])('lets the process end when it was warmed up for nothing (%s)', (more) => {
    const script = `
      import { createEngine } from './dist/node.js';
      const engine = createEngine({ threads: 2 });
      engine.warmUp();
      ${more}
      engine.dispose();
      console.log('disposed');`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    expect(output.toString()).toBe('disposed\n');
  });

  it('takes js alone where asked', async () => {
    const engine = createEngine({ threads: 2, backend: 'js' });
    engine.warmUp();
    expect((await engine.select()).chosen).toBe('js');
    engine.dispose();
  });
});
