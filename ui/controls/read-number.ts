/** A number, with a point or a comma before its decimals, and a unit behind it perhaps. */
const TERM = /^\s*([+-]?(?:\d{1,12}(?:[.,]\d{0,12})?|[.,]\d{1,12}))\s*(?:%|°|px|deg)?\s*/;
const OPERATOR = /^([+*/−-])/;

/**
 * A number as people type it into a field: "12,5", "40 %", "50+10", "100/3". Times and divided bind tighter than plus and
 * minus; there are no parentheses.
 *
 * @returns NaN when the text is no such thing, or divides by zero
 */
export function readNumber(text: string): number {
  let sum = 0;
  let product = 1;
  let operator = '';
  let rest = text;
  for (;;) {
    const term = TERM.exec(rest);
    if (!term) return Number.NaN;
    const value = Number((term[1] as string).replace(',', '.'));
    if (operator === '*') product *= value;
    else if (operator === '/') product /= value;
    else {
      if (operator !== '') sum += product;
      product = operator === '-' || operator === '−' ? -value : value;
    }
    rest = rest.slice(term[0].length);
    if (rest === '') break;
    operator = OPERATOR.exec(rest)?.[1] ?? '';
    if (operator === '') return Number.NaN;
    rest = rest.slice(1);
  }
  const result = sum + product;
  return Number.isFinite(result) ? result : Number.NaN;
}
