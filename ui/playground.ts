/** Entry of the playground page. */
import { createFileHost } from './file-host.js';
import { openWindow } from './open-window.js';
import type { Model } from './state/model.js';
import { recipeFromLink } from './state/share-link.js';

void openWindow(createFileHost()).then((model) => {
  if (!model) return;
  const follow = (): void => void adoptLink(model);
  addEventListener('hashchange', follow);
  follow();
});

/** A link's recipe becomes an edit, which can be undone, and leaves the address: what is edited from here on is the person's own. */
async function adoptLink(model: Model): Promise<void> {
  const { hash, pathname, search } = location;
  try {
    const recipe = recipeFromLink(hash);
    if (!recipe) return;
    history.replaceState(null, '', pathname + search);
    await model.adopt(recipe);
    model.tell('Recipe taken from the link');
  } catch (error) {
    model.tell((error as Error).message, true);
  }
}
