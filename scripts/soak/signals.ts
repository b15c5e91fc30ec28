/** SIGINT, SIGTERM and a reader that goes away, at any moment: the right exit code, nothing half written, nothing left over. */
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { contents, endOf, start, statusOf } from './command.js';
import { type Line, pick } from './line.js';

const SIDE = 1200;
const COPIES = 6;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const EXTENSIONS = ['png', 'jpg', 'webp', 'tiff', 'avif'] as const;

export const SIGNAL_LINE: Line = {
  name: 'signals',
  share: 2,
  async run({ random, folder, goesOn }) {
    await mkdir(join(folder, 'in'));
    const data = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7) ^ (i >> 10)));
    const source = sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
    for (let i = 0; i < COPIES; i++) await source.png().toFile(join(folder, 'in', `${i}.png`));
    const faults: string[] = [];
    const wanted = new Map<string, Map<string, string>>();
    let signals = 0;
    do {
      const format = pick(random, EXTENSIONS);
      const out = join(folder, `out-${format}`);
      const args = ['shine', 'in/*', 'teal;40;90', '--out-dir', `out-${format}`, '--format', format, '--quiet'];
      const began = Date.now();
      if (!wanted.has(format)) {
        const { code, stderr } = await endOf(start(args, folder));
        if (code !== 0) return { tried: 'nothing', faults: [`undisturbed: exit ${code}: ${stderr.trim()}`] };
        wanted.set(format, await contents(out));
      }
      const signal = pick(random, SIGNALS);
      const child = start([...args, '--force'], folder);
      const ended = endOf(child);
      await setTimeout(random() * Math.max(300, Date.now() - began));
      const wasSent = child.exitCode === null && child.kill(signal);
      const { code, signal: by, stderr } = await ended;
      signals++;
      const status = statusOf(code, by);
      // It may have been done before it heard, or be told before it listens.
      if (status !== 0 && (!wasSent || status !== 128 + constants.signals[signal]))
        faults.push(`${signal}: exit ${status}: ${stderr.trim()}`);
      for (const [name, bytes] of await contents(out)) {
        if (wanted.get(format)?.get(name) !== bytes) faults.push(`${signal}, ${format}: ${name} is half or left over`);
      }
    } while (goesOn() && faults.length === 0);
    return { tried: `${signals} signals in ${COPIES} images of ${SIDE} x ${SIDE}`, faults };
  },
};
