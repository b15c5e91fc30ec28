import { describe, expect, it } from 'vitest';
import type { SnippetOptions } from '../../../src/node/build/config-shape.js';
import type { Manifest, ManifestOutput } from '../../../src/node/build/manifest.js';
import { formatCss, formatPictures } from '../../../src/node/build/snippets.js';
import { messageOf } from '../../support/errors.js';

const output = (path: string, theme: string, width = 10): ManifestOutput => ({
  path,
  build: 'main',
  theme,
  format: path.endsWith('jpg') ? 'jpeg' : (path.split('.').at(-1) as string),
  width,
  height: width / 2,
  pages: 1,
  bytes: 1,
  hash: '',
  gamut: 'srgb',
  rows: [],
});
const manifestOf = (sources: Readonly<Record<string, readonly ManifestOutput[]>>): Manifest => ({
  version: 2,
  engine: '',
  build: '',
  sources: Object.entries(sources).map(([path, outputs]) => ({ path, hash: '', outputs })),
});
const none: SnippetOptions = { alt: {} };

describe('<picture>', () => {
  it('names one of several pictures of a width, the same everywhere', () => {
    const outputs = ['640', '1280', 'full'].map((size) => output(`dist/a.${size}.jpg`, 'default', 400));
    expect(formatPictures(manifestOf({ 'i/a.png': outputs }), none, 'dist/p.html')).toBe(`<picture>
  <img src="a.640.jpg" srcset="a.640.jpg" width="400" height="200" alt="" loading="lazy" decoding="async">
</picture>
`);
  });

  it('has dark sources first, small formats first, widths in order, and the widest as fallback', () => {
    const outputs = ['light', 'dark'].flatMap((theme) => [
      output(`dist/a.${theme}.jpg`, theme, 800),
      output(`dist/a.${theme}.s.jpg`, theme, 400),
      output(`dist/a.${theme}.avif`, theme, 800),
    ]);
    expect(formatPictures(manifestOf({ 'i/a.png': outputs }), none, 'dist/p.html')).toBe(`<picture>
  <source media="(prefers-color-scheme: dark)" type="image/avif" srcset="a.dark.avif">
  <source media="(prefers-color-scheme: dark)" type="image/jpeg" srcset="a.dark.s.jpg 400w, a.dark.jpg 800w" sizes="100vw">
  <source type="image/avif" srcset="a.light.avif">
  <img src="a.light.jpg" srcset="a.light.s.jpg 400w, a.light.jpg 800w" sizes="100vw" width="800" height="400" alt="" loading="lazy" decoding="async">
</picture>
`);
  });

  it('escapes whatever a file or a text may be called', () => {
    const evil = '"><script>alert(1)</script>, x 2w\'&.png';
    const options = { alt: { [evil]: '"><script>' }, base: '/"x/' };
    const html = formatPictures(manifestOf({ [evil]: [output(`d/${evil}`, 'default')] }), options, 'd/p.html');
    expect(html).not.toContain('<script');
    expect(html.match(/"/g)).toHaveLength(2 * 6); // src, width, height, alt, loading, decoding
    expect(html).toContain('src="/&quot;x/%22%3E%3Cscript%3Ealert(1)%3C/script%3E%2C%20x%202w&#39;%26.png"');
  });

  it('escapes values of whatever kind, should a manifest hold them', () => {
    const evil = { ...output('d/a.png', 'default'), width: '1" onerror="x' as unknown as number };
    expect(formatPictures(manifestOf({ a: [evil] }), none, 'd/p.html')).toContain('width="1&quot; onerror=&quot;x"');
  });

  it('takes the first theme for light and the second for dark unless told', () => {
    const manifest = manifestOf({ a: [output('a.x.png', 'x'), output('a.y.png', 'y'), output('a.z.png', 'z')] });
    const plain = formatPictures(manifest, none, 'p.html');
    expect(plain).toMatch(/media="\(prefers-color-scheme: dark\)" type="image\/png" srcset="a\.y\.png"/);
    expect(plain).toContain('src="a.x.png"');
    const told = formatPictures(manifest, { ...none, light: 'z', dark: 'x' }, 'p.html');
    expect(told).toMatch(/dark\)" type="image\/png" srcset="a\.x\.png"/);
    expect(told).toContain('src="a.z.png"');
    expect(messageOf('INVALID_CONFIG', () => formatPictures(manifest, { ...none, dark: 'yy' }, 'p.html'))).toMatch(
      /dark: expected one of x, y, z, got "yy"/,
    );
  });

  it('has one part for each build of an image, and paths from the snippet’s file', () => {
    const two = [output('dist/a.png', 'default'), { ...output('dist/b/a.png', 'default'), build: 'other' }];
    const html = formatPictures(manifestOf({ a: two }), none, 'pages/p.html');
    expect([...html.matchAll(/src="([^"]*)"/g)].map(([, src]) => src)).toEqual(['../dist/a.png', '../dist/b/a.png']);
    expect(formatPictures(manifestOf({ a: two }), { ...none, base: '/s/' }, 'dist/p.html')).toContain(
      'src="/s/b/a.png"',
    );
  });
});

describe('CSS', () => {
  it('defines a property for each image, and again for dark screens', () => {
    const manifest = manifestOf({
      'i/a b.png': [
        output('d/a.light.png', 'light'),
        output('d/a.light.webp', 'light'),
        output('d/a.dark.png', 'dark'),
      ],
    });
    expect(formatCss(manifest, none, 'd/x.css')).toBe(`:root {
  --image-a-b: image-set(url("a.light.webp") type("image/webp"), url("a.light.png") type("image/png"));
}

@media (prefers-color-scheme: dark) {
  :root {
    --image-a-b: url("a.dark.png");
  }
}
`);
  });

  it('tells images of one name apart, and lets no name out of its string', () => {
    const manifest = manifestOf({
      'x/a.png': [output('d/1.png', 'default')],
      'y/a.png': [output('d/2.png', 'default')],
    });
    expect(formatCss(manifest, none, 'd/x.css')).toMatch(/--image-x-a: .*\n {2}--image-y-a: /);
    const evil = formatCss(manifest, { ...none, base: '"); } </style>\n\\' }, 'd/x.css');
    expect(evil).not.toContain('</style>');
    expect(evil.match(/"/g)).toHaveLength(4);
  });
});
