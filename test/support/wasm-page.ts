/** What the browser test of the wasm backend runs in the page. Bundled and minified by the test. */
import { startBrowserPool } from '../../src/backends/wasm/browser-threads.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { createJsBackend } from '../../src/index.js';
import { compareColors } from './compare.js';
import { PLAN_CASES, planOf } from './plans.js';

export interface PageResult {
  readonly variant: string;
  readonly threads: number;
  readonly notices: readonly string[];
  /** Of each case against js. */
  readonly comparisons: readonly { readonly name: string; readonly max: number; readonly different: number }[];
  readonly colors: number;
}

async function run(): Promise<PageResult> {
  const notices: string[] = [];
  const js = createJsBackend();
  const wasm = await createWasmBackend({
    threads: 3,
    startPool: startBrowserPool,
    onNotice: (sentence) => notices.push(sentence),
  });
  const colors = Uint32Array.from({ length: 200_003 }, (_, i) => (i * 83) & 0xffffff);
  const comparisons = [];
  for (const planCase of PLAN_CASES.slice(0, 6)) {
    const plan = planOf(planCase);
    const [got, wanted] = [new Uint32Array(colors.length), new Uint32Array(colors.length)];
    await wasm.evaluate(colors, plan, got);
    await js.evaluate(colors, plan, wanted);
    comparisons.push({ name: planCase.name, ...compareColors(got, wanted) });
  }
  const { threads, variant } = wasm;
  wasm.dispose();
  return { variant, threads, notices, comparisons, colors: colors.length };
}

Object.assign(globalThis, { runWasmPage: run });
