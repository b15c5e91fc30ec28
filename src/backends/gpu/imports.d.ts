/** `x.kernel.js?source`: the functions of x.kernel.ts as texts (scripts/build/kernel-source.mjs). */
declare module '*.kernel.js?source' {
  const source: import('./kernel-scope.js').KernelSource;
  export default source;
}

/** `x.js?packed`: x.ts bundled into one classic script, for `unpackScript` (scripts/build/script-plugin.mjs). */
declare module '*.js?packed' {
  const packed: string;
  export default packed;
}
