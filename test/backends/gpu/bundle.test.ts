import { describe, expect, it } from 'vitest';
import { bundleScript } from '../../../scripts/build/script-plugin.mjs';

/** Minified gpu.js with only its two GPU modes, and the kernel. */
const WORKER_LIMIT = 480_000;
const HOST_LIMIT = 12_000;

describe('the worker script', () => {
  it('is one small text without eval, with the kernel unharmed in it', async () => {
    const { text, inputs } = await bundleScript('src/backends/gpu/worker.ts');
    expect(text.length).toBeLessThan(WORKER_LIMIT);
    expect(text).not.toMatch(/\bnew Function\b|\beval\(/);
    expect(text).toContain('function pullColor(colors, plan) {');
    expect(inputs.some((file) => file.endsWith('pull.kernel.ts'))).toBe(true);
  });

  it('is all that a page needs to carry: its host does not bring gpu.js along', async () => {
    const { text, inputs } = await bundleScript('src/backends/gpu/remote.ts');
    expect(inputs.filter((file) => file.includes('gpu.js/'))).toEqual([]);
    expect(text.length).toBeLessThan(HOST_LIMIT);
  });
});
