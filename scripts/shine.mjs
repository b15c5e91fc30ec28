/** `npm run shine -- IMAGE "color;tolerance;strength"`: builds if nothing is built, then runs the CLI. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/cli.cjs')) {
  const { status } = spawnSync(process.execPath, ['esbuild.config.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
const { status } = spawnSync(process.execPath, ['dist/cli.cjs', 'shine', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
