import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, context } from 'esbuild';
import { collectLicenses } from './licenses.mjs';
import { gpuPlugins } from './script-plugin.mjs';

/**
 * The window as single files: figma/ui.html for the plugin and playground/index.html, below `outDir`. Script, styles and the
 * worker's script are inlined, because the plugin may load nothing.
 *
 * @param pages which of them
 */
export async function buildUi({ watch = false, outDir = 'dist', quiet = false, pages = Object.keys(PAGES) } = {}) {
  const inputs = {};
  for (const name of pages) {
    const { entry, file } = PAGES[name];
    const out = `${outDir}/${file}`;
    const options = {
      ...SHARED,
      logLevel: quiet ? 'error' : 'info',
      entryPoints: [entry],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      plugins: [workerPlugin(), pagePlugin(out)],
    };
    if (watch) await (await context(options)).watch();
    else Object.assign(inputs, (await build(options)).metafile.inputs);
  }
  if (!watch) await writeFile(`${outDir}/ui-meta.json`, JSON.stringify({ inputs }));
}

const PAGES = {
  figma: { entry: 'ui/figma.ts', file: 'figma/ui.html' },
  playground: { entry: 'ui/playground.ts', file: 'playground/index.html' },
};

/**
 * By the errors that it gives, Figma shows a window as a `data:` URL, here of 0.8 MB, and a script without a name has its page's.
 * Chromium notes where each message is posted from, with a copy of that URL for each function on the stack: 100 ms a message, where
 * memory is slow.
 */
const NAMED = '//# sourceURL=colorshine.js\n';

const SHARED = {
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  metafile: true,
  legalComments: 'none',
  logLevel: 'error',
  outdir: 'dist/ui',
};

/** The worker's script, with the GPU's own inside it as a string. @returns its text and the files it was made of */
export async function bundleWorker() {
  const nested = {};
  const { outputFiles, metafile } = await build({
    ...SHARED,
    entryPoints: ['ui/worker/worker.ts'],
    plugins: gpuPlugins((files) => {
      for (const file of files) nested[path.relative('.', file)] = { bytes: 0, imports: [] };
    }),
  });
  return { text: outputFiles[0].text, inputs: { ...nested, ...metafile.inputs } };
}

/** `WORKER_SOURCE` is the built worker as a string. */
function workerPlugin() {
  return {
    name: 'worker-source',
    setup({ onLoad, onStart, onEnd }) {
      let source = '""';
      let inputs = {};
      onStart(async () => {
        const worker = await bundleWorker();
        source = JSON.stringify(worker.text);
        inputs = worker.inputs;
      });
      onLoad({ filter: /ui[\\/]open-window\.tsx$/ }, async ({ path }) => ({
        contents: `${await readFile(path, 'utf8')}\nconst WORKER_SOURCE = ${source};`.replace(
          'declare const WORKER_SOURCE: string;',
          '',
        ),
        loader: 'tsx',
        watchFiles: Object.keys(inputs),
      }));
      onEnd(({ metafile }) => {
        if (metafile) Object.assign(metafile.inputs, inputs);
      });
    },
  };
}

/** Writes the page. Replacer functions, because bundles contain `$&`; `</script` must not end the script early. */
function pagePlugin(out) {
  return {
    name: 'page',
    setup({ onEnd }) {
      onEnd(async ({ outputFiles = [], errors, metafile }) => {
        if (errors.length > 0) return;
        const script = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
        const styles = await build({ ...SHARED, entryPoints: ['ui/styles/main.css'] });
        const css = styles.outputFiles[0].text;
        const licenses = (await collectLicenses(Object.keys(metafile.inputs))).replaceAll('-->', '-- >');
        const page = (await readFile('ui/index.html', 'utf8'))
          .replace('<!-- styles -->', () => `<style>${css.replaceAll('</style', '<\\/style')}</style>`)
          .replace('<!-- licenses -->', () => `<!--\n${licenses}\n-->`)
          .replace(
            '<!-- script -->',
            () =>
              `<script>${script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}${NAMED}</script>`,
          );
        await mkdir(out.slice(0, out.lastIndexOf('/')), { recursive: true });
        await writeFile(out, page);
      });
    },
  };
}
