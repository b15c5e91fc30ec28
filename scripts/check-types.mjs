/** Type-checks every environment with its own lib and types, so that a DOM call in the core is a compile error. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { buildWasm } from './build/wasm.mjs';

await buildWasm();

const projects = readdirSync('.').filter((name) => /^tsconfig\.(?!base|dts)\w+\.json$/.test(name));
let failed = false;
for (const project of projects) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    stdio: 'inherit',
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${project}`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
