/** A value of `calc()`: a number and its unit, `''`, `%` or `deg`. */
interface Value {
  readonly number: number;
  readonly unit: string;
}

/** Digits after the point: finer than any color needs, and short enough to be written without an exponent. */
const DIGITS = 9;

/**
 * A color in lower case without comments, and with each `calc()` of numbers as its result. What cannot be computed stays as it is,
 * for the parser of colors to refuse.
 */
export function plainCss(css: string): string {
  let text = css.replaceAll(/\/\*.*?\*\//gs, ' ');
  for (let at = text.indexOf('calc('); at >= 0; at = text.indexOf('calc(', at)) {
    const calc = new Calculation(text, at + 'calc'.length);
    const value = calc.group();
    if (!value || !Number.isFinite(value.number)) return css;
    text = `${text.slice(0, at)}${Number(value.number.toFixed(DIGITS))}${value.unit}${text.slice(calc.at)}`;
  }
  return text;
}

/** Reads from a place in a text on; `at` is behind what was read. Undefined means that it cannot be computed. */
class Calculation {
  constructor(
    private readonly text: string,
    public at: number,
  ) {}

  /** `( sum )` */
  group(): Value | undefined {
    if (!this.take(/\(\s*/y)) return undefined;
    const value = this.sum();
    return value && this.take(/\s*\)/y) ? value : undefined;
  }

  private sum(): Value | undefined {
    let left = this.product();
    for (let sign = this.take(/\s+[+-]\s+/y); left && sign; sign = this.take(/\s+[+-]\s+/y)) {
      const right = this.product();
      if (right?.unit !== left.unit) return undefined;
      left = { number: sign.trim() === '+' ? left.number + right.number : left.number - right.number, unit: left.unit };
    }
    return left;
  }

  private product(): Value | undefined {
    let left = this.operand();
    for (let sign = this.take(/\s*[*/]\s*/y); left && sign; sign = this.take(/\s*[*/]\s*/y)) {
      const right = this.operand();
      const isTimes = sign.trim() === '*';
      // One side of a product is a bare number, and so is what is divided by.
      if (!right || (right.unit !== '' && (left.unit !== '' || !isTimes))) return undefined;
      const number: number = isTimes ? left.number * right.number : left.number / right.number;
      left = { number, unit: left.unit || right.unit };
    }
    return left;
  }

  private operand(): Value | undefined {
    if (this.take(/(?:calc)?(?=\()/y) !== undefined) return this.group();
    const number = this.take(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/y);
    return number === undefined ? undefined : { number: Number(number), unit: this.take(/%|deg/y) ?? '' };
  }

  private take(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
