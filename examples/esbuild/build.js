import colorshine from 'colorshine/esbuild';
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.js'],
  bundle: true,
  format: 'esm',
  outdir: 'dist',
  publicPath: '/dist',
  plugins: [colorshine({ tokens: 'tokens.json' })],
});
