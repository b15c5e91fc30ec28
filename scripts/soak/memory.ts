/** One process, thousands of pictures: memory and handles stay where they were. */
import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { judgeGrowth } from './growth.js';
import { below, type Line } from './line.js';

const MAX_GROWTH = 1.1;
const SAMPLES = 20;

export const MEMORY_LINE: Line = {
  name: 'many pictures',
  share: 3,
  async run({ random, goesOn }) {
    const { recolorBuffer } = (await import(
      '../../dist/node.js' as string
    )) as typeof import('../../src/node/index.js');
    const pictures = await Promise.all(
      [200, 640, 1200].map((side) => {
        const data = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => (i * 11) ^ (i >> 7)));
        return sharp(data, { raw: { width: side, height: side, channels: 3 } })
          .png()
          .toBuffer();
      }),
    );
    const found: { rss: number; handles: number }[] = [];
    let count = 0;
    do {
      await recolorBuffer(pictures[below(random, pictures.length)] as Buffer, ['teal;40;90', 'red -> navy;auto;100']);
      count++;
      if (count % 10 === 1) found.push({ rss: process.memoryUsage.rss(), handles: await countHandles() });
    } while (goesOn());
    const grown = [
      judgeGrowth(
        'memory',
        found.map(({ rss }) => rss),
        SAMPLES,
        MAX_GROWTH,
      ),
      judgeGrowth(
        'open files',
        found.map(({ handles }) => handles),
        SAMPLES,
        1,
      ),
    ];
    return {
      tried: `${count} pictures in one process${grown.map(({ words }) => words).join('')}`,
      faults: grown.flatMap(({ faults }) => faults),
    };
  },
};

/** Open files of this process; 0 where the system does not say. */
async function countHandles(): Promise<number> {
  return (await readdir('/proc/self/fd').catch(() => [])).length;
}
