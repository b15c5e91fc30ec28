/** Package entry `colorshine/webpack`. */
import type { WebpackPluginInstance } from 'webpack';
import type { ShineOptions } from './options.js';
import { shinePlugin } from './unplugin.js';

export type { ShineOptions };

/** The plugin for webpack: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. */
export default function colorshine(options: ShineOptions = {}): WebpackPluginInstance {
  return shinePlugin.webpack(options) as WebpackPluginInstance;
}
