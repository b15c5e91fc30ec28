import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type BackendCandidate, withFallback } from '../../src/backends/fallback.js';
import { createJsBackend } from '../../src/backends/js/index.js';
import type { DeviceStats } from '../../src/core/backend.js';
import type { StepOutcome } from '../../src/node/build/run-build.js';
import { createBuildPrinter } from '../../src/node/cli/build-print.js';
import { verboseLines } from '../../src/node/cli/print.js';
import type { Progress } from '../../src/node/cli/progress.js';
import { recolorBuffer } from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';

const STATS: DeviceStats = {
  device: 'Test GPU',
  tileSize: 1 << 20,
  estimatedBytes: 24e6,
  tiles: 3,
  bytesUp: 12_582_912,
  bytesDown: 12_582_912,
};

it('reports the traffic of the backend in use, through the fallback', async () => {
  const gpu: BackendCandidate = {
    name: 'webgpu',
    create: async () => ({ ...createJsBackend(), name: 'webgpu', stats: () => STATS }),
  };
  const backend = withFallback([gpu]);
  expect(backend.stats?.()).toBeUndefined(); // nothing runs yet
  await backend.evaluate(Uint32Array.of(1, 2), (await planned()).plan, new Uint32Array(2));
  expect(backend.stats?.()).toEqual(STATS);
});

it('prints bytes up, bytes down and tiles where a GPU computed, and nothing of it elsewhere', async () => {
  const report = await planned();
  expect(verboseLines(report).join('\n')).not.toContain('GPU');
  expect(verboseLines({ ...report, device: STATS })).toContain(
    'INFO: GPU: Test GPU, 3 tiles of up to 1,048,576 colors, 13MB up, 13MB down, about 24MB of its memory',
  );
});

async function planned() {
  return (await recolorBuffer(await toSharp(gradient(90, 80)).png().toBuffer(), ['teal;50;50'])).report;
}

it('a printer of builds says an error once and holds on to none: a watch prints for days', async () => {
  const printer = createBuildPrinter({ json: false, quiet: false, verbose: false });
  const said: string[] = [];
  const progress = { log: (line: string) => said.push(line) } as unknown as Progress;
  const job = { input: 'a.png', output: 'b.png', theme: 'default' };
  const fail = (): WeakRef<Error> => {
    const error = new Error('a.png: broken');
    const outcome = { status: 'failed', step: { job, build: 0, reason: 'missing' }, error } as unknown as StepOutcome;
    printer.outcome(outcome, progress);
    printer.outcome(outcome, progress);
    return new WeakRef(error);
  };
  const error = fail();
  expect(said).toEqual(['colorshine: a.png: broken']);
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  await new Promise((next) => setTimeout(next));
  collect();
  expect(error.deref()).toBeUndefined();
  fail();
  expect(said).toHaveLength(2); // the printer was there all the time
});
