import { Button, IconButton } from '../controls/button.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';

/** What runs, how it went, and the one button that matters. */
export function Footer({ model }: { readonly model: Model }) {
  const progress = useStore(model.progress);
  const count = useStore(model.selection, (selection) => selection?.images.length ?? 0);
  const recolored = useStore(model.selection, (selection) => selection?.recolored ?? 0);
  const styles = useStore(model.selection, (selection) => selection?.styles.filter(({ remote }) => !remote) ?? []);
  const includeStyles = useStore(model.includeStyles);
  const hasRows = useStore(model.history, ({ present }) => present.rows.some(({ enabled }) => enabled));
  const editable = useStore(model.session, (session) => session?.editable ?? true);
  const isFile = model.host.kind === 'file';
  const label = isFile ? 'Recolor and download' : count > 1 ? `Apply to ${count} images` : 'Apply';

  if (progress) {
    const now = Math.min(progress.done + 1, progress.total);
    return (
      <footer class="footer">
        <div class="progress" role="status">
          <span>{`${now} of ${progress.total} ${progress.total === 1 ? 'image' : 'images'}`}</span>
          <progress max={progress.total} value={progress.done} aria-label="Progress" />
        </div>
        <Button onClick={model.cancel} title="Esc">
          Cancel
        </Button>
      </footer>
    );
  }
  return (
    <footer class="footer">
      <NoticeLine model={model} />
      {styles.length > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={includeStyles}
            onChange={(event) => model.includeStyles.set(event.currentTarget.checked)}
          />
          {`Change ${styles.length === 1 ? 'the style' : `${styles.length} styles`} that ${styles.length === 1 ? 'holds' : 'hold'} the images`}
        </label>
      )}
      <div class="footer-line">
        <BackendLine model={model} />
        {recolored > 0 && editable && (
          <Button onClick={() => void model.restore()} title="Bring the originals back">
            Restore
          </Button>
        )}
        <Button
          kind="primary"
          disabled={count === 0 || !hasRows || !editable}
          onClick={() => void model.apply()}
          title={editable ? 'Enter' : 'This file can only be viewed'}
        >
          {label}
        </Button>
      </div>
    </footer>
  );
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
          <IconButton icon="close" label="Dismiss" onClick={() => model.notice.set(undefined)} />
        </div>
      )}
    </div>
  );
}

/** Which backend computes and how long the last preview took; a click says why it was chosen. */
function BackendLine({ model }: { readonly model: Model }) {
  const line = useStore(model.backendLine);
  const milliseconds = useStore(model.preview, (reply) => reply && Math.max(1, Math.round(reply.milliseconds)));
  const name = line.split(' ')[0];
  const time = milliseconds === undefined ? '' : ` · ${milliseconds} ms`;
  if (line === '') return <span class="backend">Starting…</span>;
  return (
    <span class="backend">
      <button
        type="button"
        title={line}
        aria-label={`Computing with ${name}${time}: why?`}
        onClick={() => model.tell(line)}
      >
        {`${name}${time}`}
      </button>
    </span>
  );
}
