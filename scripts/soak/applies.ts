/** A long session in one window: Apply after Apply, with other rows each time. Memory stays where it was after the first hundred. */
import { addFiles, applyAndRead, pasteText, startPlayground } from '../../test/support/playground.js';
import { makePhotoLike, writePng } from '../../test/support/png-images.js';
import { residentMegabytes } from '../../test/support/resident.js';
import { judgeGrowth, STEADY_V8 } from './growth.js';
import { below, type Line } from './line.js';

const SIDE = 256;
/** Until then the page and its worker grow into their work. */
const WARM_UP = 100;
const SAMPLE_EVERY = 10;
const SAMPLES = 10;
const MAX_GROWTH = 1.1;

export const APPLIES_LINE: Line = {
  name: 'window, many Applies',
  share: 4,
  async run({ random, goesOn }) {
    const playground = await startPlayground([`--js-flags=${['--expose-gc', ...STEADY_V8].join(' ')}`]);
    const faults: string[] = [];
    const heap: number[] = [];
    const memory: number[] = [];
    let applies = 0;
    try {
      const page = await playground.open();
      const tab = await page.context().newCDPSession(page);
      const buffer = writePng(makePhotoLike(SIDE, SIDE), { width: SIDE, height: SIDE });
      await addFiles(page, [{ name: 'photo.png', mimeType: 'image/png', buffer }]);
      do {
        await pasteText(page, `teal;${1 + below(random, 100)};90\nnavy -> red;~0.1;${1 + below(random, 100)}`);
        const { bytes } = await applyAndRead(page);
        if (bytes.readUInt32BE(16) !== SIDE) faults.push(`apply ${applies}: expected ${SIDE} pixels`);
        if (++applies <= WARM_UP || applies % SAMPLE_EVERY > 0) continue;
        await tab.send('HeapProfiler.collectGarbage');
        for (const worker of page.workers()) await worker.evaluate('gc()');
        heap.push((await tab.send('Runtime.getHeapUsage')).usedSize);
        memory.push(await residentMegabytes(playground.chromium.browser));
      } while (goesOn() && faults.length === 0);
    } catch (error) {
      faults.push(`apply ${applies + 1}: ${(error as Error).message}`);
    } finally {
      await playground.close();
    }
    const grown = [
      judgeGrowth('page heap', heap, SAMPLES, MAX_GROWTH),
      judgeGrowth('memory', memory, SAMPLES, MAX_GROWTH),
    ];
    const words = grown.map((one) => one.words).join('');
    return {
      tried: `${applies} applies in one window${words}`,
      faults: [...faults, ...grown.flatMap((one) => one.faults)],
    };
  },
};
