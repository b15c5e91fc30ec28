import { describe, expect, it } from 'vitest';
import { invert, makeGif, makePicture, makePng } from './images.js';
import { imagePaint, rectangle, scene, solidPaint } from './scenes.js';
import { blue, red, session, start, useTwoPictures } from './two-pictures.js';
import { RECIPE, recolorSelection } from './window.js';

useTwoPictures();

const fillsOf = (id: string) => session.snapshot().nodes[id]?.fills;

describe.each([
  ['without timers', false],
  ['with timers', true],
])('Apply %s', (_name, timers) => {
  it('changes imageHash and nothing else, as one undo step', async () => {
    const crop = imagePaint('red', {
      scaleMode: 'CROP',
      imageTransform: [
        [0.5, 0, 0.1],
        [0, 0.5, 0.2],
      ],
      filters: { exposure: 0.25, contrast: -0.5 },
      opacity: 0.4,
      blendMode: 'MULTIPLY',
      visible: true,
    });
    const tile = imagePaint('blue', { scaleMode: 'TILE', scalingFactor: 0.3, rotation: 90 });
    await start({ timers, scene: scene([rectangle('1:1', crop), rectangle('1:2', tile)]) });
    const before = session.snapshot();
    const { report, newHashes } = await recolorSelection(session);
    const after = session.snapshot();
    expect(report).toEqual({ layers: 2, styles: 0, images: 2, skipped: [] });
    for (const [id, name] of [
      ['1:1', 'red'],
      ['1:2', 'blue'],
    ] as const) {
      const [was] = before.nodes[id]?.fills ?? [];
      expect(after.nodes[id]?.fills).toEqual([{ ...was, imageHash: newHashes[session.hashOf(name)] }]);
    }
    expect(after.undoSteps).toBe(1);
    session.vm.evaluate('host.undo()');
    expect(session.snapshot().nodes).toEqual(before.nodes);
  });
});

describe('Apply', () => {
  it.each(['commit', 'step'] as const)('is undone from the window alone, to the last %s', async (triggerUndo) => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red'))], { triggerUndo }) });
    const before = session.snapshot().nodes;
    await recolorSelection(session);
    expect(session.snapshot().nodes).not.toEqual(before);
    await session.ui.request('undo', {});
    expect(session.snapshot().nodes).toEqual(before);
    await recolorSelection(session);
    await session.ui.request('undo.settle', {});
    session.vm.evaluate("host.rename('1:1', 'Mine')");
    expect(session.snapshot().undoSteps).toBe(2);
  });

  it('writes nothing before the commit, and nothing at all after a cancel', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red'))]) });
    const hash = session.hashOf('red');
    const before = session.snapshot();
    const { jobId } = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false });
    const { bytes } = await session.ui.request('image.bytes', { hash });
    await session.ui.request('job.put', { jobId, hash, bytes: await invert(bytes) });
    expect(session.snapshot().writes).toBe(0);
    await session.ui.request('job.cancel', { jobId });
    await expect(session.ui.request('job.commit', { jobId, recipe: RECIPE })).rejects.toMatchObject({
      code: 'JOB_UNKNOWN',
    });
    const after = session.snapshot();
    expect(after.nodes).toEqual(before.nodes);
    expect({ writes: after.writes, undoSteps: after.undoSteps }).toEqual({ writes: 0, undoSteps: 0 });
  });

  it('passes every other kind of paint through unchanged, patterns included', async () => {
    const stops = [
      { position: 0, color: { r: 1, g: 0, b: 0, a: 1 } },
      { position: 1, color: { r: 0, g: 0, b: 1, a: 1 } },
    ];
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
    ];
    const others = [
      solidPaint(1, 0.5, 0),
      { type: 'GRADIENT_LINEAR', gradientTransform: identity, gradientStops: stops },
      { type: 'VIDEO', scaleMode: 'FILL', videoHash: 'abc' },
      {
        type: 'PATTERN',
        sourceNodeId: '1:9',
        tileType: 'RECTANGULAR',
        scalingFactor: 1,
        spacing: { x: 0, y: 0 },
        horizontalAlignment: 'START',
      },
      { type: 'SHADER', id: 'noise', properties: { amount: 1 } },
    ];
    await start({ scene: scene([rectangle('1:1', ...others, imagePaint('red'))]) });
    const before = fillsOf('1:1') ?? [];
    const { report, newHashes } = await recolorSelection(session);
    const after = fillsOf('1:1') ?? [];
    expect(after.slice(0, 5)).toEqual(before.slice(0, 5));
    expect(after[5]?.imageHash).toBe(newHashes[session.hashOf('red')]);
    expect(report.skipped).toEqual([{ layer: 'Layer 1:1', layerId: '1:1', reason: 'video' }]);
    expect(session.snapshot().undoSteps).toBe(1);
  });

  it('recolors several images on one layer, and strokes', async () => {
    const layer = { ...rectangle('1:1', imagePaint('red'), imagePaint('blue')), strokes: [imagePaint('blue')] };
    await start({ scene: scene([layer]) });
    const { report, newHashes } = await recolorSelection(session);
    const node = session.snapshot().nodes['1:1'];
    const newRed = newHashes[session.hashOf('red')];
    const newBlue = newHashes[session.hashOf('blue')];
    expect(node?.fills?.map(({ imageHash }) => imageHash)).toEqual([newRed, newBlue]);
    expect(node?.strokes?.map(({ imageHash }) => imageHash)).toEqual([newBlue]);
    expect(report).toMatchObject({ layers: 1, images: 2 });
  });

  it('fetches and transforms each image once: 30 layers, 3 images', async () => {
    const green = await makePng(5, 5, { r: 0, g: 200, b: 0 });
    const names = ['red', 'blue', 'green'];
    const layers = Array.from({ length: 30 }, (_, i) => rectangle(`1:${i}`, imagePaint(names[i % 3] as string)));
    const frame = { id: '2:0', type: 'FRAME', children: layers };
    await start({
      scene: scene([frame]),
      images: [
        { name: 'red', bytes: red },
        { name: 'blue', bytes: blue },
        { name: 'green', bytes: green },
      ],
    });
    const { report } = await recolorSelection(session);
    expect(report).toEqual({ layers: 30, styles: 0, images: 3, skipped: [] });
    const { created, fetches, undoSteps } = session.snapshot();
    expect({ created, fetches, undoSteps }).toEqual({
      created: 3,
      fetches: { red: 1, blue: 1, green: 1 },
      undoSteps: 1,
    });
  });

  it('is about the selection that the window was told of, whatever is selected by then; so is Restore', async () => {
    const layers = [rectangle('1:1', imagePaint('red'), solidPaint(1, 0, 0)), rectangle('1:2', imagePaint('red'))];
    await start({ scene: scene(layers, { selection: ['1:1'] }) });
    const { revision } = await session.ui.request('selection.get', {});
    const hash = session.hashOf('red');
    session.vm.evaluate("host.select('1:2')");
    expect((await session.ui.request('selection.get', {})).revision).toBeGreaterThan(revision);
    const { layers: counted } = await session.ui.request('layers.census', { revision });
    expect(counted).toBe(1);
    const job = await session.ui.request('job.begin', {
      ...{ hashes: [hash], includeStyles: false, withColors: true, revision },
    });
    expect(job.colors).toEqual([255]);
    const { newHash } = await session.ui.request('job.put', { jobId: job.jobId, hash, bytes: await invert(red) });
    await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE });
    expect(fillsOf('1:1')?.[0]?.imageHash).toBe(newHash);
    expect(fillsOf('1:2')?.[0]?.imageHash).toBe(hash);
    expect(await session.ui.request('restore', { includeStyles: false, revision })).toMatchObject({ layers: 1 });
    expect(fillsOf('1:1')?.[0]?.imageHash).toBe(hash);
    const stale = session.ui.request('restore', { includeStyles: false, revision: 999 });
    await expect(stale).rejects.toMatchObject({ code: 'SELECTION_UNKNOWN' });
  });

  it('names of any length: nothing is reported as failed that was written', async () => {
    const long = 'n'.repeat(2500);
    const styles = [{ id: 'S:1', name: long, paints: [imagePaint('blue')] }];
    const text = { id: '1:2', type: 'TEXT', name: long, characters: 'abc', fillStyleId: 'S:1' };
    await start({ scene: scene([{ ...rectangle('1:1', imagePaint('red')), name: long }, text], { styles }) });
    const { report } = await recolorSelection(session);
    expect(report).toMatchObject({ layers: 1, skipped: [{ layerId: '1:2', reason: 'style' }] });
    expect(report.skipped[0]?.layer).toHaveLength(2000);
    expect(await session.ui.request('layers.census', {})).toMatchObject({ layers: 0 });
    expect(await session.ui.request('restore', { includeStyles: true })).toMatchObject({ layers: 1, skipped: [] });
  });

  it('leaves a layer deleted meanwhile, writes the others', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('red'))]) });
    const meanwhile = (): void => void session.vm.evaluate("host.removeNode('1:1')");
    const { report, newHashes } = await recolorSelection(session, { meanwhile });
    expect(report.skipped).toEqual([{ layer: 'Layer 1:1', layerId: '1:1', reason: 'removed' }]);
    expect(fillsOf('1:2')?.[0]?.imageHash).toBe(newHashes[session.hashOf('red')]);
  });

  it('leaves an image that somebody replaced meanwhile', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('red'))]) });
    const meanwhile = (): void =>
      void session.vm.evaluate(`host.setPaints('1:1', 'fills', [${JSON.stringify(imagePaint('blue'))}])`);
    const { report } = await recolorSelection(session, { meanwhile });
    expect(report).toMatchObject({ layers: 1, skipped: [{ layerId: '1:1', reason: 'changed' }] });
    expect(fillsOf('1:1')?.[0]?.imageHash).toBe(session.hashOf('blue'));
  });

  it('takes a layer back that cannot remember its original', async () => {
    const vectorNetwork = {
      vertices: [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
      ],
      segments: [{ start: 0, end: 1 }],
      regions: [{ windingRule: 'NONZERO', loops: [[0]], fills: [imagePaint('blue')] }],
    };
    const forgetful = [
      { ...rectangle('1:1', imagePaint('red')), strokes: [imagePaint('blue')], refuses: ['pluginData'] },
      { id: '1:2', type: 'VECTOR', vectorNetwork, refuses: ['pluginData'] },
    ];
    await start({ scene: scene([...forgetful, rectangle('1:3', imagePaint('red'))]) });
    const before = session.snapshot().nodes;
    const { report } = await recolorSelection(session);
    expect(report.layers).toBe(1);
    expect(new Set(report.skipped.map(({ layerId, reason }) => `${layerId} ${reason}`))).toEqual(
      new Set(['1:1 refused', '1:2 refused']),
    );
    for (const id of ['1:1', '1:2']) expect(session.snapshot().nodes[id]).toEqual(before[id]);
  });

  it('writes locked and hidden layers', async () => {
    const layers = [
      { ...rectangle('1:1', imagePaint('red')), locked: true },
      { ...rectangle('1:2', imagePaint('red')), visible: false },
    ];
    await start({ scene: scene(layers) });
    expect((await recolorSelection(session)).report).toMatchObject({ layers: 2, skipped: [] });
  });

  it('names the reason for GIF, missing, unreadable, too large, unknown and empty images', async () => {
    const gif = await makeGif(4, 4);
    const wide = await makePng(4097, 1, { r: 0, g: 0, b: 0 });
    const webp = new Uint8Array([82, 73, 70, 70, 0, 0, 0, 0, 87, 69, 66, 80]);
    const names = ['gif', 'gone', 'offline', 'wide', 'webp'];
    const layers = names.map((name, i) => rectangle(`1:${i}`, imagePaint(name)));
    const empty = rectangle('1:9', { type: 'IMAGE', scaleMode: 'FILL', imageHash: null });
    await start({
      scene: scene([...layers, empty, rectangle('1:8', imagePaint('red'))]),
      images: [
        { name: 'red', bytes: red },
        { name: 'gif', bytes: gif },
        { name: 'gone', bytes: blue, missing: true },
        { name: 'offline', bytes: await makePng(3, 3, { r: 1, g: 1, b: 1 }), rejects: 'network error' },
        { name: 'wide', bytes: wide },
        { name: 'webp', bytes: webp },
      ],
    });
    const before = session.snapshot().nodes;
    const { report } = await recolorSelection(session);
    const reasons = Object.fromEntries(report.skipped.map(({ layerId, reason }) => [layerId, reason]));
    expect(reasons).toEqual({
      '1:0': 'gif',
      '1:1': 'missing-image',
      '1:2': 'unreadable',
      '1:3': 'too-large',
      '1:4': 'unsupported',
      '1:9': 'missing-image',
    });
    expect(report.layers).toBe(1);
    for (let i = 0; i < 5; i++) expect(session.snapshot().nodes[`1:${i}`]).toEqual(before[`1:${i}`]);
    const { skipped } = await session.ui.request('selection.get', {});
    expect(skipped.find(({ layerId }) => layerId === '1:3')?.reason).toBe('too-large');
  });

  it('lists images that are still on the network at once, and tells when their sizes are known', async () => {
    const wide = await makePng(4097, 1, { r: 0, g: 0, b: 0 });
    const layers = [rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('wide'))];
    const images = [
      { name: 'red', bytes: red },
      { name: 'wide', bytes: wide },
    ];
    await start({ scene: scene(layers), images });
    session.vm.evaluate('host.holdImages()');
    const first = await session.ui.request('selection.get', {});
    expect(first.images.map(({ width, height }) => [width, height])).toEqual([
      [null, null],
      [null, null],
    ]);
    const told = new Promise<number>((resolve) => {
      session.ui.on('selection.changed', ({ revision }) => resolve(revision));
    });
    session.vm.evaluate('host.releaseImages()');
    expect(await told).toBeGreaterThan(first.revision);
    const second = await session.ui.request('selection.get', {});
    expect(second.images.map(({ width, height }) => [width, height])).toEqual([[8, 6]]);
    expect(second.skipped).toMatchObject([{ layerId: '1:2', reason: 'too-large' }]);
  });

  it('refuses new images above 4096, empty ones and unknown bytes, by code', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red'))]) });
    const hash = session.hashOf('red');
    const { jobId } = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false });
    const put = async (bytes: Uint8Array): Promise<unknown> => session.ui.request('job.put', { jobId, hash, bytes });
    await expect(put(await makePng(4097, 1, { r: 0, g: 0, b: 0 }))).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    const zero = red.slice();
    zero.fill(0, 16, 24);
    await expect(put(zero)).rejects.toMatchObject({ code: 'IMAGE_TOO_SMALL' });
    await expect(put(new Uint8Array(40))).rejects.toMatchObject({ code: 'IMAGE_UNSUPPORTED' });
    expect(await session.ui.request('job.commit', { jobId, recipe: RECIPE })).toMatchObject({
      layers: 0,
      skipped: [{ reason: 'failed' }],
    });
    expect(session.snapshot().undoSteps).toBe(0);
  });

  it('says what Figma says where nothing may be written any more', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('blue'))]) });
    const devMode = expect.stringContaining('Dev Mode');
    const before = session.snapshot().nodes;
    const meanwhile = (): void => session.vm.evaluate('host.setDevMode(true)');
    await expect(recolorSelection(session, { meanwhile })).rejects.toMatchObject({ message: devMode });
    expect(session.snapshot().nodes).toEqual(before);
    const hash = session.hashOf('red');
    const { jobId } = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false });
    const put = session.ui.request('job.put', { jobId, hash, bytes: red });
    await expect(put).rejects.toMatchObject({ code: 'INTERNAL', message: devMode });
  });

  it('a layer that Figma cannot read hides no other, and is named', async () => {
    const odd = { ...rectangle('1:1', imagePaint('red')), unreadable: ['fills'] };
    await start({ scene: scene([odd, rectangle('1:2', imagePaint('red'), solidPaint(1, 0, 0))]) });
    const named = [{ layer: 'Layer 1:1', reason: 'layer-unreadable', detail: expect.stringContaining('get_fills') }];
    const selected = await session.ui.request('selection.get', {});
    expect(selected).toMatchObject({ images: [{ layers: [{ id: '1:2' }] }], skipped: named });
    expect(await session.ui.request('layers.census', {})).toMatchObject({ layers: 1 });
    expect(await session.ui.request('colors.list', {})).toMatchObject({ styles: [] });
    const { report } = await recolorSelection(session, { colors: () => 0x00ff00 });
    expect(report).toMatchObject({ layers: 1, images: 1, colors: 1, skipped: named });
    expect(await session.ui.request('restore', { includeStyles: false })).toMatchObject({ layers: 1, skipped: named });
  });

  it('an image too large to be handed over is told of, and the others go on', async () => {
    const large = await makePicture(60, 60);
    await start({
      scene: scene([rectangle('1:1', imagePaint('large')), rectangle('1:2', imagePaint('red'))], {
        mostMessageBytes: large.length,
      }),
      images: [
        { name: 'large', bytes: large },
        { name: 'red', bytes: red },
      ],
    });
    const { report } = await recolorSelection(session);
    expect(report).toMatchObject({
      layers: 1,
      skipped: [
        { layer: 'Layer 1:1', reason: 'failed', detail: expect.stringMatching(/too large.*allocation failed/) },
      ],
    });
  });

  it('keeps concurrent jobs and requests apart', async () => {
    await start({ scene: scene([rectangle('1:1', imagePaint('red')), rectangle('1:2', imagePaint('blue'))]) });
    const hashes = [session.hashOf('red'), session.hashOf('blue')];
    const jobs = await Promise.all(
      hashes.map((hash) => session.ui.request('job.begin', { hashes: [hash], includeStyles: false })),
    );
    session.vm.evaluate('host.holdImages()');
    const asked = [...hashes, ...hashes, ...hashes].map((hash) => session.ui.request('image.bytes', { hash }));
    setImmediate(() => session.vm.evaluate('host.releaseImages()'));
    const answers = await Promise.all(asked);
    expect(answers.map(({ kind }) => kind)).toEqual(['png', 'jpeg', 'png', 'jpeg', 'png', 'jpeg']);
    expect(answers.map(({ bytes }) => bytes.length)).toEqual([0, 1, 2].flatMap(() => [red.length, blue.length]));
    expect(session.snapshot().fetches).toEqual({ red: 1, blue: 1 });
    const puts = jobs.map(async ({ jobId }, i) => {
      const bytes = await invert((answers[i] as { bytes: Uint8Array }).bytes);
      return session.ui.request('job.put', { jobId, hash: hashes[i] as string, bytes });
    });
    const newHashes = (await Promise.all(puts)).map(({ newHash }) => newHash);
    const reports = await Promise.all(
      jobs.map(({ jobId }) => session.ui.request('job.commit', { jobId, recipe: RECIPE })),
    );
    expect(reports.map(({ layers }) => layers)).toEqual([1, 1]);
    expect(['1:1', '1:2'].map((id) => fillsOf(id)?.[0]?.imageHash)).toEqual(newHashes);
  });
});
