import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from '../controls/button.js';
import type { FileHost, FileResult } from '../host.js';
import { useStore } from '../state/store.js';

/** What the last job brought, to drag out of the page or to download once more. */
export function ResultsStrip({ host }: { readonly host: FileHost }) {
  const results = useStore(host.results);
  if (results.length === 0) return null;
  return (
    <section class="results" aria-label="Results">
      <div class="results-list">
        {results.map((result) => (
          <a
            key={result.url}
            class="result"
            href={result.url}
            download={result.name}
            title={`${result.name}: drag it out, or click to download again`}
            aria-label={`Download ${result.name} again`}
            onDragStart={(event) => carry(result, event.dataTransfer)}
          >
            <ResultPicture file={result.file} />
          </a>
        ))}
      </div>
      <span class="results-hint">Drag out</span>
      <IconButton icon="close" label="Put the results away" onClick={() => host.dismissResults()} />
    </section>
  );
}

/** Side of a picture, pixels: 32 at double density. */
const SIDE = 64;

/** Its middle, once it is in sight. No <img>: browsers keep the files of images long after their URLs are revoked, one for each Apply. */
function ResultPicture({ file }: { readonly file: Blob }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const shown = canvas.current as HTMLCanvasElement;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      drawMiddle(shown, file).catch(() => undefined); // its name stands for it
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, [file]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} />;
}

async function drawMiddle(canvas: HTMLCanvasElement, file: Blob): Promise<void> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const side = Math.min(width, height);
  canvas
    .getContext('2d')
    ?.drawImage(bitmap, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

/** As a file where the browser can: Chromium takes this form to the desktop, and others the image itself. */
function carry({ name, mime, url }: FileResult, drag: DataTransfer | null): void {
  drag?.setData('DownloadURL', `${mime}:${name}:${url}`);
  drag?.setData('text/uri-list', url);
  if (drag) drag.effectAllowed = 'copy';
}
