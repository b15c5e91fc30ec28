import { useCallback, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import type { Model } from '../state/model.js';
import { EMPTY_EDIT, editFromRecipe, recipeFromEdit } from '../state/recipe-state.js';
import { jsonFromRecipe, recipeFromText, textFromRecipe } from '../state/recipe-text.js';
import { useStore } from '../state/store.js';
import { copyText } from './copy-text.js';

type View = 'closed' | 'menu' | 'paste' | 'save';

/** Copy, paste, save and clear the recipe. */
export function RecipeMenu({ model }: { readonly model: Model }) {
  const [view, setView] = useState<View>('closed');
  const isEmpty = useStore(model.history, ({ present }) => present.rows.length === 0);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setView('closed'), []);
  const recipe = () => recipeFromEdit(model.history.get().present);

  const copy = (text: string, what: string): void => {
    close();
    void copyText(text).then(
      () => model.tell(`${what} copied`),
      (error: Error) => model.tell(error.message, true),
    );
  };
  const items: readonly { label: string; disabled?: boolean; run: () => void }[] = [
    { label: 'Copy as text', disabled: isEmpty, run: () => copy(textFromRecipe(recipe()), 'Recipe') },
    { label: 'Copy as JSON', disabled: isEmpty, run: () => copy(jsonFromRecipe(recipe()), 'Recipe') },
    { label: 'Paste recipe…', run: () => setView('paste') },
    { label: 'Save as look…', disabled: isEmpty, run: () => setView('save') },
    {
      label: 'Remove all',
      disabled: isEmpty,
      run: () => {
        close();
        model.edit(() => EMPTY_EDIT);
      },
    },
  ];
  return (
    <>
      <IconButton
        buttonRef={button}
        icon="more"
        label="Recipe: copy, paste, save"
        expanded={view !== 'closed'}
        onClick={() => setView(view === 'closed' ? 'menu' : 'closed')}
      />
      {view === 'menu' && (
        <Popover label="Recipe" anchor={button.current} onClose={close} width={160}>
          <div class="menu">
            {items.map(({ label, disabled, run }) => (
              <button key={label} type="button" class="menu-item" disabled={disabled} onClick={run}>
                {label}
              </button>
            ))}
          </div>
        </Popover>
      )}
      {view === 'paste' && (
        <Popover label="Paste recipe" anchor={button.current} onClose={close}>
          <PasteForm model={model} onDone={close} />
        </Popover>
      )}
      {view === 'save' && (
        <Popover label="Save as look" anchor={button.current} onClose={close}>
          <NameForm
            initial={model.history.get().present.name ?? ''}
            action="Save"
            onSubmit={async (name) => {
              await model.library.save(name, recipe());
              close();
              model.tell(`Saved ${name} under Looks`);
            }}
          />
        </Popover>
      )}
    </>
  );
}

function PasteForm({ model, onDone }: { readonly model: Model; readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const use = (): void => {
    try {
      const recipe = recipeFromText(text, model.history.get().present.channels);
      model.edit(() => editFromRecipe(recipe));
      onDone();
    } catch (caught) {
      setError((caught as Error).message);
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        use();
      }}
    >
      <label>
        <span>Recipe as text, JSON or command line</span>
        <textarea
          rows={5}
          spellcheck={false}
          placeholder={'red;50;70\noklch(70% 0.1 200);30;100'}
          aria-invalid={error !== ''}
          aria-describedby="paste-error"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setError('');
          }}
        />
      </label>
      <p id="paste-error" class="field-error" role="alert" hidden={error === ''}>
        {error}
      </p>
      <Button kind="primary" onClick={use}>
        Use recipe
      </Button>
    </form>
  );
}

interface NameFormProps {
  readonly initial: string;
  readonly action: string;
  readonly onSubmit: (name: string) => Promise<void>;
}

/** Asks for the name of a look. */
export function NameForm({ initial, action, onSubmit }: NameFormProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState('');
  const submit = (): void => void onSubmit(name).catch((caught: Error) => setError(caught.message));
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        <span>Name</span>
        <input type="text" maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <p class="field-error" role="alert" hidden={error === ''}>
        {error}
      </p>
      <Button kind="primary" onClick={submit}>
        {action}
      </Button>
    </form>
  );
}
