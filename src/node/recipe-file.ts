import { ColorshineError, type Plan, parsePlan, parseRecipe, type Recipe } from '../core/index.js';
import { readText } from './files/text.js';

/**
 * Reads a recipe or a plan from its JSON file. Design tokens that it names stand in it as they are: `resolveRecipe` puts colors in
 * their place.
 *
 * @param path from the working folder
 * @param shown the path as errors give it; default: as it is
 * @throws INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_TOO_LARGE, INVALID_RECIPE, INVALID_PLAN and the codes of bad parts
 */
export async function loadRecipe(path: string, shown = path): Promise<Recipe | Plan> {
  let json: string;
  try {
    json = await readText(path);
  } catch (error) {
    if (error instanceof ColorshineError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ColorshineError('INPUT_NOT_FOUND', `${shown}: expected a recipe file, found nothing there`);
    }
    throw new ColorshineError('INPUT_UNREADABLE', `${shown}: expected a readable recipe file, got ${code}`, {
      cause: error,
    });
  }
  try {
    return /"gamut"\s*:/.test(json) ? parsePlan(json) : parseRecipe(json);
  } catch (error) {
    if (!(error instanceof ColorshineError)) throw error;
    throw new ColorshineError(error.code, `${shown}: ${error.message}`, { cause: error });
  }
}
