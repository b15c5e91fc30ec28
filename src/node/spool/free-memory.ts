import { MessageChannel } from 'node:worker_threads';

/**
 * Gives a large piece of memory back to the system at once, without waiting for a garbage collection that nothing may bring
 * about for minutes. The buffer is empty afterwards.
 */
export function freeMemory(buffer: ArrayBuffer): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(undefined, [buffer]); // moved to nobody
  port1.close();
  port2.close();
}
