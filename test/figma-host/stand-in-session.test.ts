import { describe, expect, it } from 'vitest';
import { failure, outcome, simple, start, toUi, useStandIn, vm } from './stand-in-vm.js';

useStandIn();

describe('messages', () => {
  it('carry plain data and Uint8Array, nothing else', async () => {
    await start(simple);
    expect(failure("figma.ui.postMessage('x')")).toContain('showUI');
    vm.evaluate("void figma.showUI('')");
    vm.load();
    for (const bad of [
      'new ArrayBuffer(2)',
      'new Uint8ClampedArray(2)',
      'new Float32Array(2)',
      'new Date()',
      'new Map()',
      'new (class A {})()',
      '() => 1',
      'Symbol()',
      'NaN',
      '(() => { const a = {}; a.a = a; return a; })()',
    ]) {
      expect(failure(`figma.ui.postMessage({ value: ${bad} })`)).toContain('serializ');
    }
    vm.evaluate('void figma.ui.postMessage({ a: [1, "x", null], b: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) })');
    expect(toUi).toEqual([{ a: [1, 'x', null], b: new Uint8Array([2, 3]) }]);
  });

  it('find no memory where they are too large', async () => {
    await start({ ...simple, mostMessageBytes: 1000 });
    vm.evaluate("void figma.showUI('')");
    vm.load();
    expect(failure('figma.ui.postMessage({ bytes: new Uint8Array(1001) })')).toContain('allocation failed');
    expect(failure('figma.ui.postMessage({ bytes: new Uint8Array(900) })')).toBe('did not throw');
    expect(toUi).toHaveLength(1);
  });

  it('wait until the iframe has loaded, and keep their order', async () => {
    await start(simple);
    vm.evaluate("void (figma.showUI(''), figma.ui.postMessage(1), figma.ui.postMessage(2))");
    expect(toUi).toEqual([]);
    vm.load();
    vm.evaluate('void figma.ui.postMessage(3)');
    expect(toUi).toEqual([1, 2, 3]);
  });

  it('refuse options that Figma does not know', async () => {
    await start(simple);
    expect(failure("figma.showUI('', { hight: 3 })")).toContain('unrecognized');
    expect(failure("figma.notify('x', { timeOut: 3 })")).toContain('option');
  });
});

describe('the session', () => {
  it('journals writes between commits as one step', async () => {
    await start(simple);
    const hash = (): unknown => vm.evaluate("n('1:1').fills.length");
    vm.evaluate("void (n('1:1').fills = [])");
    vm.evaluate("void n('1:1').setPluginData('a', 'b')");
    vm.evaluate('void figma.commitUndo()');
    vm.evaluate('void figma.commitUndo()');
    vm.evaluate("void n('1:1').setPluginData('a', 'c')");
    expect(vm.snapshot().undoSteps).toBe(2);
    vm.evaluate('void figma.triggerUndo()');
    expect(vm.evaluate("n('1:1').getPluginData('a')")).toBe('b');
    expect(hash()).toBe(0);
    vm.evaluate('host.undo()');
    expect(vm.evaluate("n('1:1').getPluginData('a')")).toBe('');
    expect(hash()).toBe(1);
  });

  it('keeps 5 MB of plain data for a person', async () => {
    await start(simple);
    expect(outcome("figma.clientStorage.setAsync('k', 'x'.repeat(4000000))")[0]).toBe('kept');
    expect(outcome("figma.clientStorage.setAsync('l', 'x'.repeat(1000000))")).toEqual([
      'broken',
      expect.stringContaining('quota'),
    ]);
    expect(failure("figma.clientStorage.setAsync('m', new Uint8Array(1))")).toContain('bytes');
    expect(outcome("figma.clientStorage.getAsync('l')")).toEqual(['kept', null]);
  });

  it('cuts notices at 100 characters and tells on whoever relied on more', async () => {
    await start(simple);
    vm.evaluate("void figma.notify('x'.repeat(101))");
    expect(vm.snapshot()).toMatchObject({
      violations: ['notify with 101 characters'],
      notices: [{ message: 'x'.repeat(100) }],
    });
  });

  it('allows neither writes nor windows while parameters are entered', async () => {
    await start(simple);
    vm.evaluate("void host.suggest('preset', '')");
    expect(failure("n('1:1').fills = []")).toContain('parameters');
    expect(failure("figma.showUI('')")).toContain('parameters');
    expect(vm.snapshot().violations).toHaveLength(2);
  });

  it('is over after closePlugin', async () => {
    await start(simple);
    vm.evaluate("void (globalThis.kept = n('1:1'))");
    vm.evaluate("void figma.closePlugin('bye')");
    for (const use of ['figma.currentPage', 'kept.fills', "figma.notify('x')", 'figma.closePlugin()']) {
      expect(failure(use)).toMatch(/closed|closePlugin/);
    }
    expect(vm.snapshot()).toMatchObject({ closed: true, closeMessage: 'bye' });
    expect(vm.snapshot().violations).toHaveLength(4);
  });

  it('has timers only where it was asked for them', async () => {
    await start(simple);
    expect(vm.evaluate('[typeof setTimeout, typeof fetch, typeof document, typeof TextEncoder]')).toEqual(
      Array.from({ length: 4 }, () => 'undefined'),
    );
  });
});
