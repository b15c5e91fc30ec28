import { useEffect, useRef, useState } from 'preact/hooks';
import type { SelectionImage } from '../../src/protocol/replies.js';
import { IconButton } from '../controls/button.js';
import { Icon } from '../controls/icons.js';
import { type FileHost, isFileHost } from '../host.js';
import { PictureCanvas } from '../preview/picture-canvas.js';
import type { ImageState, Model } from '../state/model.js';
import { useStore } from '../state/store.js';
import type { Picture } from '../worker/engine.js';

/** Longest side of a thumbnail, pixels: 32 at double density. */
const THUMBNAIL_SIDE = 64;
/** Beyond this many the strip shows a number: nobody compares more, and each costs a decode. */
const MOST_SHOWN = 24;

/** The images that Apply will recolor; one of them is in the preview. */
export function SelectionStrip({ model }: { readonly model: Model }) {
  const images = useStore(model.selection, (selection) => selection?.images ?? []);
  const state = useStore(model.image);
  const current = state.kind === 'none' ? undefined : state.hash;
  const shown = images.slice(0, MOST_SHOWN);
  const active = images.find(({ hash }) => hash === current);
  const { host } = model;
  return (
    <section class="strip" aria-label="Selected images">
      <div class="thumbs" role="radiogroup" aria-label="Image in the preview">
        {shown.map((image) => (
          <Thumbnail
            key={image.hash}
            model={model}
            image={image}
            isCurrent={image.hash === current}
            isReady={state.kind === 'open' || state.kind === 'error'}
            isOpen={state.kind === 'open'}
          />
        ))}
        {images.length > MOST_SHOWN && <span class="more">{`+${images.length - MOST_SHOWN}`}</span>}
      </div>
      {isFileHost(host) && <AddFiles host={host} />}
      <p class="strip-title">
        <span class="strip-words">
          <span class="strip-name" dir="auto" title={describeLayers(active)}>
            {describeLayers(active)}
          </span>
          <span class="strip-size">
            {[describeSize(state), describePlace(active, images)].filter((part) => part !== '').join(' · ')}
          </span>
        </span>
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
}

function Thumbnail({ model, image, isCurrent, isReady, isOpen }: ThumbnailProps) {
  const [picture, setPicture] = useState<Picture | 'broken' | undefined>(undefined);
  const { hash } = image;
  useEffect(() => {
    if (!isReady || picture !== undefined) return;
    let isGone = false;
    void queueThumbnail(async () => {
      if (isGone) return;
      const file = await model.host.readImage(hash);
      const made = await model.engine.thumbnail(file, THUMBNAIL_SIDE);
      if (!isGone) setPicture(made);
    }).catch(() => !isGone && setPicture('broken'));
    return () => {
      isGone = true;
    };
  }, [model, hash, isReady, picture]);
  // What would not load may have by now.
  useEffect(() => {
    if (isCurrent && isOpen) setPicture((known) => (known === 'broken' ? undefined : known));
  }, [isCurrent, isOpen]);
  const name = describeLayers(image);
  return (
    <label class={`thumb ${isCurrent ? 'on' : ''}`} title={name}>
      <input type="radio" name="image" aria-label={name} checked={isCurrent} onChange={() => model.showImage(hash)} />
      {picture === 'broken' ? <Icon name="image" /> : <PictureCanvas picture={picture} />}
    </label>
  );
}

let queue: Promise<unknown> = Promise.resolve();

/** One after the other: one image in memory at a time. */
function queueThumbnail(make: () => Promise<void>): Promise<void> {
  const mine = queue.then(make);
  queue = mine.catch(() => undefined);
  return mine;
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

function describeLayers(image: SelectionImage | undefined): string {
  if (!image) return '';
  const { layers } = image;
  const [first] = layers;
  if (!first) return image.styleIds.length > 0 ? 'Image in a style' : 'Image';
  return layers.length === 1 ? first.name : `${first.name} and ${layers.length - 1} more`;
}

function describeSize(state: ImageState): string {
  if (state.kind !== 'open') return '';
  const { width, height, gamut } = state.image;
  return `${width} × ${height}${gamut === 'display-p3' ? ' · P3' : ''}`;
}

/** The strip shows a few at a time: this says how many there are. */
function describePlace(image: SelectionImage | undefined, images: readonly SelectionImage[]): string {
  return image && images.length > 1 ? `${images.indexOf(image) + 1} of ${images.length}` : '';
}
