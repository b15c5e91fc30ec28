/** Control characters (C0, DEL, C1), line separators, and the marks that turn the direction of text: a terminal obeys them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text on one line that no terminal, log or page takes for orders: every control character becomes `\u001b` and the like.
 * Ordinary text comes back as it is.
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escapeUnit);
}

/** JSON on one line, likewise; what it says stays the same. @param value as for JSON.stringify, never undefined */
export function formatJsonLine(value: unknown): string {
  // Outside of its texts JSON has no such characters, and within them the escape means the character.
  return escapeControls(JSON.stringify(value));
}

/** An address's `%20` and the like as what they stand for; text with a `%` that begins no escape stands for itself. */
export function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function escapeUnit(unit: string): string {
  if (unit === '\n') return '\\n';
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
