import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { figmaBuildOptions } from '../../scripts/build/figma.mjs';
import { textOf } from '../figma-host/bundle.js';

/** 40 until Apply could leave originals in place (hidden fills, duplicates), whole pages and files, and libraries came. */
const MAX_BYTES = 48 * 1024;

const built = await build({ ...figmaBuildOptions, write: false, logLevel: 'silent' });
const code = textOf(built);

describe('code.js', () => {
  it(`is one script of at most ${MAX_BYTES} bytes`, () => {
    expect(built.outputFiles).toHaveLength(1);
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(MAX_BYTES);
    expect(code).toMatch(/^"use strict";\n?\(\(\)=>\{/);
    expect(code.trimEnd()).toMatch(/\}\)\(\);$/);
  });

  it('holds no backend, no sharp, no UI and no Node module', () => {
    const foreign = Object.keys(built.metafile?.inputs ?? {}).filter(
      (path) => !/^src\/(figma|protocol|core)\//.test(path),
    );
    expect(foreign).toEqual([]);
  });

  it('uses no timer, no network, no DOM and no eval', () => {
    for (const name of [
      'setTimeout',
      'setInterval',
      'fetch(',
      'document.',
      'window.',
      'eval(',
      'new Function',
      'TextEncoder',
    ]) {
      expect(code.replaceAll('"window.', '')).not.toContain(name);
    }
  });

  it('calls nothing newer than ES2020', () => {
    for (const name of ['Object.hasOwn', 'structuredClone', '.replaceAll(', '.at(', '.toSorted(', 'Promise.any']) {
      expect(code).not.toContain(name);
    }
  });

  it('is ES2017: no newer syntax is left', () => {
    expect(code).not.toMatch(/\?\./);
    expect(code).not.toMatch(/\?\?/);
    expect(code).not.toMatch(/catch\{/);
    expect(code).not.toMatch(/\{\.\.\./);
  });
});
