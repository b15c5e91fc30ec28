import { IconButton } from '../controls/button.js';
import type { Model } from '../state/model.js';
import { recipeFromEdit } from '../state/recipe-state.js';
import { commandFor } from '../state/recipe-text.js';
import { useStore } from '../state/store.js';
import { copyText } from './copy-text.js';

/** The command that does the same without this page. */
export function CommandLine({ model }: { readonly model: Model }) {
  const edit = useStore(model.history, ({ present }) => present);
  const selection = useStore(model.selection);
  const image = useStore(model.image);
  if (edit.rows.length === 0) return null;
  const hash = image.kind === 'none' ? undefined : image.hash;
  const name = selection?.images.find((item) => item.hash === hash)?.layers[0]?.name ?? 'photo.jpg';
  const command = commandFor(recipeFromEdit(edit), name);
  const copy = (): void =>
    void copyText(command).then(
      () => model.tell('Command copied'),
      (error: Error) => model.tell(error.message, true),
    );
  return (
    <section class="section" aria-labelledby="command-title">
      <header>
        <h2 id="command-title">On the command line</h2>
        <span class="spacer" />
        <IconButton icon="copy" label="Copy command" onClick={copy} />
      </header>
      <code class="command">{command}</code>
    </section>
  );
}
