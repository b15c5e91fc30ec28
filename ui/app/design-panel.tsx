import { useEffect, useState } from 'preact/hooks';
import type { DesignGroup, DesignSource } from '../state/design-colors.js';
import { filterGroups } from '../state/design-colors.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import { DesignList, isStillInLibrary } from './design-list.js';
import { DesignMatch } from './design-match.js';

/** Calm before the colors are read again. */
const CALM_MS = 250;

/** Pick colors of the design system; the recipe follows. */
export function DesignPanel({ model }: { readonly model: Model }) {
  const { design } = model;
  const sources = useStore(design.sources);
  const isRead = useStore(design.list, (list) => list !== undefined);
  const modes = useStore(design.modes);
  const list = useStore(design.list);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [query, setQuery] = useState('');
  // Variables, styles and the selection may have changed since the tab was open last.
  const revision = useStore(model.selection, (selection) => selection?.revision);
  useEffect(() => {
    const read = (): void => void design.load(true).catch((error: Error) => model.tell(error.message, true));
    // While a layer is dragged there is a change a frame.
    const timer = setTimeout(read, isRead ? CALM_MS : 0);
    return () => clearTimeout(timer);
  }, [design, model, revision]);

  const [opening, setOpening] = useState<string | undefined>(undefined);
  const source = sources.find(({ id }) => id === chosen) ?? sources[0];
  const sourceId = source?.id;
  useEffect(() => {
    if (sourceId === undefined) return;
    let isChosen = true;
    const say = (text: string | undefined): void => {
      if (isChosen) setOpening(text);
    };
    say('Reading the library…');
    design.openSource(sourceId).then(
      () => say(undefined),
      (error: Error) => say(`This library could not be read: ${error.message}`),
    );
    return () => {
      isChosen = false;
    };
  }, [design, sourceId]);
  const groups = query.trim() === '' ? titled(source) : sources.flatMap((one) => search(one, query));
  const collection = list?.collections.find(({ id }) => id === source?.id);
  return (
    <div class="design">
      <div class="design-head">
        <input
          type="text"
          class="search"
          placeholder="Search"
          aria-label="Search colors by name or value"
          spellcheck={false}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || query === '') return;
            event.stopPropagation();
            setQuery('');
          }}
        />
        {sources.length > 0 && (
          <select
            aria-label="Colors from"
            value={source?.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        {source && collection && source.modes.length > 0 && (
          <select
            aria-label={`Mode of ${source.name}`}
            value={modes[source.id] ?? collection.defaultModeId}
            onChange={(event) => design.setMode(source.id, event.currentTarget.value)}
          >
            {source.modes.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <div class="design-body">
        {isRead && sources.length === 0 && (
          <p class="hint">
            This file has no color variables and no paint styles yet. Select layers to see their colors here.
          </p>
        )}
        {sources.length > 0 && groups.length === 0 && <p class="hint">{describeNone(query.trim(), opening)}</p>}
        {list?.selection === null && (
          <p class="hint">The selection has more than 1000 colors, so they are not listed.</p>
        )}
        {groups.some(({ colors }) => colors.some(isStillInLibrary)) && (
          <p class="hint">Figma tells only the names of a library. A color shows once it is picked.</p>
        )}
        <DesignList design={design} groups={groups} />
      </div>
      <DesignMatch model={model} />
    </div>
  );
}

/** @param opening what became of the library that was chosen; undefined: it was read */
function describeNone(query: string, opening: string | undefined): string {
  if (query !== '') return `No color is called “${query}”.`;
  return opening ?? 'This library has no color variables.';
}

function titled(source: DesignSource | undefined): readonly DesignGroup[] {
  return source?.groups ?? [];
}

/** Groups of a source that hold what is searched, named with their source. */
function search({ name, groups }: DesignSource, query: string): DesignGroup[] {
  return filterGroups(groups, query).map(({ path, colors }) => ({
    path: path === '' ? name : `${name} / ${path}`,
    colors,
  }));
}
