/** Builds everything into dist/. `--watch` rebuilds on change. One module a target under scripts/build/. */
import { rm } from 'node:fs/promises';
import { buildFigma } from './scripts/build/figma.mjs';
import { buildNode } from './scripts/build/node.mjs';
import { buildUi } from './scripts/build/ui.mjs';
import { buildWasm } from './scripts/build/wasm.mjs';

const watch = process.argv.includes('--watch');
await rm(new URL('./dist', import.meta.url), { recursive: true, force: true });
await buildWasm();
await buildNode({ watch });
await buildFigma({ watch });
await buildUi({ watch });
