/** Opening thousands of files at once would run out of handles. */
const OPEN_FILES = 32;

/** `Promise.all` over `items.map(work)` with a few at work at once; results in the order of the items. */
export async function mapLimited<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(OPEN_FILES, items.length) }, worker));
  return results;
}
