import { DEFAULT_STRENGTH, DEFAULT_TOLERANCE } from '../src/core/options.js';
import { PRESETS } from '../src/core/presets.js';
import { makeRecipe } from '../src/core/recipe.js';
import type { Recipe } from '../src/core/types.js';
import { describeReport } from '../src/protocol/describe-report.js';
import { messageOf } from '../src/protocol/errors.js';
import type { SelectionInfo } from '../src/protocol/replies.js';
import { applyRecipe } from './state/apply.js';
import type { Model } from './state/model.js';
import { editFromRecipe } from './state/recipe-state.js';
import { readSettings } from './state/settings.js';

/** A quick action names a color only; its reach is what rows start with. */
const QUICK = { tolerance: DEFAULT_TOLERANCE, strength: DEFAULT_STRENGTH };

/**
 * Does what the plugin was called for beyond opening: quick-action parameters fill the window or, headless, are
 * applied at once, as is "Re-run last".
 */
export async function runHeadless(model: Model): Promise<void> {
  const session = model.session.get();
  if (!session) return;
  const { headless, parameters } = session;
  const readAsked = (): Recipe | undefined => recipeFromParameters(parameters, model.library.own.get());
  if (!headless) {
    const asked = readAsked();
    if (asked) model.edit(() => editFromRecipe(asked));
    return;
  }
  await finish(model, async () => {
    const recipe = readAsked() ?? model.library.recents.get()[0];
    if (!recipe) throw new Error('Nothing to re-run yet: recolor something first');
    const selection = model.selection.get();
    if (!selection) throw new Error('The selection could not be read');
    const hashes = selection.images.map(({ hash }) => hash);
    const { signal } = new AbortController();
    const withColors = await preparePool(model, selection);
    if (hashes.length === 0 && !withColors) throw new Error('Select layers with image fills or colors first');
    const report = await applyRecipe(model.host, model.engine, hashes, {
      includeStyles: false,
      withColors,
      placement: (await readSettings(model.host)).placement,
      revision: selection.revision,
      prepare: async () => ({ recipe, remembered: { recipe } }),
      measured: () => model.layers.ready(signal),
      signal,
      onProgress: () => {},
    });
    await model.library.remember(recipe);
    return describeReport(report);
  });
}

/** Colors of layers go along when they did last time, or when there is nothing else. @returns whether they do */
async function preparePool({ host, layers }: Model, selection: SelectionInfo): Promise<boolean> {
  const { withColors } = await readSettings(host);
  if (selection.images.length > 0 && !withColors) return false;
  layers.isOn.set(withColors);
  await layers.refresh(selection);
  return layers.isActive();
}

/**
 * A preset by id or name, the user's own included, or a single color.
 *
 * @returns undefined when none was given
 * @throws for a preset that does not exist, and INVALID_COLOR
 */
function recipeFromParameters(
  { preset, color }: { readonly preset?: string; readonly color?: string },
  own: readonly Recipe[],
): Recipe | undefined {
  const wanted = preset?.trim().toLowerCase();
  const look =
    own.find(({ name }) => name?.toLowerCase() === wanted) ??
    PRESETS.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)?.recipe;
  if (wanted && look) return look;
  if (wanted && !color?.trim()) throw new Error(`No look is named "${preset?.trim()}"`);
  return color?.trim() ? makeRecipe([{ color: color.trim(), ...QUICK }]) : undefined;
}

async function finish({ host }: Model, run: () => Promise<string>): Promise<void> {
  try {
    await host.close(await run());
  } catch (error) {
    await host.close(messageOf(error), true);
  }
}
