import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

it('says what this machine can do, as text and as data', async () => {
  const folder = await makeTempFolder();
  const { code, stdout, stderr } = await runCli(['doctor', '--json'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const data = JSON.parse(stdout.toString());
  expect(data).toMatchObject({ node: process.versions.node, memory: { total: expect.any(Number) } });
  const byName = new Map(data.backends.map((b: { name: string }) => [b.name, b]));
  for (const name of ['js', 'wasm']) expect(byName.get(name)).toMatchObject({ available: true, selfTest: 'passed' });
  // The GPU is either named or its absence explained.
  expect(data.gpu.available ? data.gpu.name : data.gpu.reason).toMatch(/\w{3}/);
  expect(data.choice).toMatch(/^Using \w+, the fastest here at \d/);

  expect(await runCli(['doctor', 'x'], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('got "x"') });

  const text = (await runCli(['doctor'], folder)).stdout.toString();
  for (const row of ['Node', 'sharp', 'processor', 'memory', 'GPU', 'backend wasm', 'choice', 'cache folder']) {
    expect(text).toMatch(new RegExp(`^${row}\\s`, 'm'));
  }
});
