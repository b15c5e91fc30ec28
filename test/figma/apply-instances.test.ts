/** Components and their instances: an instance follows its component until it is overridden. */
import { describe, expect, it } from 'vitest';
import { imagePaint, rectangle, scene, solidPaint } from './scenes.js';
import { session, start, useTwoPictures } from './two-pictures.js';
import { RECIPE, recolorSelection } from './window.js';

useTwoPictures();

const fillsOf = (id: string) => session.snapshot().nodes[id]?.fills;

describe('Apply', () => {
  it('reports what an instance refuses and goes on', async () => {
    const instance = {
      id: '2:1',
      type: 'INSTANCE',
      children: [{ ...rectangle('2:2', imagePaint('red')), refuses: ['fills'] }],
    };
    await start({ scene: scene([instance, rectangle('1:2', imagePaint('red'))]) });
    const { report } = await recolorSelection(session);
    expect(report).toMatchObject({ layers: 1, skipped: [{ layerId: '2:2', reason: 'refused' }] });
    expect(report.skipped[0]?.detail).toContain('cannot be overridden');
    const { pluginData, fills } = session.snapshot().nodes['2:2'] ?? {};
    expect(pluginData).toEqual({});
    expect(fills?.[0]?.imageHash).toBe(session.hashOf('red'));
  });

  it('recolors a component and an instance that follows it, and restores both', async () => {
    const component = { id: '2:0', type: 'COMPONENT', children: [rectangle('2:1', imagePaint('red'))] };
    const instance = { id: '3:0', type: 'INSTANCE', children: [{ ...rectangle('3:1'), follows: '2:1' }] };
    await start({ scene: scene([component, instance]) });
    const shown = (): unknown =>
      session.vm.evaluate('figma.currentPage.children.map((one) => one.children[0].fills[0].imageHash)');
    const original = session.hashOf('red');
    expect(shown()).toEqual([original, original]);
    const { report, newHashes } = await recolorSelection(session);
    expect(report).toEqual({ layers: 2, styles: 0, images: 1, skipped: [] });
    expect(shown()).toEqual([newHashes[original], newHashes[original]]);
    const { images } = await session.ui.request('selection.get', {});
    expect(images).toMatchObject([{ hash: original }]);
    expect(await session.ui.request('restore', { includeStyles: false })).toMatchObject({ layers: 2, skipped: [] });
    expect(shown()).toEqual([original, original]);
  });

  it('leaves an instance following its component, and knows the originals where only it is selected', async () => {
    const component = {
      id: '2:0',
      type: 'COMPONENT',
      children: [rectangle('2:1', imagePaint('red'), solidPaint(1, 0, 0))],
    };
    const inside = { ...rectangle('I3:0;2:1'), follows: '2:1' };
    const instance = { id: '3:0', type: 'INSTANCE', follows: '2:0', children: [inside] };
    const paste = rectangle('4:1');
    await start({ scene: scene([instance, component, paste]) });
    const { report, newHashes } = await recolorSelection(session);
    expect(report).toMatchObject({ layers: 2, skipped: [] });
    expect(session.snapshot().nodes['I3:0;2:1']).not.toHaveProperty('overridden');
    const hash = session.hashOf('red');
    session.vm.evaluate(
      `host.setPaints('4:1', 'fills', [${JSON.stringify({ ...imagePaint(''), imageHash: newHashes[hash] })}])`,
    );
    session.vm.evaluate("host.select('I3:0;2:1', '4:1')");
    const { images, recolored } = await session.ui.request('selection.get', {});
    expect(images).toMatchObject([{ hash, recipe: RECIPE }]);
    expect(recolored).toBe(2);
    expect(await session.ui.request('restore', { includeStyles: false })).toMatchObject({ layers: 2, skipped: [] });
    const shown = 'figma.currentPage.selection.map((one) => one.fills[0].imageHash)';
    expect(session.vm.evaluate(shown)).toEqual([hash, hash]);
    expect(fillsOf('2:1')?.[0]?.imageHash).toBe(newHashes[hash]);
  });
});
