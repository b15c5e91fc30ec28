/**
 * Builds the playground and serves it on this machine only; with `--out DIR` writes it as one file for any web server instead. Nothing is
 * uploaded: the page does all the work.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildUi } from './build/ui.mjs';
import { buildWasm } from './build/wasm.mjs';

const FIRST_PORT = 4173;
const PAGE = 'playground/index.html';
/** What every page of ours says, and hardly another. */
const MARK = '<title>Colorshine</title>';

const { values } = parseArgs({ options: { out: { type: 'string' }, watch: { type: 'boolean', default: false } } });

if (values.out !== undefined) await write(values.out);
else {
  await buildWasm();
  await buildUi({ watch: values.watch });
  serve();
}

async function write(folder) {
  const file = path.join(folder, 'index.html');
  const existing = await readFile(file, 'utf8').catch(() => MARK);
  if (!existing.includes(MARK)) {
    console.error(`--out: expected a folder without an index.html of another page, got ${folder}`);
    process.exitCode = 2;
    return;
  }
  const outDir = await mkdtemp(path.join(tmpdir(), 'colorshine-playground-'));
  try {
    await buildWasm();
    await buildUi({ outDir, quiet: true, pages: ['playground'] });
    const page = await readFile(path.join(outDir, PAGE));
    await mkdir(folder, { recursive: true });
    await writeFile(file, page);
    console.log(
      `${file}: ${Math.round(page.length / 1000)} kB. It is all there is, for any web server or to be opened as a file.`,
    );
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function serve() {
  const server = createServer(async (_request, response) => {
    try {
      const page = await readFile(path.join('dist', PAGE));
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
}
