import { useCallback, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import type { Model } from '../state/model.js';
import { EMPTY_EDIT, recipeFromEdit } from '../state/recipe-state.js';
import { jsonFromRecipe, recipeFromFile, recipeFromText, textFromRecipe } from '../state/recipe-text.js';
import { isReference } from '../state/references.js';
import { linkTo } from '../state/share-link.js';
import { useStore } from '../state/store.js';
import { formatVariables } from '../state/variables-file.js';
import { copyText } from './copy-text.js';
import { downloadText } from './download-text.js';

const NO_COLORS = { collections: [], styles: [], selection: [] };

type View = 'closed' | 'menu' | 'paste' | 'save';

/** Copy, paste, save and clear the recipe. */
export function RecipeMenu({ model }: { readonly model: Model }) {
  const [view, setView] = useState<View>('closed');
  const isEmpty = useStore(model.history, ({ present }) => present.rows.length === 0);
  const namesVariables = useStore(model.history, ({ present }) => present.rows.some(({ color }) => isReference(color)));
  const input = useRef<HTMLInputElement>(null);
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
  const save = (name: string, text: string): void => {
    close();
    downloadText(name, text);
    model.tell(`${name} downloaded`);
  };
  const read = async (file: File | undefined): Promise<void> => {
    close();
    if (!file) return;
    try {
      await model.adopt(recipeFromFile(await file.text()));
      model.tell(`${file.name} imported`);
    } catch (error) {
      model.tell(`${file.name}: ${(error as Error).message}`, true);
    }
  };
  const items: readonly { label: string; disabled?: boolean; run: () => void }[] = [
    { label: 'Copy as text', disabled: isEmpty, run: () => copy(textFromRecipe(recipe()), 'Recipe') },
    { label: 'Copy as JSON', disabled: isEmpty, run: () => copy(jsonFromRecipe(recipe()), 'Recipe') },
    ...(model.host.kind === 'file'
      ? [
          {
            label: 'Copy link',
            disabled: isEmpty,
            run: () => copy(linkTo(location.href, model.resolve(recipe())), 'Link'),
          },
        ]
      : []),
    { label: 'Download recipe', disabled: isEmpty, run: () => save('recipe.json', jsonFromRecipe(recipe())) },
    ...(namesVariables
      ? [
          {
            label: 'Download variables',
            run: () => save('variables.json', formatVariables(model.design.list.get() ?? NO_COLORS)),
          },
        ]
      : []),
    { label: 'Paste recipe…', run: () => setView('paste') },
    { label: 'Import recipe…', run: () => input.current?.click() },
    { label: 'Save as look…', disabled: isEmpty, run: () => setView('save') },
    {
      label: 'Remove all',
      disabled: isEmpty,
      run: () => {
        close();
        model.edit(() => EMPTY_EDIT);
        model.tell('All rows removed', false, [], { label: 'Undo', run: model.undo });
      },
    },
  ];
  return (
    <>
      <IconButton
        buttonRef={button}
        icon="more"
        label="Recipe: copy, paste, import, save"
        expanded={view !== 'closed'}
        onClick={() => setView(view === 'closed' ? 'menu' : 'closed')}
      />
      <input
        ref={input}
        class="recipe-file"
        type="file"
        hidden
        accept=".json,application/json"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          void read(file);
          event.currentTarget.value = '';
        }}
      />
      {view === 'menu' && (
        <Popover label="Recipe" anchor={button.current} onClose={close} width={176}>
          <div class="menu">
            {items.map(({ label, disabled, run }) => (
              <button key={label} type="button" class="menu-item" disabled={disabled} onClick={run}>
                {label}
              </button>
            ))}
            <BackendItem model={model} onPress={close} />
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
              await model.library.save(name, model.resolve(recipe()));
              close();
              model.tell(`Saved ${name} under Looks`);
            }}
          />
        </Popover>
      )}
    </>
  );
}

/** Which backend computes and how long the last preview took; a press says why it was chosen. */
function BackendItem({ model, onPress }: { readonly model: Model; readonly onPress: () => void }) {
  const line = useStore(model.backendLine);
  const milliseconds = useStore(model.preview, (reply) => reply && Math.max(1, Math.round(reply.milliseconds)));
  const time = milliseconds === undefined ? '' : ` · ${milliseconds} ms`;
  return (
    <button
      type="button"
      class="menu-item backend"
      disabled={line === ''}
      title={line}
      onClick={() => {
        onPress();
        model.tell(line);
      }}
    >
      {line === '' ? 'Starting to compute…' : `Computed by ${line.split(' ')[0]}${time}`}
    </button>
  );
}

function PasteForm({ model, onDone }: { readonly model: Model; readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const use = async (): Promise<void> => {
    try {
      await model.adopt(recipeFromText(text, model.history.get().present));
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
        void use();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        void use();
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
      <Button kind="primary" onClick={() => void use()}>
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
