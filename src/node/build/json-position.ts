/** Strings, numbers and words of JSON, each sticky. */
const TOKENS = {
  space: /[ \t\r\n]*/y,
  text: /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y,
} as const;

/**
 * Where a text stops being JSON: engines say it only sometimes.
 *
 * @returns an offset, `json.length` when the end is missing; undefined for JSON
 */
export function findSyntaxError(json: string): number | undefined {
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const found = token.test(json);
    if (found) at = token.lastIndex;
    return found;
  };
  const takeMark = (mark: string): boolean => {
    take(TOKENS.space);
    if (json[at] !== mark) return false;
    at++;
    return true;
  };
  /** What stands between a bracket that has been read and its partner. */
  const takeItems = (end: string, takeItem: () => boolean): boolean => {
    if (takeMark(end)) return true;
    do if (!takeItem()) return false;
    while (takeMark(','));
    return takeMark(end);
  };
  const takeValue = (): boolean => {
    if (takeMark('{')) return takeItems('}', takeMember);
    if (takeMark('[')) return takeItems(']', takeValue);
    return take(TOKENS.text) || take(TOKENS.scalar);
  };
  const takeMember = (): boolean => {
    take(TOKENS.space);
    return take(TOKENS.text) && takeMark(':') && takeValue();
  };
  const isWhole = takeValue();
  take(TOKENS.space);
  return isWhole && at === json.length ? undefined : at;
}
