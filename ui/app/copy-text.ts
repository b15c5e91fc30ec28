/** Copies text. In a null-origin iframe the Clipboard API is refused; the old command still works there. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: text });
    area.className = 'visually-hidden';
    const focused = document.activeElement as HTMLElement | null;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    if (!isCopied) throw new Error('This window may not use the clipboard');
  }
}
