/** Where URLs stand in a text, and that everything around them stays to the byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCssUrls } from '../../src/node/plugins/text/css.js';
import { findHtmlUrls, findSrcsetUrls } from '../../src/node/plugins/text/html.js';
import { findNewUrls, findScriptStrings } from '../../src/node/plugins/text/script.js';
import { findShineUrl, replaceUrls, type UrlFinder } from '../../src/node/plugins/text/spans.js';

const URL_TEXT = 'a.png?shine=teal;1;1';

/** With every import replaced by `X`. */
async function mark(text: string, find: UrlFinder): Promise<string> {
  return (await replaceUrls(text, find, async () => 'X')) ?? text;
}

describe('style sheets', () => {
  it.each([
    [`p{background:url(${URL_TEXT})}`, 'p{background:url("X")}'],
    [`/* 🎨 ü */ p{a:url( '${URL_TEXT}' );b:"${URL_TEXT}"}`, `/* 🎨 ü */ p{a:url("X" );b:"${URL_TEXT}"}`],
    [`p{a:URL("${URL_TEXT}");b:IMAGE-SET("${URL_TEXT}" 1x)}`, 'p{a:url("X");b:IMAGE-SET(url("X") 1x)}'],
    [
      `p{a:image-set("${URL_TEXT}" type("image/png"), url(b.png) 2x)}`,
      'p{a:image-set("X" type("image/png"), url(b.png) 2x)}',
    ],
    [`p{a:url(a\\(1\\).png?shine=teal;1;1)}`, 'p{a:url("X")}'],
    [
      `// don't url(${URL_TEXT})\r\n$a: url("${URL_TEXT}"); // url(${URL_TEXT})`,
      `// don't url(${URL_TEXT})\r\n$a: url("X"); // url(${URL_TEXT})`,
    ],
    [
      `.a\n  background: url(${URL_TEXT})\n  .b\n    mask: url(${URL_TEXT})\n`,
      '.a\n  background: url("X")\n  .b\n    mask: url("X")\n',
    ],
    [
      `@import "${URL_TEXT}"; p { content: "url(${URL_TEXT})" }`,
      `@import "${URL_TEXT}"; p { content: "url(${URL_TEXT})" }`,
    ],
  ])('%j', async (css, expected) => {
    expect(await mark(css, findCssUrls)).toBe(expected);
  });
});

describe('pages', () => {
  it.each([
    [
      `\ufeff<!doctype html>\r\n<p>🎨\r\n<img alt=a src=${URL_TEXT}>\r\n`,
      '\ufeff<!doctype html>\r\n<p>🎨\r\n<img alt=a src="X">\r\n',
    ],
    [`<IMG\n  SRC = '${URL_TEXT}' SRCSET="b.png 1x,${URL_TEXT} 2x">`, '<IMG\n  src="X" srcset="b.png 1x,X 2x">'],
    [`<svg><image xlink:href="${URL_TEXT}"/></svg>`, '<svg><image xlink:href="X"/></svg>'],
    [
      `<style>a{b:url(${URL_TEXT})}</style><p style="b:url('${URL_TEXT}')">`,
      '<style>a{b:url("X")}</style><p style="b:url(&quot;X&quot;)">',
    ],
    [`<table><img src="${URL_TEXT}"><tr><td><img src="${URL_TEXT}">`, '<table><img src="X"><tr><td><img src="X">'],
    [
      `<a href="${URL_TEXT}"><meta name="description" content="${URL_TEXT}">`,
      `<a href="${URL_TEXT}"><meta name="description" content="${URL_TEXT}">`,
    ],
    [
      `<title><img src="${URL_TEXT}"></title><xmp><img src="${URL_TEXT}"></xmp>`,
      `<title><img src="${URL_TEXT}"></title><xmp><img src="${URL_TEXT}"></xmp>`,
    ],
  ])('%j', async (html, expected) => {
    expect(await mark(html, findHtmlUrls)).toBe(expected);
  });

  it('srcset: commas and spaces in a URL, and between URLs', () => {
    const found = findSrcsetUrls(
      ' a,b.png?tokens=a.json,b.json 1x, c.png?shine=rgb(0, 1 2);1;1 (a,b) 2x,d.png,, e.png ',
    );
    expect(found.map(({ text }) => text)).toEqual([
      'a,b.png?tokens=a.json,b.json',
      'c.png?shine=rgb(0, 1 2);1;1',
      'd.png',
      'e.png',
    ]);
  });
});

describe('scripts', () => {
  it('new URL with import.meta.url, and nothing that looks like it', async () => {
    const code = `new URL('${URL_TEXT}', import.meta.url); new URL(\`${URL_TEXT}\`, import.meta.url,);
      // new URL('${URL_TEXT}', import.meta.url)
      new URL('${URL_TEXT}', base); new Url('${URL_TEXT}', import.meta.url); /'/; const a = \`\${'${URL_TEXT}'}\`;`;
    const marked = await mark(code, findNewUrls);
    expect(marked.match(/X/g)).toHaveLength(2);
    expect(marked.replaceAll('X', `'${URL_TEXT}'`).length).toBe(code.length);
  });

  it('every string but what is imported', () => {
    const strings = (code: string): string[] => findScriptStrings(code).map(({ text }) => text);
    expect(strings('import "a"; import b from "b"; export * from "c"; import("d"); f("e", `f`, `g$' + '{1}`)')).toEqual(
      ['e', 'f'],
    );
    expect(strings('this is no script "a"')).toEqual([]);
  });
});

it('whatever the text is, nothing is thrown and nothing else is changed', async () => {
  const bits = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '(',
    ')',
    'url(',
    'src=',
    '<img ',
    '/*',
    '*/',
    '//',
    '\n',
    '\\',
    '🎨',
    '&amp;',
    ',',
    URL_TEXT,
    ' ',
  );
  const texts = fc
    .array(fc.oneof(bits, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.constantFrom(findCssUrls, findHtmlUrls, findSrcsetUrls, findNewUrls),
      async (text, find) => {
        const spans = find(text);
        for (const [i, { start, end }] of spans.entries()) {
          expect(start).toBeLessThanOrEqual(end);
          expect(start).toBeGreaterThanOrEqual(spans[i - 1]?.end ?? 0);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        await mark(text, find);
        findShineUrl(text, find);
      },
    ),
    { numRuns: 500 },
  );
});
