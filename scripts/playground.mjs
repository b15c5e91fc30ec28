/** Builds the playground and serves it on this machine only. Nothing is uploaded: the page does all the work. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { buildUi } from './build/ui.mjs';
import { buildWasm } from './build/wasm.mjs';

const FIRST_PORT = 4173;

await buildWasm();
await buildUi({ watch: process.argv.includes('--watch') });

const server = createServer(async (_request, response) => {
  try {
    const page = await readFile('dist/playground/index.html');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(page);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
  }
});

let port = Number(process.env.PORT ?? FIRST_PORT);
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE' || process.env.PORT) throw error;
  server.listen(++port, '127.0.0.1');
});
server.on('listening', () => console.log(`Playground: http://localhost:${port}/   (Ctrl+C ends it)`));
server.listen(port, '127.0.0.1');
