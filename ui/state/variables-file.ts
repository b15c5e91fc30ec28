import type { ColorList } from '../../src/protocol/replies.js';
import { rgbOfColor } from '../../src/tokens/index.js';

/**
 * The file's color variables as JSON that `colorshine --tokens` reads, so that a recipe with references means the same
 * outside of Figma. Aliases are followed. A variable without a color in its default mode is left out; another mode without
 * one takes the default's. Display P3 colors beyond sRGB are brought into it, since the format knows no other.
 */
export function formatVariables({ collections }: ColorList): string {
  const variables = collections.flatMap(({ id: collection, variables: own, defaultModeId }) =>
    own.flatMap(({ id, name, values }) => {
      const valuesByMode = Object.fromEntries(
        Object.entries(values).flatMap(([mode, css]) => {
          const color = css === null ? undefined : rgbFromCss(css);
          return color ? [[mode, color] as const] : [];
        }),
      );
      if (!(defaultModeId in valuesByMode)) return [];
      return [{ id, name, variableCollectionId: collection, resolvedType: 'COLOR', valuesByMode }];
    }),
  );
  const listed = collections.map(({ id, name, modes, defaultModeId }) => ({
    id,
    name,
    defaultModeId,
    modes: modes.map((mode) => ({ modeId: mode.id, name: mode.name })),
  }));
  return `${JSON.stringify({ variableCollections: listed, variables }, null, 2)}\n`;
}

/** Components from 0 to 1, exact for the forms in which the plugin's main side writes sRGB colors. */
function rgbFromCss(css: string): { r: number; g: number; b: number; a: 1 } {
  const plain = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)$/.exec(css);
  const [r = 0, g = 0, b = 0] = plain ? plain.slice(1).map(Number) : rgbOfColor(css).map((code) => code / 255);
  return { r, g, b, a: 1 };
}
