import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Button } from '../controls/button.js';
import { Icon, type IconName } from '../controls/icons.js';
import { type FileHost, isFileHost } from '../host.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import { makeSampleFile } from './sample-image.js';
import { ScopeButtons } from './scope-choice.js';
import { ACCEPTED_FILES } from './selection-strip.js';

/** Says what to do when there is no image to show. */
export function EmptyState({ model }: { readonly model: Model }) {
  const selection = useStore(model.selection);
  const census = useStore(model.layers.census);
  const scope = useStore(model.scope);
  const { host } = model;
  if (isFileHost(host)) return <DropHere host={host} />;
  if (!selection) return <Message icon="image" title="Reading the selection…" />;
  if (selection.selected === 0) {
    return (
      <Message icon="image" title={scope === 'selection' ? 'Nothing selected' : 'Nothing here'}>
        {scope === 'selection'
          ? 'Select layers with image fills. Frames and groups count with all they hold. Or take all images of'
          : 'Look for images in'}
        <ScopeButtons model={model} />
      </Message>
    );
  }
  // Colors may still come, and with them a picture.
  if (!census || census.revision < selection.revision) return <Message icon="image" title="Reading the selection…" />;
  const skipped = selection.skipped.length;
  return (
    <Message icon="image" title="No image in the selection">
      {skipped > 0
        ? `${skipped} ${skipped === 1 ? 'layer' : 'layers'} cannot be recolored: video, missing or above 4096 px.`
        : 'The selected layers hold no image and no color. Select a layer with a fill, or a frame around one.'}
      {scope !== 'selection' && <ScopeButtons model={model} />}
    </Message>
  );
}

function DropHere({ host }: { readonly host: FileHost }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Message icon="upload" title="Drop images here">
      <p>PNG, JPEG, WebP or AVIF. Paste works too. Nothing leaves this page.</p>
      <span class="buttons">
        <Button kind="primary" onClick={() => input.current?.click()}>
          Choose images
        </Button>
        <Button onClick={() => void makeSampleFile().then((file) => host.addFiles([file]))}>Use the sample</Button>
      </span>
      <input
        ref={input}
        class="file-input"
        type="file"
        hidden
        multiple
        accept={ACCEPTED_FILES}
        onChange={(event) => {
          void host.addFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </Message>
  );
}

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function Message({ icon, title, children }: MessageProps) {
  return (
    <div class="message" role="status">
      <Icon name={icon} />
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}
