/** Package entry `colorshine/rollup`. */
import type { Plugin } from 'rollup';
import type { ShineOptions } from './options.js';
import { shinePlugin } from './unplugin.js';

export type { ShineOptions };

/** The plugin for Rollup: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. */
export default function colorshine(options: ShineOptions = {}): Plugin {
  return shinePlugin.rollup(options) as Plugin;
}
