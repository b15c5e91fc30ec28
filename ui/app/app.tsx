import { useEffect, useState } from 'preact/hooks';
import { Button } from '../controls/button.js';
import { isFileHost } from '../host.js';
import { Stage } from '../preview/stage.js';
import { COLOR_BOARD, type Model } from '../state/model.js';
import { addRepaint, aimRow } from '../state/recipe-state.js';
import { useStore } from '../state/store.js';
import { addOrTell } from './add-row.js';
import { ColorsPanel } from './colors-panel.js';
import { DesignPanel } from './design-panel.js';
import { EmptyState, Message } from './empty.js';
import { useFileDrop } from './file-drop.js';
import { Footer } from './footer.js';
import { installKeys } from './keys.js';
import { LooksPanel } from './looks-panel.js';
import { ResizeCorner } from './resize-corner.js';
import { SelectionStrip } from './selection-strip.js';
import { TABS, type TabName } from './tabs.js';

/** The window. */
export function App({ model }: { readonly model: Model }) {
  const state = useStore(model.image);
  const isBusy = useStore(model.progress, (progress) => progress !== undefined);
  const hasImages = useStore(model.selection, (selection) => (selection?.images.length ?? 0) > 0);
  const [tab, setTab] = useState<TabName>('colors');
  const isDropping = useFileDrop(model);
  const backend = useStore(model.backendLine, (line) => line.split(' ')[0]);
  const command = useStore(model.session, (session) => session?.command);
  useEffect(() => {
    if (command === 'design-system') setTab('design');
  }, [command]);
  useEffect(() => installKeys(model), [model]);

  /** A click on the preview starts a row that repaints what was clicked; with Shift or Alt the open row is about that color. */
  const pick = (color: string, isReplacing: boolean): void => {
    const { selected } = model.history.get().present;
    if (isReplacing && selected !== undefined) model.edit((edit) => aimRow(edit, selected, color));
    else addOrTell(model, (edit) => addRepaint(edit, color));
  };

  const tabs = TABS.filter(({ isOffered }) => isOffered(model));
  return (
    <main
      class={`app ${model.host.kind} ${isDropping ? 'dropping' : ''} ${tab === 'design' ? 'on-design' : ''}`}
      aria-busy={isBusy}
      data-backend={backend || undefined}
    >
      <h1 class="visually-hidden">Colorshine</h1>
      <div class="left">
        {hasImages && <SelectionStrip model={model} />}
        {state.kind === 'open' && state.hash === COLOR_BOARD && <BoardTitle model={model} />}
        {state.kind === 'open' && <Stage key={state.hash} model={model} image={state.image} onPick={pick} />}
        {state.kind === 'loading' && <Message icon="image" title="Reading the image…" />}
        {state.kind === 'error' && (
          <Message
            icon="image"
            title={state.canRetry ? 'This image could not be opened' : 'This image cannot be recolored'}
          >
            {startUpper(state.message.replace(/^image: /, ''))}
            {state.canRetry && (
              <span class="buttons">
                <Button onClick={() => model.showImage(state.hash)}>Try again</Button>
              </span>
            )}
          </Message>
        )}
        {state.kind === 'none' && <EmptyState model={model} />}
      </div>
      <div class="right" inert={isBusy}>
        <div class="tabs" role="tablist" aria-label="Panels">
          {tabs.map(({ name, label }) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={name === tab}
              aria-controls="panel"
              tabIndex={name === tab ? 0 : -1}
              onClick={() => setTab(name)}
              onKeyDown={(event) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                if (step === undefined) return;
                const at = tabs.findIndex((item) => item.name === tab);
                const next = tabs[(at + step + tabs.length) % tabs.length];
                if (!next) return;
                setTab(next.name);
                document.getElementById(`tab-${next.name}`)?.focus();
              }}
            >
              {label}
            </button>
          ))}
        </div>
        {/* Another panel begins at its top. */}
        <div key={tab} id="panel" class="panel" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
          {tab === 'colors' && <ColorsPanel model={model} />}
          {tab === 'looks' && <LooksPanel model={model} />}
          {tab === 'design' && <DesignPanel model={model} />}
        </div>
      </div>
      <Footer model={model} />
      {model.host.kind === 'figma' && <ResizeCorner host={model.host} />}
      {isDropping && isFileHost(model.host) && <div class="drop-veil">Drop to add</div>}
    </main>
  );
}

/** Messages of the codec begin small, since others put a name before them. */
function startUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says what the stripes in the preview are. */
function BoardTitle({ model }: { readonly model: Model }) {
  const layers = useStore(model.layers.census, (census) => census?.layers ?? 0);
  return (
    <section class="strip" aria-label="Selected colors">
      <p class="strip-title">{`Colors of ${layers} ${layers === 1 ? 'layer' : 'layers'}, widest where they cover most`}</p>
    </section>
  );
}
