import { useCallback, useRef, useState } from 'preact/hooks';
import { HOW_FAR_RANGE } from '../../src/core/options.js';
import { IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import { Slider } from '../controls/slider.js';
import { cssFromPacked } from '../state/color-chips.js';
import type { BindingChoice, Match } from '../state/design.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';

const BINDING_LABELS: Readonly<Record<BindingChoice, string>> = {
  off: 'Never',
  exact: 'If the same',
  close: 'If similar',
};
/** Layer colors that find room beside their switch. */
const MOST_CHIPS = 6;

/** How far to go, what else to recolor, and what came of it. */
export function DesignMatch({ model }: { readonly model: Model }) {
  const { design } = model;
  const howFar = useStore(design.howFar);
  const picked = useStore(design.picked, (ids) => ids.size);
  return (
    <div class="design-match">
      <Slider label="How far" value={howFar} {...HOW_FAR_RANGE} mark={100} unit="%" onInput={design.setHowFar} />
      <LayerSwitch model={model} />
      <div class="design-summary">
        <Summary model={model} picked={picked} />
        {picked > 0 && (
          <IconButton icon="close" label="Unpick all" onClick={() => design.pick([...design.picked.get()], false)} />
        )}
      </div>
    </div>
  );
}

function Summary({ model, picked }: { readonly model: Model; readonly picked: number }) {
  const { design } = model;
  const match = useStore(design.match);
  const isMatching = useStore(design.isMatching);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  if (picked === 0) {
    return (
      <p class="design-words" role="status">
        Pick colors or a whole group; the recipe follows.
      </p>
    );
  }
  const words = isMatching
    ? 'Matching…'
    : match
      ? describeMatch(picked, match)
      : 'Select layers to match the colors to.';
  return (
    <>
      <p class="design-words" role="status">
        {words}
      </p>
      {match && !isMatching && (
        <>
          <button
            type="button"
            class="link"
            onClick={design.matchAgain}
            title="For the picture and the colors that are selected now"
          >
            Match again
          </button>
          <button ref={button} type="button" class="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            Why?
          </button>
        </>
      )}
      {isOpen && match && (
        <Popover label="Why these colors" anchor={button.current} onClose={close} width={288}>
          <Explanation match={match} />
        </Popover>
      )}
    </>
  );
}

function Explanation({ match: { rows, before, after } }: { readonly match: Match }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the focus goes where the words are, and a long list scrolls by keyboard
    <div class="explanation" tabIndex={0} data-autofocus>
      <ul>
        {rows.map(({ name, label, css, explanation }) => (
          <li key={name}>
            <i class="dot" style={{ backgroundColor: css }} />
            <span>
              <b>{label}</b>
              {sayWhat(explanation)}
            </span>
          </li>
        ))}
      </ul>
      <p>{describeDistance(before, after)}</p>
    </div>
  );
}

/** Whether the layers' own colors change, too, how, and when they become variables. */
function LayerSwitch({ model }: { readonly model: Model }) {
  const { layers, design } = model;
  const colors = useStore(layers.census, (census) => census?.colors ?? []);
  const isOn = useStore(layers.isOn);
  const hasImages = useStore(model.selection, (selection) => (selection?.images.length ?? 0) > 0);
  const measuring = useStore(layers.measuring);
  const binding = useStore(design.binding);
  const hasVariables = useStore(design.list, (list) => (list?.collections.length ?? 0) > 0);
  if (colors.length === 0) return null;
  const isActive = isOn || !hasImages;
  const label = `${colors.length} layer ${colors.length === 1 ? 'color' : 'colors'}`;
  return (
    <>
      <div class="design-line">
        {hasImages ? (
          <label class="check" title="Solid paints, gradient stops and shadows share one plan with the images">
            <input type="checkbox" checked={isOn} onChange={(event) => layers.isOn.set(event.currentTarget.checked)} />
            {measuring ? `Measuring ${measuring.done + 1} of ${measuring.total}…` : label}
          </label>
        ) : (
          <span>{label}</span>
        )}
        <span class="spacer" />
        {isActive && <LayerChips model={model} />}
      </div>
      {isActive && hasVariables && (
        <label class="design-line">
          <span>Bind variables</span>
          <span class="spacer" />
          <select
            value={binding}
            title="Same: within 1/255. Similar: within 8/255 a channel"
            onChange={(event) => design.binding.set(event.currentTarget.value as BindingChoice)}
          >
            {(Object.keys(BINDING_LABELS) as BindingChoice[]).map((choice) => (
              <option key={choice} value={choice}>
                {BINDING_LABELS[choice]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

/** The largest layer colors, before and after. */
function LayerChips({ model }: { readonly model: Model }) {
  const shown = useStore(model.layers.preview);
  const gamut = useStore(model.session, (session) => session?.colorProfile ?? 'srgb');
  return (
    <span class="pairs" role="img" aria-label="Layer colors before and after">
      {shown.slice(0, MOST_CHIPS).map(({ from, to }) => (
        <i
          key={from}
          title={`${cssFromPacked(from, gamut)} becomes ${cssFromPacked(to, gamut)}`}
          style={{ '--from': cssFromPacked(from, gamut), '--to': cssFromPacked(to, gamut) }}
        />
      ))}
      {shown.length > MOST_CHIPS && <span>{`+${shown.length - MOST_CHIPS}`}</span>}
    </span>
  );
}

/** Without the color's description, which its swatch shows; numbers stay with their percent sign. */
function sayWhat(explanation: string): string {
  return explanation.slice(explanation.indexOf(':') + 1).replaceAll(' %', '\u00a0%');
}

function describeMatch(picked: number, { rows }: Match): string {
  const used = rows.filter(({ strength }) => strength > 0).length;
  return `${picked} picked, ${used === picked ? 'all' : used} used`;
}

function describeDistance(before: number, after: number): string {
  if (before === 0) return 'Everything is on the palette already.';
  const percent = Math.round((1 - after / before) * 100);
  if (percent <= 0) return 'The picture stays as far from the palette as it is.';
  return `On average the picture comes ${percent} % nearer to the palette.`;
}
