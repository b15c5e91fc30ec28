import { useRef } from 'preact/hooks';
import type { Placement } from '../../src/protocol/messages.js';
import { Button, IconButton } from '../controls/button.js';
import { type Choice, ChoiceButton } from '../controls/choice-button.js';
import { isFileHost } from '../host.js';
import type { JobProgress } from '../state/apply.js';
import type { Model } from '../state/model.js';
import { placementIn } from '../state/settings.js';
import { useStore } from '../state/store.js';
import { useKeptFocus } from './keep-focus.js';
import { ResultsStrip } from './results-strip.js';

const PLACEMENTS: readonly Choice<Placement>[] = [
  { value: 'replace', label: 'Replace the image', hint: 'Restore brings the original back' },
  { value: 'above', label: 'New fill above', hint: 'The original stays in the layer, hidden' },
  { value: 'beside', label: 'Copy beside', hint: 'The layer stays as it is, its copy changes' },
];

/** What runs, how it went, and the one button that matters. */
export function Footer({ model }: { readonly model: Model }) {
  const footer = useRef<HTMLElement>(null);
  const progress = useStore(model.progress);
  useStore(model.notice); // dismissed, it takes the focus along
  useKeptFocus(footer, model.progress);
  return (
    <footer ref={footer} class="footer">
      {/* Always there: only what changes inside of a live region is read aloud. */}
      <NoticeLine model={model} />
      {isFileHost(model.host) && !progress && <ResultsStrip host={model.host} engine={model.engine} />}
      {progress ? <Progress model={model} progress={progress} /> : <Actions model={model} />}
    </footer>
  );
}

function Progress({ model, progress }: { readonly model: Model; readonly progress: JobProgress }) {
  const { verb, done, total } = progress;
  const images = `${Math.min(done + 1, total)} of ${total} ${total === 1 ? 'image' : 'images'}`;
  return (
    <>
      <div class="progress" role="status">
        <span>{total === 0 ? `${verb}…` : images}</span>
        <progress max={Math.max(1, total)} value={done} aria-label="Progress" />
      </div>
      {verb === 'Recoloring' && (
        <Button onClick={model.cancel} title="Esc">
          Cancel
        </Button>
      )}
    </>
  );
}

/** Apply, and what belongs to it. */
function Actions({ model }: { readonly model: Model }) {
  const found = useStore(model.selection, (selection) => selection?.images.length ?? 0);
  const leftOut = useStore(model.sheet.unticked, (unticked) => unticked.size);
  const scope = useStore(model.scope);
  const placement = useStore(model.placement);
  const count = found - leftOut;
  const recolored = useStore(model.selection, (selection) => selection?.recolored ?? 0);
  const imageStyles = useStore(model.selection, (selection) => selection?.styles ?? []);
  const census = useStore(model.layers.census);
  const isOn = useStore(model.layers.isOn);
  const includeStyles = useStore(model.includeStyles);
  const hasRows = useStore(model.history, ({ present }) => present.rows.some(({ enabled }) => enabled));
  const isFile = model.host.kind === 'file';
  const colors = isOn || found === 0 ? (census?.colors.length ?? 0) : 0;
  const styles = countStyles([...imageStyles, ...(colors > 0 ? (census?.styles ?? []) : [])]);
  const canRestore = recolored + (census?.recolored ?? 0) > 0;
  const label = isFile ? 'Recolor and download' : describeTargets(count, colors);
  return (
    <>
      {styles > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={includeStyles}
            onChange={(event) => model.includeStyles.set(event.currentTarget.checked)}
          />
          {describeStyles(styles, colors > 0)}
        </label>
      )}
      <div class="footer-line">
        {canRestore && (
          <Button onClick={() => void model.restore()} title="Bring the originals back">
            Restore
          </Button>
        )}
        <Button
          kind="primary"
          disabled={count + colors === 0 || !hasRows}
          onClick={() => void model.apply()}
          title="Enter"
        >
          {label}
        </Button>
        {!isFile && (
          <ChoiceButton
            icon="chevron"
            class="beside-primary"
            title="How to apply"
            choices={PLACEMENTS.map((one) =>
              one.value === 'beside' && scope !== 'selection'
                ? { ...one, disabled: true, hint: 'Of selected layers only' }
                : one,
            )}
            value={placementIn(scope, placement)}
            onChange={model.placement.set}
          />
        )}
      </div>
    </>
  );
}

function countStyles(styles: readonly { readonly id: string; readonly remote: boolean }[]): number {
  return new Set(styles.filter(({ remote }) => !remote).map(({ id }) => id)).size;
}

function describeStyles(count: number, withColors: boolean): string {
  const which = count === 1 ? 'the style' : `${count} styles`;
  if (withColors) return `Change ${which} of the selection, too`;
  return `Change ${which} that ${count === 1 ? 'holds' : 'hold'} the images`;
}

/** What the button does; the number is left out where there is but one thing. */
function describeTargets(images: number, colors: number): string {
  const parts: string[] = [];
  if (images > 1 || (images > 0 && colors > 0)) parts.push(`${images} ${images === 1 ? 'image' : 'images'}`);
  if (colors > 0) parts.push(`${colors} ${colors === 1 ? 'color' : 'colors'}`);
  return parts.length > 0 ? `Apply to ${parts.join(' and ')}` : 'Apply';
}

function NoticeLine({ model }: { readonly model: Model }) {
  const notice = useStore(model.notice);
  return (
    <div class="notice-area" role="status" aria-live="polite">
      {notice && (
        <div class={`notice ${notice.isError ? 'bad' : ''}`}>
          <div>
            {notice.text}
            {notice.details.length > 0 && (
              <ul>
                {notice.details.slice(0, 6).map((detail) => (
                  <li key={detail}>{detail}</li>
                ))}
                {notice.details.length > 6 && <li>{`and ${notice.details.length - 6} more`}</li>}
              </ul>
            )}
          </div>
          {notice.action && <Button onClick={notice.action.run}>{notice.action.label}</Button>}
          <IconButton icon="close" label="Dismiss" onClick={() => model.notice.set(undefined)} />
        </div>
      )}
    </div>
  );
}
