/** Package entry `colorshine/vite`. */
import type { Plugin } from 'vite';
import type { ShineOptions } from './options.js';
import { createVitePlugins } from './vite-plugins.js';

export type { ShineOptions };

/** The plugin for Vite: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. */
export default function colorshine(options: ShineOptions = {}): Plugin[] {
  return Object.values(createVitePlugins(options));
}
