import type { Samples } from '../../core/types.js';
import type { KernelName } from './block-kernels.js';
import type { Heap } from './heap.js';
import type { BlockPlace, Run } from './run.js';

type Flow = Pick<Run<KernelName>, 'blocks' | 'put' | 'take'>;

/**
 * Pixels on their way through a kernel, block by block.
 *
 * @param blockPixels pixels of a block
 * @param from where the kernel leaves new pixels: in their place, or among its results; undefined: it only reads
 */
export function flowOf(samples: Samples, channels: 3 | 4, blockPixels: number, from?: keyof BlockPlace): Flow {
  const size = blockPixels * channels;
  const viewOf = (heap: Heap): Samples => (samples instanceof Uint16Array ? heap.u16 : heap.u8);
  const { BYTES_PER_ELEMENT: bytes } = samples;
  const part = (block: number): Samples => samples.subarray(block * size, (block + 1) * size);
  return {
    blocks: Math.ceil(samples.length / size),
    put(block, input, heap) {
      const source = part(block);
      viewOf(heap).set(source, input / bytes);
      return source.length / channels;
    },
    ...(from && {
      take(block, at, _result, heap) {
        const target = part(block);
        const first = at[from] / bytes;
        target.set(viewOf(heap).subarray(first, first + target.length));
      },
    }),
  };
}

/** Items that lie in the heap already. @param length of all */
export function flowInHeap(length: number, blockItems: number): Flow {
  return {
    blocks: Math.ceil(length / blockItems),
    put: (block) => Math.min(blockItems, length - block * blockItems),
  };
}
