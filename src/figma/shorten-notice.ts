/** Figma cuts notices after this many characters. */
const MAX_NOTICE_CHARACTERS = 100;

/** Cut by us, an ellipsis shows that something is missing. */
export function shortenNotice(message: string): string {
  return message.length > MAX_NOTICE_CHARACTERS ? `${message.slice(0, MAX_NOTICE_CHARACTERS - 1)}…` : message;
}
