/** Has the browser save a text as a file. */
export function downloadText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // The browser reads the URL after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
