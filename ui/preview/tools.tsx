import { useEffect, useMemo } from 'preact/hooks';
import { Button, IconButton } from '../controls/button.js';
import { type Choice, ChoiceButton } from '../controls/choice-button.js';
import { Icon } from '../controls/icons.js';
import { findThemed } from '../state/design-colors.js';
import type { Matching } from '../state/matching.js';
import type { Model, PreviewMode } from '../state/model.js';
import { pathsIn } from '../state/references.js';
import { useStore } from '../state/store.js';

const MODES: readonly { readonly mode: PreviewMode; readonly label: string; readonly title: string }[] = [
  { mode: 'split', label: 'Split', title: 'Original on the left, result on the right' },
  { mode: 'after', label: 'Result', title: 'The result alone' },
  { mode: 'reach', label: 'Reach', title: 'Which pixels the open row touches: the brighter, the more' },
  { mode: 'sheet', label: 'All', title: 'Results of all images; without its tick an image stays as it is' },
  { mode: 'themes', label: 'Modes', title: 'The result in every mode of the variables, side by side' },
];

interface PreviewToolsProps {
  readonly model: Model;
  /** CSS pixels that one of the image takes. */
  readonly scale: number;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
}

/** What the preview shows, and how large. */
export function PreviewTools({ model, scale, onZoom, onFit }: PreviewToolsProps) {
  const current = useStore(model.mode);
  const hasResult = useStore(model.preview, (reply) => reply !== undefined);
  const edit = useStore(model.history, ({ present }) => present);
  const list = useStore(model.design.list);
  const hasThemes = useMemo(() => list !== undefined && findThemed(list, pathsIn(edit)) !== undefined, [edit, list]);
  // Nothing is left that modes would change.
  useEffect(() => {
    if (!hasThemes && model.mode.get() === 'themes') model.mode.set('split');
  }, [model, hasThemes]);
  const hasSheet = useStore(model.selection, (selection) => (selection?.images.length ?? 0) > 1);
  useEffect(() => {
    if (!hasSheet && model.mode.get() === 'sheet') model.mode.set('split');
  }, [model, hasSheet]);
  const modes = MODES.filter(({ mode }) => (mode !== 'themes' || hasThemes) && (mode !== 'sheet' || hasSheet));
  return (
    <div class="preview-tools">
      <div class="segmented" role="radiogroup" aria-label="Preview shows">
        {modes.map(({ mode, label, title }) => (
          <label key={mode} title={title} class={mode === current ? 'on' : ''}>
            <input type="radio" name="preview-mode" checked={mode === current} onChange={() => model.mode.set(mode)} />
            {label}
          </label>
        ))}
      </div>
      <span class="spacer" />
      {current === 'sheet' && <SheetTools model={model} />}
      {current !== 'themes' && current !== 'sheet' && (
        <>
          <CompareButton model={model} isDisabled={!hasResult} />
          <IconButton icon="minus" label="Zoom out" onClick={() => onZoom(1 / 1.5)} />
          <button type="button" class="zoom" title="Fit" aria-label={`Zoom ${percent(scale)}, fit`} onClick={onFit}>
            {percent(scale)}
          </button>
          <IconButton icon="plus" label="Zoom in" onClick={() => onZoom(1.5)} />
        </>
      )}
    </div>
  );
}

/** Shows the original while it is held: by the pointer, by Space or Enter. What only clicks, such as a screen reader, toggles it. */
function CompareButton({ model, isDisabled }: { readonly model: Model; readonly isDisabled: boolean }) {
  const { isComparing } = model;
  const isOn = useStore(isComparing);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    isComparing.set(event.type === 'keydown');
  };
  const release = (): void => isComparing.set(false);
  return (
    <button
      type="button"
      class="icon-button"
      aria-label="Compare with the original: hold"
      title="Hold to see the original (C)"
      aria-pressed={isOn}
      disabled={isDisabled}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isComparing.set(event.button === 0);
      }}
      onLostPointerCapture={release}
      onKeyDown={onKey}
      onKeyUp={onKey}
      onBlur={release}
      onClick={(event) => {
        if (event.detail === 0) isComparing.update((value) => !value);
      }}
    >
      <Icon name="compare" />
    </button>
  );
}

const MATCHINGS: readonly Choice<Matching>[] = [
  { value: 'each', label: 'Each its own', hint: 'Measured on every image by itself' },
  { value: 'first', label: 'As the first', hint: 'Measured once, on the first image' },
];

/** Ticks of all at once, and whether the images share a plan. */
function SheetTools({ model }: { readonly model: Model }) {
  const { sheet, matching, layers } = model;
  const images = useStore(model.selection, (selection) => selection?.images ?? []);
  const isAll = useStore(sheet.unticked, (unticked) => unticked.size === 0);
  const choice = useStore(matching.choice);
  // With colors of layers there is one plan for all of it anyway.
  const isPooled = useStore(layers.changes, () => layers.isActive());
  const tickAll = (): void =>
    sheet.tick(
      images.map(({ hash }) => hash),
      !isAll,
    );
  return (
    <>
      <Button onClick={tickAll}>{isAll ? 'Tick none' : 'Tick all'}</Button>
      {!isPooled && (
        <ChoiceButton icon="target" title="Reach" choices={MATCHINGS} value={choice} onChange={matching.choice.set} />
      )}
    </>
  );
}

function percent(scale: number): string {
  return `${Math.max(1, Math.round(scale * 100))}%`;
}
