import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ColorshineError, quote } from '../../src/core/errors.js';
import { decodeEscapes, escapeControls, formatJsonLine } from '../../src/core/plain-text.js';

const CONTROL = /\p{Cc}|\p{Zl}|\p{Zp}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

it('control characters are escaped, ordinary text is left alone', () => {
  expect(escapeControls('a\u001b[2Jb\u009bc\u0007\r\n\t\u007f\u202egnp.exe')).toBe(
    'a\\u001b[2Jb\\u009bc\\u0007\\u000d\\n\\u0009\\u007f\\u202egnp.exe',
  );
  for (const text of ['', 'photo 1.png', 'Übergrößenträger.jpg', '写真.png', '🏞️ lake', 'مرحبا', 'a\\u001b']) {
    expect(escapeControls(text)).toBe(text);
  }
});

it('escapes of an address are decoded, unless one is none', () => {
  expect(decodeEscapes('?shine=teal%3B40%25%3b90')).toBe('?shine=teal;40%;90');
  expect(decodeEscapes('?shine=teal;40%;90')).toBe('?shine=teal;40%;90');
});

it('no control character gets through, in lines or JSON, and JSON says the same', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(text, (given) => {
      expect(escapeControls(given)).not.toMatch(CONTROL);
      const line = formatJsonLine({ [given]: [given] });
      expect(line).not.toMatch(CONTROL);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ [given]: [given] })));
    }),
  );
});

it('an error is one line without control characters, whatever it quotes', () => {
  const { message } = new ColorshineError('INVALID_OPTION', `\u001b]0;x\u0007: got ${quote('\u009b\n')}`);
  expect(message).toBe('\\u001b]0;x\\u0007: got "\\u009b\\n"');
});

it('quote shows what cannot be printed in a few words', () => {
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const value of [deep, circle]) expect(quote(value)).toBe('an object that is no JSON');
  expect(quote(1n)).toBe('1');
});
