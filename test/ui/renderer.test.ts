import { expect, it } from 'vitest';
import { findSoftware } from '../../ui/worker/renderer.js';

it.each([
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)', 'SwiftShader'],
  ['Google SwiftShader', 'SwiftShader'],
  ['llvmpipe (LLVM 15.0.7, 256 bits)', 'llvmpipe'],
  ['ANGLE (Mesa, softpipe, OpenGL 3.3)', 'softpipe'],
  [
    'ANGLE (Microsoft, Microsoft Basic Render Driver (0x0000008C) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'Microsoft Basic Render Driver',
  ],
  ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)', undefined],
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Pro, Unspecified Version)', undefined],
  ['Apple GPU', undefined],
  ['Mesa Intel(R) UHD Graphics 620 (KBL GT2)', undefined],
  ['', undefined],
])('%s: %s', (renderer, software) => {
  expect(findSoftware(renderer)).toBe(software);
});
