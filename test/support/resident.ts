import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** What the largest of a browser's pages has in memory with its workers. Linux's word for it; 0 elsewhere. */
export async function residentMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(0, ...(await Promise.all(pages.map(({ id }) => residentOf(id)))));
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
