/** `x.kernel.js?source`: the functions of x.kernel.ts as texts (scripts/build/kernel-source.mjs). */
declare module '*.kernel.js?source' {
  const source: import('./kernel-scope.js').KernelSource;
  export default source;
}

/** `x.js?script`: x.ts bundled into one classic script, as text (scripts/build/script-plugin.mjs). */
declare module '*.js?script' {
  const text: string;
  export default text;
}
