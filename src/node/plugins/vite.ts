/** Package entry `colorshine/vite`. */
import type { Plugin } from 'vite';
import type { ShineOptions } from './options.js';
import { shinePlugin } from './unplugin.js';

export type { ShineOptions };

/** The plugin for Vite: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. */
export default function colorshine(options: ShineOptions = {}): Plugin {
  return shinePlugin.vite(options) as Plugin;
}
