/** Vite's dev server in a hostile neighborhood: it renders what the project imports, and nothing that only a visitor names. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type InlineConfig, type ViteDevServer } from 'vite';
import { afterEach, describe, expect, it } from 'vitest';
import imagetoolsPlugin from '../../src/node/plugins/imagetools.js';
import type { ShineOptions } from '../../src/node/plugins/options.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import { makePicture } from '../figma/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

const LOOK = '{"version":1,"attractors":["teal;60;80"]}';

let server: ViteDevServer | undefined;
afterEach(() => server?.close());

/** A project in `site/`, and beside it files that are none of the server's business. */
async function makeProject(main: string): Promise<string> {
  const folder = await makeTempFolder();
  const root = join(folder, 'site');
  await mkdir(join(root, 'src'), { recursive: true });
  const picture = await makePicture(70, 50);
  await writeFile(join(root, 'package.json'), '{"type":"module","workspaces":[]}'); // the workspace ends here
  for (const name of ['site/src/p.png', 'site/src/other.png', 'outside.png']) {
    await writeFile(join(folder, name), picture);
  }
  await writeFile(join(root, 'src/look.json'), LOOK);
  await writeFile(join(folder, 'secret.json'), 'password: hunter2');
  await writeFile(join(root, '.env'), 'password: hunter2');
  await writeFile(join(root, 'src/main.js'), main);
  await writeFile(join(root, 'index.html'), '<script type="module" src="/src/main.js"></script>');
  return root;
}

const PLUGINS = {
  vite: (options: ShineOptions) => vitePlugin(options),
  imagetools: (options: ShineOptions) => imagetoolsPlugin(options),
};

async function serve(root: string, plugins: InlineConfig['plugins'], more: InlineConfig = {}): Promise<ViteDevServer> {
  server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [plugins],
    cacheDir: join(root, '.vite'),
    optimizeDeps: { noDiscovery: true },
    server: { port: 0, host: '127.0.0.1', hmr: false },
    ...more,
  });
  await server.listen();
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** As it is written, `..` included, which `fetch` would take out. */
function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const address = server?.httpServer?.address() as AddressInfo;
  return new Promise((done, fail) => {
    const asking = request({ host: '127.0.0.1', port: address.port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    asking.on('error', fail).end();
  });
}

async function made(root: string): Promise<number> {
  const cache = join(root, 'node_modules/.cache/colorshine/images');
  return (await readdir(cache).catch(() => [])).length;
}

describe.each(Object.entries(PLUGINS))('the dev server with the plugin for %s', (name, plugin) => {
  const main = "import url from './p.png?shine=look.json';\nconsole.log(url);\n";

  // With a root of its own, the plugin's root is not Vite's.
  it.each<[ShineOptions]>([[{}], [{ root: '..' }], [{ root: 'src' }]])(
    'refuses what only a visitor names, with the options %j',
    async (options) => {
      const root = await makeProject(main);
      await serve(root, plugin(options));
      const secret = join(root, '..', 'secret.json');
      const paths = [
        '/src/p.png?import&shine=/etc/passwd',
        `/src/p.png?import&shine=${secret}`,
        '/src/p.png?import&shine=../../secret.json',
        '/src/p.png?import&shine=look.json&tokens=/etc/passwd',
        `/src/p.png?shine=teal;60;80&tokens=${secret}&import`,
        '/src/p.png?import&shine=.env',
        '/src/p.png?import&shine=teal;60;80',
        '/src/p.png?shine=teal;60;80&shine',
        '/src/other.png?import&shine=/src/look.json&shine',
        '/@id/src/p.png?import&shine=/etc/passwd',
        `/@fs${root}/src/p.png?import&shine=/etc/passwd`,
        `/@fs${join(root, '..', 'outside.png')}?import&shine=/src/look.json&shine`,
        '/../outside.png?import&shine=/src/look.json&shine',
        '/src/../../outside.png?import&shine=/src/look.json&shine',
        '/src/p.png?import&%73hine=/etc/passwd',
        '/src/p.png?import&shine-looks=eyIiOnsicmVjaXBlIjp7fX19&w=10',
        '/src/p.png?import&html-proxy&shine=/etc/passwd&index=0.js',
      ];
      for (const path of paths) {
        const { status, body } = await ask(path);
        expect(body, path).not.toMatch(/hunter2|root:|found nothing/);
        // What is no import is a file of the project as it lies there, or imagetools' own directives.
        if (/[?&]import&(?:.*&)?shine=/.test(path)) expect(status, path).toBeGreaterThanOrEqual(400);
      }
      expect(await made(join(root, options.root ?? '.'))).toBe(0);
    },
  );

  it('renders what a file imports, and no longer than it does', async () => {
    const root = await makeProject(main);
    const { environments } = await serve(root, plugin({}));
    await ask('/src/main.js');
    const [imported = ''] = /\/src\/p\.png\?[^"]*/.exec((await ask('/src/main.js')).body) ?? [];
    expect(decodeURIComponent(imported)).toContain('shine=/src/look.json');
    const { status, body } = await ask(imported);
    expect([status, body]).toEqual([200, expect.stringMatching(/p\.png|@imagetools/)]);
    // The same look of another picture is another import.
    expect((await ask(imported.replace('p.png', 'other.png'))).status).toBe(500);

    await writeFile(join(root, 'src/main.js'), 'console.log(1);\n');
    const { moduleGraph } = environments.client;
    const invalidate = (file: string): void => {
      for (const module of moduleGraph.getModulesByFile(join(root, file)) ?? []) moduleGraph.invalidateModule(module);
    };
    invalidate('src/main.js');
    await ask('/src/main.js');
    invalidate('src/p.png');
    expect((await ask(imported)).status).toBe(500);
    // The watcher hears of the file's change when it likes: that it is to be read anew says nothing of what it imports.
    await new Promise((done) => setTimeout(done, 2)); // another millisecond
    invalidate('src/main.js');
    expect((await ask(imported)).status).toBe(500);
  });

  it('says so at once while the project is fine', async () => {
    const root = await makeProject(main);
    await serve(root, plugin({}));
    const { status, body } = await ask('/src/p.png?import&shine=/etc/passwd');
    expect(status).toBe(500);
    expect(body).toContain('/src/p.png?');
    expect(body).toContain('expected what the project imports, found no such import');
  });

  it('leaves other hosts and origins to Vite, which refuses them', async () => {
    const root = await makeProject(main);
    await serve(root, plugin({}));
    const [imported = ''] = /\/src\/p\.png\?[^"]*/.exec((await ask('/src/main.js')).body) ?? [];
    expect((await ask(imported, { host: 'evil.example' })).status).toBe(403);
    const foreign = await ask(imported, { origin: 'https://evil.example' });
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('recolors no image and reads no recipe outside of server.fs.allow, whoever imports them', async () => {
    const root = await makeProject(
      "import a from '../../outside.png?shine=look.json';\nimport b from './p.png?shine=../../secret.json';\nimport c from './p.png?shine=../.env';\nconsole.log(a, b, c);\n",
    );
    await serve(root, plugin({}), { server: { port: 0, host: '127.0.0.1', hmr: false, fs: { allow: [root] } } });
    const { status, body } = await ask('/src/main.js');
    expect(status).toBe(500);
    expect(body).toContain('expected files that the server may read');
    expect(body).not.toContain('hunter2');
    expect(await made(root)).toBe(0);
  });

  it('shows no original in the place of an import that nobody looked at', async () => {
    const root = await makeProject('document.body.innerHTML = \'<img src="/src/p.png?shine=look.json">\';\n');
    await serve(root, plugin({}));
    const image = await ask('/src/p.png?shine=look.json', { 'sec-fetch-dest': 'image' });
    expect([image.status, image.body]).toEqual([404, expect.stringContaining('/src/p.png?shine=look.json: expected')]);
    expect((await ask('/src/p.png?v=1', { 'sec-fetch-dest': 'image' })).status).toBe(200);
    expect((await ask('/src/p.png?shine=look.json', { 'sec-fetch-dest': 'document' })).status, name).toBeLessThan(600);
  });
});

describe('rendering on the server', () => {
  it('imports recolored images as the browser does', async () => {
    const root = await makeProject("export { default } from './p.png?shine=look.json';\n");
    const { ssrLoadModule } = await serve(root, vitePlugin());
    const module = await ssrLoadModule('/src/main.js');
    expect(module.default).toMatch(/\/node_modules\/\.cache\/colorshine\/images\/[\da-f]+\/p\.png$/);
    await expect(ssrLoadModule('/src/p.png?shine=/etc/passwd')).rejects.toThrow('found no such import');
  });
});
