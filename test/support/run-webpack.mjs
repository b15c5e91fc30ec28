/** What `webpack` on the command line does with a configuration, without webpack-cli and its 30 packages. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import webpack from 'webpack';

const { default: config } = await import(pathToFileURL(resolve('webpack.config.js')).href);
const compiler = webpack(config);
compiler.run((error, stats) => {
  if (error) throw error;
  console.log(stats.toString({ colors: false }));
  process.exitCode = stats.hasErrors() ? 1 : 0;
  compiler.close(() => undefined);
});
