/** What a kernel sees as `this`: gpu.js provides it on a GPU, `runInJavaScript` in plain JavaScript. */
export interface KernelScope {
  readonly thread: { readonly x: number };
  readonly constants: KernelConstants;
}

/** Places in the parameter array; gpu.js writes them into the shader as constants. */
export interface KernelConstants {
  readonly toLms: number;
  readonly fromLms: number;
  readonly toOklab: number;
  readonly fromOklab: number;
  readonly table: number;
  readonly attractors: number;
  readonly stride: number;
}

/**
 * An array a kernel reads. `any`, because under `noUncheckedIndexedAccess` every other type makes each read
 * `number | undefined`, and a kernel cannot check: a GPU has no undefined.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Numbers = any;

/** A kernel as gpu.js takes it: texts of function declarations. */
export interface KernelSource {
  readonly root: string;
  readonly helpers: readonly string[];
}
