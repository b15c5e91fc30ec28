/** `figma.teamLibrary` and the part of `figma.util` that converts colors. */
import type { Scene } from '../scene.js';
import { checkColor } from './colors.js';
import { deepFreeze } from './plain-data.js';
import { later, type World } from './world.js';

export function createLibrary(world: World, { libraries = [], variables = [] }: Scene): object {
  return Object.freeze({
    getAvailableLibraryVariableCollectionsAsync: () =>
      later(world, () => libraries.map(({ key, name, libraryName }) => ({ key, name, libraryName }))),
    getVariablesInLibraryCollectionAsync: (key: string) =>
      later(world, () => {
        const library = libraries.find((one) => one.key === key);
        if (!library) throw new Error('in getVariablesInLibraryCollectionAsync: no such collection');
        if (library.rejects !== undefined) throw new Error(library.rejects);
        return library.variables.map((one) => {
          const { name = '', resolvedType = 'COLOR' } = variables.find(({ id }) => id === one.id) ?? {};
          return { key: one.key, name, resolvedType };
        });
      }),
  });
}

/** @param scale of lightness: Figma does not say which */
export function createUtil(scale: 'unit' | 'percent'): object {
  return Object.freeze({
    rgb(color: { space?: string; l?: number; c?: number; h?: number }) {
      if (color?.space !== 'OKLCH') throw new TypeError('in util.rgb: not part of the stand-in');
      const { l = 0, c = 0, h = 0 } = color;
      const [r, g, b] = fromOklch(scale === 'unit' ? l : l / 100, c, h).map((value) => Math.min(1, Math.max(0, value)));
      return deepFreeze(checkColor({ r, g, b, sourceColor: color }, 'util.rgb', false));
    },
  });
}

/** The matrices of CSS Color 4. */
function fromOklch(L: number, chroma: number, hue: number): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (L + 0.3963377773761749 * a + 0.2158037573099136 * b) ** 3;
  const m = (L - 0.1055613458156586 * a - 0.0638541728258133 * b) ** 3;
  const s = (L - 0.0894841775298119 * a - 1.2914855480194092 * b) ** 3;
  const linear = [
    4.0767416360759583 * l - 3.3077115392580629 * m + 0.2309699031821043 * s,
    -1.2684379732850315 * l + 2.6097573492876882 * m - 0.341319376002657 * s,
    -0.0041960761386756 * l - 0.7034186179359362 * m + 1.7076146940746117 * s,
  ];
  return linear.map((value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}
