/** What a kernel sees as `this`: gpu.js provides it on a GPU, `runInJavaScript` in plain JavaScript. */
export interface KernelScope {
  readonly thread: { readonly x: number };
  readonly constants: KernelConstants;
}

/** gpu.js writes them into the shader as constants. */
export type KernelConstants = KernelLayout & KernelVariant;

/**
 * What a kernel is compiled for, 1 or 0 each. A recipe of attractors would pay for rows that it does not have: a GPU may take both ways
 * of a branch, and a software GPU always does.
 */
export interface KernelVariant {
  /** Whether there are keep or repaint rows. */
  readonly hasSurfaces: number;
  /** Whether attractors blend straight. */
  readonly isStraight: number;
}

/** Places in the parameter array. */
export type KernelLayout = Readonly<Record<ParameterName, number>> & {
  readonly toLms: number;
  readonly fromLms: number;
  readonly toOklab: number;
  readonly fromOklab: number;
  readonly table: number;
  /** The first keep or repaint row; others follow. */
  readonly surfaceRows: number;
  /** The first attractor; others lie before it. */
  readonly attractorRows: number;
  readonly stride: number;
};

/** The single numbers at the start of the parameter array. */
export const PARAMETER_NAMES = [
  'keeps',
  'surfaces',
  'attractors',
  'luminance',
  'saturation',
  'hue',
  'straight',
  'flat',
  'powerless',
  'hueless',
  'surfaceLightness',
  'surfaceFloor',
  'gamutEpsilon',
  'noticeable',
  'membershipGuard',
  'smallRadius',
  'steepShade',
  'hueGuard',
  'lightnessGuard',
  'sureLightness',
] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

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
