/** Package entry `colorshine/esbuild`. */
import type { Plugin } from 'esbuild';
import type { ShineOptions } from './options.js';
import { shinePlugin } from './unplugin.js';

export type { ShineOptions };

/** The plugin for esbuild: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. */
export default function colorshine(options: ShineOptions = {}): Plugin {
  return shinePlugin.esbuild(options) as Plugin;
}
