import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../controls/button.js';
import { Icon } from '../controls/icons.js';
import { Room } from '../controls/room.js';
import { useWindow } from '../controls/use-window.js';
import type { FileHost, FileResult } from '../host.js';
import { PictureCanvas } from '../preview/picture-canvas.js';
import { useStore } from '../state/store.js';
import type { Engine, Picture } from '../worker/engine.js';
import { queueThumbnail, THUMBNAIL_SIDE } from './thumbnail-queue.js';

/** From one result to the next, px. As in layout.css. */
const PITCH = 36;

/** What the last job brought, to drag out of the page or to download once more. */
export function ResultsStrip({ host, engine }: { readonly host: FileHost; readonly engine: Engine }) {
  const results = useStore(host.results);
  const list = useRef<HTMLDivElement>(null);
  const { first, last } = useWindow(list, { count: results.length, pitch: PITCH });
  if (results.length === 0) return null;
  return (
    <section class="results" aria-label="Results">
      <div ref={list} class="results-list">
        <Room count={first} pitch={PITCH} />
        {results.slice(first, last).map((result) => (
          <a
            key={result.url}
            class="result"
            href={result.url}
            download={result.name}
            title={`${result.name}: drag it out, or click to download again`}
            aria-label={`Download ${result.name} again`}
            onDragStart={(event) => carry(result, event.dataTransfer)}
          >
            <ResultPicture file={result.file} engine={engine} />
          </a>
        ))}
        <Room count={results.length - last} pitch={PITCH} />
      </div>
      <span class="results-hint">Drag out</span>
      <IconButton icon="close" label="Put the results away" onClick={() => host.dismissResults()} />
    </section>
  );
}

interface ResultPictureProps {
  readonly file: Blob;
  readonly engine: Engine;
}

/** No <img>: browsers keep the files of images long after their URLs are revoked, one for each Apply. */
function ResultPicture({ file, engine }: ResultPictureProps) {
  const [picture, setPicture] = useState<Picture | 'broken' | undefined>(undefined);
  useEffect(
    () =>
      queueThumbnail(
        async () => engine.thumbnail(new Uint8Array(await file.arrayBuffer()), THUMBNAIL_SIDE),
        setPicture,
      ),
    [file, engine],
  );
  return picture === 'broken' ? <Icon name="image" /> : <PictureCanvas picture={picture} />;
}

/** As a file where the browser can: Chromium takes this form to the desktop, and others the image itself. */
function carry({ name, mime, url }: FileResult, drag: DataTransfer | null): void {
  drag?.setData('DownloadURL', `${mime}:${name}:${url}`);
  drag?.setData('text/uri-list', url);
  if (drag) drag.effectAllowed = 'copy';
}
