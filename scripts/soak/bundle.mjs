/** `node bundle.mjs vite|webpack|esbuild`: builds src/main.js in the current folder into out-NAME, as the bundler's own command line would. */
import { join } from 'node:path';

const [name] = process.argv.slice(2);
const root = process.cwd();
const outdir = join(root, `out-${name}`);
const { default: colorshine } = await import(`../../dist/${name}.js`);
const plugins = [colorshine({ recipe: 'brand.json', cacheDir: 'images-cache' })];
const BUNDLERS = {
  async vite() {
    const { build } = await import('vite');
    const rollupOptions = { input: 'src/main.js', output: { assetFileNames: '[name]-[hash][extname]' } };
    const options = { outDir: outdir, emptyOutDir: true, assetsInlineLimit: 0, rollupOptions };
    await build({ root, configFile: false, logLevel: 'error', plugins, build: options });
  },
  async webpack() {
    const { default: webpack } = await import('webpack');
    const output = { path: outdir, clean: true, assetModuleFilename: '[name]-[contenthash][ext]' };
    const compiler = webpack({ mode: 'production', context: root, entry: './src/main.js', output, plugins });
    const stats = await new Promise((done, failed) =>
      compiler.run((error, result) => (error ? failed(error) : done(result))),
    );
    if (stats.hasErrors()) throw new Error(stats.toString({ colors: false, all: false, errors: true }));
  },
  async esbuild() {
    const { build } = await import('esbuild');
    const options = { absWorkingDir: root, entryPoints: ['src/main.js'], bundle: true, logLevel: 'silent' };
    await build({ ...options, format: 'esm', outdir, assetNames: '[name]-[hash]', plugins });
  },
};
await BUNDLERS[name]();
