/** A network between Redis and who uses it that is slow, silent or torn, as it is told. */
import { connect, createServer, type Socket } from 'node:net';

export interface SlowProxy {
  /** As the server's, password included. */
  readonly url: string;
  /** Each piece is held back up to so long, milliseconds, in order. */
  delay(most: number): void;
  /** From now on nothing comes through on the connections that there are, and nobody is told, as when a router forgets them. */
  forget(): void;
  /** Tears all connections, in the middle of whatever they carry. */
  tear(): void;
  close(): Promise<void>;
}

export async function openSlowProxy(target: string, random: () => number): Promise<SlowProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let most = 0;
  const forgotten = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      let last = 0;
      from.on('data', (chunk) => {
        if (forgotten.has(near)) return;
        last = Math.max(last, Date.now() + random() * most);
        setTimeout(() => to.write(chunk), last - Date.now());
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        pairs.delete(pair);
        forgotten.delete(near);
        to.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(target);
  url.port = String((server.address() as { port: number }).port);
  const tear = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: url.href,
    delay(value) {
      most = value;
    },
    forget() {
      for (const [near] of pairs) forgotten.add(near);
    },
    tear,
    async close() {
      tear();
      await new Promise((done) => server.close(done));
    },
  };
}
