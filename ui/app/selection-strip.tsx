import { useEffect, useRef, useState } from 'preact/hooks';
import type { Scope } from '../../src/protocol/messages.js';
import type { SelectionImage } from '../../src/protocol/replies.js';
import { IconButton } from '../controls/button.js';
import { Icon } from '../controls/icons.js';
import { Room } from '../controls/room.js';
import { useWindow } from '../controls/use-window.js';
import { type FileHost, isFileHost } from '../host.js';
import { PictureCanvas } from '../preview/picture-canvas.js';
import { nameOfImage } from '../state/image-names.js';
import type { ImageState, Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import type { Picture } from '../worker/engine.js';
import { ScopeChoice } from './scope-choice.js';
import { queueThumbnail, THUMBNAIL_SIDE } from './thumbnail-queue.js';

/** From one thumbnail to the next, px. As in layout.css. */
const PITCH = 32;
/** Those that were made stay, however the strip is scrolled: 16 kB each. */
const MOST_KEPT = 500;

/** The images that Apply will recolor; one of them is in the preview. */
export function SelectionStrip({ model }: { readonly model: Model }) {
  const images = useStore(model.selection, (selection) => selection?.images ?? []);
  const state = useStore(model.image);
  const current = state.kind === 'none' ? undefined : state.hash;
  const scope = useStore(model.scope);
  const unticked = useStore(model.sheet.unticked);
  const thumbs = useRef<HTMLDivElement>(null);
  const { first, last } = useWindow(thumbs, { count: images.length, pitch: PITCH });
  const active = images.find(({ hash }) => hash === current);
  const { host } = model;
  return (
    <section class="strip" aria-label="Selected images">
      <div ref={thumbs} class="thumbs" role="radiogroup" aria-label="Image in the preview">
        <Room count={first} pitch={PITCH} />
        {images.slice(first, last).map((image) => (
          <Thumbnail
            key={image.hash}
            model={model}
            image={image}
            isCurrent={image.hash === current}
            isReady={state.kind === 'open' || state.kind === 'error'}
            isOpen={state.kind === 'open'}
            isLeftOut={unticked.has(image.hash)}
          />
        ))}
        <Room count={images.length - last} pitch={PITCH} />
      </div>
      {isFileHost(host) && <AddFiles host={host} />}
      <p class="strip-title">
        <span class="strip-words">
          <span class="strip-name" dir="auto" title={nameOfImage(active)}>
            {nameOfImage(active)}
          </span>
          <span class="strip-size">
            {[describePlace(active, images, scope), describeSize(state)].filter((part) => part !== '').join(' · ')}
          </span>
        </span>
        {!isFileHost(host) && <ScopeChoice model={model} />}
        {isFileHost(host) && current !== undefined && (
          <IconButton icon="close" label="Remove this image" onClick={() => host.removeFile(current)} />
        )}
      </p>
    </section>
  );
}

interface ThumbnailProps {
  readonly model: Model;
  readonly image: SelectionImage;
  readonly isCurrent: boolean;
  /** Thumbnails wait until the preview's own image is there. */
  readonly isReady: boolean;
  readonly isOpen: boolean;
  /** Apply leaves it as it is. */
  readonly isLeftOut: boolean;
}

function Thumbnail({ model, image, isCurrent, isReady, isOpen, isLeftOut }: ThumbnailProps) {
  const { hash } = image;
  const [picture, setPicture] = useState<Picture | 'broken' | undefined>(() => kept.get(hash));
  useEffect(() => {
    if (!isReady || picture !== undefined) return;
    return queueThumbnail(async () => {
      const made = await model.engine.thumbnail(await model.host.readImage(hash), THUMBNAIL_SIDE);
      keep(hash, made);
      return made;
    }, setPicture);
  }, [model, hash, isReady, picture]);
  // What would not load may have by now.
  useEffect(() => {
    if (isCurrent && isOpen) setPicture((known) => (known === 'broken' ? undefined : known));
  }, [isCurrent, isOpen]);
  const name = nameOfImage(image);
  return (
    <label class={`thumb ${isCurrent ? 'on' : ''} ${isLeftOut ? 'off' : ''}`} title={name}>
      <input type="radio" name="image" aria-label={name} checked={isCurrent} onChange={() => model.showImage(hash)} />
      {picture === 'broken' ? <Icon name="image" /> : <PictureCanvas picture={picture} />}
    </label>
  );
}

const kept = new Map<string, Picture>();

function keep(hash: string, picture: Picture): void {
  kept.set(hash, picture);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
}

export const ACCEPTED_FILES = 'image/png,image/jpeg,image/webp,image/avif';

function AddFiles({ host }: { readonly host: FileHost }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="plus" label="Add images" class="thumb-add" onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPTED_FILES}
        onChange={(event) => {
          void host.addFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function describeSize(state: ImageState): string {
  if (state.kind !== 'open') return '';
  const { width, height, gamut } = state.image;
  return `${width} × ${height}${gamut === 'display-p3' ? ' · P3' : ''}`;
}

const OF_SCOPE: Readonly<Record<Scope, string>> = { selection: '', page: ' on page', file: ' in file' };

/** The strip shows a few at a time: this says how many there are. */
function describePlace(image: SelectionImage | undefined, images: readonly SelectionImage[], scope: Scope): string {
  return image && images.length > 1 ? `${images.indexOf(image) + 1} of ${images.length}${OF_SCOPE[scope]}` : '';
}
