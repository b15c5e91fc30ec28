/**
 * JSON as editors let people write it: with comments and with commas after the last item. Comments become spaces, so that places in
 * the text stay what they are.
 *
 * @throws SyntaxError
 */
export function parseJsonWithComments(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json); // nearly always
  } catch {
    return JSON.parse(toPlainJson(json));
  }
}

function toPlainJson(text: string): string {
  const kept: string[] = [];
  let from = 0;
  /** Where a comma stands that only white space and comments have followed. */
  let comma = -1;
  let before = '';
  const blank = (start: number, end: number): void => {
    kept.push(text.slice(from, start), ' '.repeat(end - start));
    from = end;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === '"') {
      at = endOfString(text, at);
      comma = -1;
      before = sign;
    } else if (sign === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const end = endOfComment(text, at);
      blank(at, end);
      at = end - 1;
    } else if (sign === ',') {
      const place = kept.push(text.slice(from, at)); // of the comma's own piece
      kept.push(',');
      from = at + 1;
      comma = /[{[,]/.test(before) ? -1 : place;
      before = sign;
    } else if (!/\s/.test(sign)) {
      if (comma >= 0 && (sign === '}' || sign === ']')) kept[comma] = ' ';
      comma = -1;
      before = sign;
    }
  }
  kept.push(text.slice(from));
  return kept.join('');
}

/** Of its closing quote, or of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function endOfComment(text: string, start: number): number {
  const isLine = text[start + 1] === '/';
  const end = isLine ? text.indexOf('\n', start) : text.indexOf('*/', start + 2);
  if (end < 0) return isLine ? text.length : start + 1; // an open comment is left to the parser to refuse
  return isLine ? end : end + 2;
}
