import { afterEach, describe, expect, it } from 'vitest';
import { openNodeGpuBackend, probeNodeGpu, releaseNodeGpu } from '../../../src/backends/gpu/node.js';

afterEach(releaseNodeGpu);

const missing = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: 'ERR_MODULE_NOT_FOUND' });

/** Stands in for the package `webgpu`. */
const dawn = (adapter: unknown) => ({
  create: () => ({ requestAdapter: async () => adapter }),
  globals: {},
});

describe('probeNodeGpu', () => {
  it('names the package that is missing', async () => {
    for (const absent of ['gpu.js', 'webgpu']) {
      const found = await probeNodeGpu(async (name) => {
        if (name === absent) throw missing(name);
        return {};
      });
      expect(found).toEqual({
        available: false,
        reason: `the optional package ${absent} is not installed: npm install ${absent}`,
      });
    }
  });

  it('takes the empty stub of this repository for a missing package', async () => {
    expect(await probeNodeGpu(async () => ({ default: {} }))).toEqual({
      available: false,
      reason: 'the optional package webgpu is not installed: npm install webgpu',
    });
  });

  it('says that a package cannot be loaded here, in one line', async () => {
    const found = await probeNodeGpu(async (name) => {
      if (name === 'webgpu') throw new Error('invalid ELF header\nstack');
      return {};
    });
    expect(found).toEqual({
      available: false,
      reason: 'the optional package webgpu could not be loaded: invalid ELF header',
    });
  });

  it('does not mistake a package that lacks one of its own for one that is missing', async () => {
    const found = await probeNodeGpu(async (name) => {
      if (name === 'webgpu') throw missing('debug');
      return {};
    });
    expect(found).toMatchObject({ reason: expect.stringMatching(/could not be loaded: .*debug/) });
  });

  it('says when there is no adapter, and when asking for one fails', async () => {
    expect(await probeNodeGpu(async () => dawn(null))).toEqual({
      available: false,
      reason: 'the package webgpu found no GPU adapter; a driver may be missing',
    });
    releaseNodeGpu();
    const create = () => {
      throw new Error('no Vulkan');
    };
    expect(await probeNodeGpu(async () => ({ create }))).toEqual({
      available: false,
      reason: 'the package webgpu failed: no Vulkan',
    });
  });

  it('describes the adapter and makes it known to gpu.js until it is released', async () => {
    const info = { vendor: 'acme', architecture: 'a1', device: 'Acme 3000', description: 'Acme driver 5' };
    expect(await probeNodeGpu(async () => dawn({ info }))).toEqual({
      available: true,
      name: 'Acme 3000',
      driver: 'Acme driver 5',
    });
    expect((navigator as unknown as { gpu?: unknown }).gpu).toBeDefined();
    releaseNodeGpu();
    expect((navigator as unknown as { gpu?: unknown }).gpu).toBeUndefined();
  });

  it('never throws where it really runs, and the backend fails with the same sentence', async () => {
    const found = await probeNodeGpu();
    if (found.available) {
      (await openNodeGpuBackend()).dispose();
      return;
    }
    await expect(openNodeGpuBackend()).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: found.reason,
    });
  });
});
