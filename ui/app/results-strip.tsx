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
            <img src={result.url} alt="" loading="lazy" decoding="async" />
          </a>
        ))}
      </div>
      <span class="results-hint">Drag out</span>
      <IconButton icon="close" label="Put the results away" onClick={() => host.dismissResults()} />
    </section>
  );
}

/** As a file where the browser can: Chromium takes this form to the desktop, and others the image itself. */
function carry({ name, mime, url }: FileResult, drag: DataTransfer | null): void {
  drag?.setData('DownloadURL', `${mime}:${name}:${url}`);
  drag?.setData('text/uri-list', url);
  if (drag) drag.effectAllowed = 'copy';
}
