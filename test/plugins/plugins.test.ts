/** What the plugins promise besides pixels: errors, the cache between builds, types, style sheets and pages. */
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build as esbuild } from 'esbuild';
import { type OutputAsset, rollup } from 'rollup';
import { type InlineConfig, build as viteBuild } from 'vite';
import { describe, expect, it } from 'vitest';
import webpack from 'webpack';
import esbuildPlugin from '../../src/node/plugins/esbuild.js';
import imagetoolsPlugin from '../../src/node/plugins/imagetools.js';
import type { ShineOptions } from '../../src/node/plugins/options.js';
import rollupPlugin from '../../src/node/plugins/rollup.js';
import vitePlugin from '../../src/node/plugins/vite.js';
import webpackPlugin from '../../src/node/plugins/webpack.js';
import { makePicture } from '../figma/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

const TOKENS = {
  brand: {
    $type: 'color',
    warm: { $value: '#e8a05c', $extensions: { mode: { light: '#e8a05c', dark: '#5c2e1a' } } },
  },
};

/** src/main.js that imports src/picture.png, with a recipe and tokens. */
async function makeProject(specifier = './picture.png?shine=look.json&theme=dark'): Promise<string> {
  const root = await makeTempFolder();
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'src/picture.png'), await makePicture(70, 50));
  await writeFile(join(root, 'src/look.json'), '{"version":1,"attractors":["{brand.warm};60;80"]}');
  await writeFile(join(root, 'tokens.json'), JSON.stringify(TOKENS));
  await writeMain(root, specifier);
  return root;
}

function writeMain(root: string, specifier: string): Promise<void> {
  return writeFile(join(root, 'src/main.js'), `import url from ${JSON.stringify(specifier)};\nconsole.log(url);\n`);
}

const options = (root: string, more: ShineOptions = {}): ShineOptions => ({ root, tokens: 'tokens.json', ...more });

async function buildRollup(root: string, more?: ShineOptions): Promise<OutputAsset[]> {
  const bundle = await rollup({ input: join(root, 'src/main.js'), plugins: [rollupPlugin(options(root, more))] });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return output.filter((file) => file.type === 'asset');
}

/** The message that each bundler fails with, without what it puts around. */
const FAIL: Record<string, (root: string) => Promise<string>> = {
  async rollup(root) {
    return buildRollup(root).then(() => 'built', messageOf);
  },
  async vite(root) {
    const input = join(root, 'src/main.js');
    const plugins = [vitePlugin({ tokens: 'tokens.json' })];
    return viteBuild({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins,
      build: { write: false, rollupOptions: { input } },
    }).then(() => 'built', messageOf);
  },
  async esbuild(root) {
    return esbuild({
      absWorkingDir: root,
      entryPoints: ['src/main.js'],
      bundle: true,
      write: false,
      outdir: 'dist',
      logLevel: 'silent',
      plugins: [esbuildPlugin({ tokens: 'tokens.json' })],
    }).then(
      () => 'built',
      ({ errors }: { errors: { text: string }[] }) => errors.map(({ text }) => text).join('\n'),
    );
  },
  async webpack(root) {
    const plugins = [webpackPlugin({ tokens: 'tokens.json' })];
    const output = { path: `${root}/dist` };
    const compiler = webpack({ mode: 'development', context: root, entry: './src/main.js', output, plugins });
    return new Promise((done) => {
      compiler?.run((error, stats) => {
        done(error?.message ?? stats?.compilation.errors.map(({ message }) => message).join('\n') ?? '');
      });
    });
  },
};

function messageOf(error: Error): string {
  return error.message;
}

describe.each(Object.keys(FAIL))('errors in %s', (name) => {
  it.each([
    [
      './picture.png?shine=lok.json',
      'recipe "lok.json": expected a file at src/lok.json or lok.json, found nothing; did you mean "look.json"?',
    ],
    ['./picture.png?shine=look.json&theme=drak', 'theme: expected one of light, dark, got "drak"; did you mean dark?'],
    ['./picture.png?shine=look.json&them=dark', 'query: unknown key "them"; did you mean "theme"?'],
    [
      './picture.png?shine={brand.worm};60;80',
      'row 1: token {brand.worm}: expected a color of the token files, got none of that name; did you mean {brand.warm}?',
    ],
    [
      './picture.png?shine',
      'shine: expected a recipe such as shine=brand.json or rows such as shine=teal;40;60, got none',
    ],
    [
      './look.json?shine=look.json',
      'expected a JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC image, got a file that starts with',
    ],
  ])('name the import and its file: %s', async (specifier, message) => {
    const root = await makeProject(specifier);
    const failure = await FAIL[name]?.(root);
    expect(failure).toContain(`${specifier} (in src/main.js): `);
    expect(failure).toContain(message);
  });

  it('say that there is no such image', async () => {
    const root = await makeProject('./pictrue.png?shine=look.json');
    expect(await FAIL[name]?.(root)).toMatch(/\.\/pictrue\.png/);
  });
});

describe('the cache between builds', () => {
  const entries = async (root: string): Promise<string[]> =>
    (await readdir(join(root, 'node_modules/.cache/colorshine/images'))).sort();
  const onlyFile = async (root: string): Promise<string> => {
    const [entry] = await entries(root);
    return join(root, 'node_modules/.cache/colorshine/images', entry as string, 'picture.dark.png');
  };

  it('is asked by content: the same look is not made again, another is', async () => {
    const root = await makeProject();
    const [first] = await buildRollup(root);
    const made = (await stat(await onlyFile(root))).mtimeMs;
    const [second] = await buildRollup(root);
    expect(second).toEqual(first);
    expect((await stat(await onlyFile(root))).mtimeMs).toBe(made);
    await writeFile(join(root, 'tokens.json'), JSON.stringify(TOKENS).replace('#5c2e1a', '#1a2e5c'));
    const [third] = await buildRollup(root);
    expect(third?.source).not.toEqual(first?.source);
    expect(third?.fileName).not.toBe(first?.fileName);
    expect(await entries(root)).toHaveLength(2);
  });

  it('does not believe a damaged file', async () => {
    const root = await makeProject();
    const [first] = await buildRollup(root);
    await appendFile(await onlyFile(root), 'x');
    expect(await buildRollup(root)).toEqual([first]);
    expect(Buffer.from(first?.source ?? '').equals(await readFile(await onlyFile(root)))).toBe(true);
  });
});

describe('webpack', () => {
  /** Names of the emitted files. */
  const build = (root: string, more: webpack.Configuration): Promise<string[]> =>
    new Promise((done, fail) => {
      const compiler = webpack({
        mode: 'production',
        context: root,
        entry: './src/main.js',
        output: { path: join(root, 'dist'), assetModuleFilename: '[name]-[contenthash:8][ext]' },
        plugins: [webpackPlugin({ tokens: 'tokens.json' })],
        ...more,
      });
      compiler?.run((error, stats) => {
        const { assets = {}, errors = [] } = stats?.compilation ?? {};
        compiler.close(() => (error || errors[0] ? fail(error ?? errors[0]) : done(Object.keys(assets))));
      });
    });

  it('notices a changed token across its own cache on disk', async () => {
    const root = await makeProject();
    const cache = { type: 'filesystem', cacheDirectory: join(root, 'cache') } as const;
    const images = async () => (await build(root, { cache })).filter((name) => name.endsWith('.png'));
    const before = await images();
    expect(before).toEqual([expect.stringMatching(/^picture\.dark-[0-9a-f]{8}\.png$/)]);
    expect(await images()).toEqual(before);
    await writeFile(join(root, 'tokens.json'), JSON.stringify(TOKENS).replace('#5c2e1a', '#1a2e5c'));
    const after = await images();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  it('leaves the last word to the project’s own rules', async () => {
    const root = await makeProject();
    const module = { rules: [{ test: /\.png$/, type: 'asset/inline' }] };
    expect(await build(root, { module })).toEqual(['main.js']);
    expect(await readFile(join(root, 'dist/main.js'), 'utf8')).toContain('data:image/png;base64,');
  });
});

describe('the loader alone', () => {
  const build = (root: string): Promise<string> =>
    new Promise((done) => {
      const use = { loader: resolve('dist/loader.js'), options: { tokens: 'tokens.json' } };
      const compiler = webpack({
        mode: 'production',
        context: root,
        entry: './src/main.js',
        output: { path: join(root, 'dist'), assetModuleFilename: '[name][ext]' },
        module: { rules: [{ test: /\.png$/, resourceQuery: /[?&]shine/, type: 'asset/resource', use }] },
      });
      compiler?.run((error, stats) => {
        compiler.close(() => done(error?.message ?? stats?.toString({ all: false, errors: true }) ?? ''));
      });
    });

  it('hands over the bytes that the plugins write', async () => {
    const root = await makeProject();
    expect(await build(root)).toBe('');
    const [expected] = await buildRollup(root);
    expect(Buffer.from(expected?.source ?? '').equals(await readFile(join(root, 'dist/picture.png')))).toBe(true);
  });

  it('says what is wrong', async () => {
    const root = await makeProject('./picture.png?shine=look.json&theme=drak');
    expect(await build(root)).toContain('theme: expected one of light, dark, got "drak"; did you mean dark?');
  });
});

describe('TypeScript', () => {
  it('knows the imports: by their endings, or from the file that the plugin writes', async () => {
    const root = await makeProject();
    await buildRollup(root, { dts: true });
    await writeMain(root, './picture.png?shine=look.json&theme=light&width=40');
    await buildRollup(root, { dts: true });
    const declared = await readFile(join(root, 'colorshine.d.ts'), 'utf8');
    expect(declared).toContain('declare module "*/picture.png?shine=look.json&theme=dark" {');
    expect(declared).toContain('declare module "*/picture.png?shine=look.json&theme=light&width=40" {');

    await mkdir(join(root, 'node_modules'), { recursive: true });
    await symlink(resolve('.'), join(root, 'node_modules/colorshine'), 'junction');
    const check = async (text: string, types: string[]): Promise<string> => {
      await writeFile(join(root, 'src/app.ts'), text);
      const compilerOptions = { module: 'esnext', moduleResolution: 'bundler', strict: true, noEmit: true, types };
      const files = ['src/app.ts', ...(types.length === 0 ? ['colorshine.d.ts'] : [])];
      await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      const tsc = resolve('node_modules/typescript/bin/tsc');
      return spawnSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' }).stdout;
    };
    const use = (specifier: string, type = 'string'): string =>
      `import url from '${specifier}';\nexport const value: ${type} = url;\n`;
    expect(await check(use('./picture.png?shine=look.json&theme=light&width=40'), [])).toBe('');
    expect(await check(use('./picture.png?shine=look.json&theme=sepia'), [])).toMatch(/TS2307/);
    expect(await check(use('./picture.png?shine=look.json&theme=sepia&shine'), ['colorshine/client'])).toBe('');
    expect(await check(use('./picture.png?shine', 'number'), ['colorshine/client'])).toMatch(/TS2322/);
  });

  it('a file that someone wrote by hand is not replaced', async () => {
    const root = await makeProject();
    await writeFile(join(root, 'types.d.ts'), 'declare const mine: 1;\n');
    await expect(buildRollup(root, { dts: 'types.d.ts' })).rejects.toThrow(
      /types\.d\.ts: expected a file that colorshine wrote/,
    );
    expect(await readFile(join(root, 'types.d.ts'), 'utf8')).toBe('declare const mine: 1;\n');
  });
});

describe('Vite', () => {
  const build = async (config: InlineConfig): Promise<string[]> => {
    const built = (await viteBuild(config)) as { output: { fileName: string }[] };
    return built.output.map(({ fileName }) => fileName).sort();
  };

  /** @returns the script, and the names of the images */
  const buildTools = async (root: string): Promise<{ code: string; images: string[] }> => {
    const built = (await viteBuild({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [imagetoolsPlugin({ tokens: 'tokens.json', imagetools: { cache: { dir: join(root, 'cache') } } })],
      build: { write: false, minify: false, assetsInlineLimit: 0, rollupOptions: { input: join(root, 'src/main.js') } },
    })) as { output: { fileName: string; code?: string }[] };
    const names = built.output.map(({ fileName }) => fileName);
    return {
      code: built.output.map(({ code = '' }) => code).join('\n'),
      images: names.filter((name) => /\.(?:png|webp)$/.test(name)),
    };
  };

  it('finds images in pages and style sheets', async () => {
    const root = await makeProject();
    const query = 'shine=src/look.json&amp;theme=dark';
    await writeFile(
      join(root, 'index.html'),
      `<link rel="stylesheet" href="./src/style.css">
       <img alt="" src="/src/picture.png?${query}">
       <img alt="" srcset="./src/picture.png?${query}&amp;width=35 35w, ./src/picture.png?${query} 70w">`,
    );
    await writeFile(
      join(root, 'src/style.css'),
      `a { background: url(picture.png?shine=look.json&theme=light) }
       b { background: url("./picture.png?shine=rgb(200 90 40);60;80") }`,
    );
    const names = await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [vitePlugin({ tokens: 'tokens.json' })],
      build: { write: false, assetsInlineLimit: 0 },
    });
    const plain = names.map((name) => name.replace(/-[\w-]{8}\./, '.'));
    const images = plain.filter((name) => name.endsWith('.png')).sort();
    expect(images).toEqual([
      'assets/picture.dark.png',
      'assets/picture.dark.png',
      'assets/picture.light.png',
      'assets/picture.png',
    ]);
  });

  it.each([
    ['as=srcset', /light: "([^"]*)",\s*dark: "([^"]*)"/],
    ['as=img', /light: \{[^}]*srcset: "([^"]*)"[^}]*\},\s*dark: \{[^}]*srcset: "([^"]*)"/],
  ])('imagetools: each theme has its own %s', async (as, pattern) => {
    const root = await makeProject(`./picture.png?shine=look.json&theme=light;dark&w=35;70&${as}`);
    const { code, images } = await buildTools(root);
    expect(images).toHaveLength(4);
    const [, light = '', dark = ''] = pattern.exec(code) ?? [];
    for (const srcset of [light, dark]) expect(srcset).toMatch(/^\S+\.png 35w, \S+\.png 70w$/);
    expect(light).not.toBe(dark);
    const files = (srcset: string): string[] => srcset.split(/ \d+w(?:, )?/).filter(Boolean);
    expect(new Set([...files(light), ...files(dark)]).size).toBe(4);
  });

  it('imagetools: a percent sign in a row is no escape', async () => {
    const { images } = await buildTools(await makeProject('./picture.png?shine=teal;40%;90'));
    expect(images).toHaveLength(1);
  });

  it.each([
    ['w=35;70&format=webp;png', 4],
    ['format=png', 1],
  ])('imagetools: a <picture> has the second theme under media: %s', async (size, each) => {
    const root = await makeProject(`./picture.png?shine=look.json&theme=light;dark&${size}&as=picture`);
    const { code, images } = await buildTools(root);
    expect(images).toHaveLength(2 * each);
    const sources = [...code.matchAll(/\{\s*(?:media: "([^"]*)",\s*)?(?:type: "([^"]*)",\s*)?srcset: "([^"]*)"/g)];
    const dark = sources.filter(([, media]) => media !== undefined);
    expect(new Set(dark.map(([, media]) => media))).toEqual(new Set(['(prefers-color-scheme: dark)']));
    expect(sources.slice(0, dark.length)).toEqual(dark); // before those that always fit
    expect(sources.map(([, , type]) => type)).toEqual(
      each === 1 ? [undefined] : ['image/webp', 'image/png', 'image/webp', 'image/png'],
    );
    expect(code).toMatch(/img: \{\s*src: "\/assets\/picture/);
  });

  it('imagetools: a theme that no browser wishes for is an error in a <picture>', async () => {
    const root = await makeProject('./picture.png?shine=look.json&theme=light;sepia&as=picture');
    await writeFile(join(root, 'tokens.json'), JSON.stringify(TOKENS).replace('"dark"', '"sepia"'));
    await expect(buildTools(root)).rejects.toThrow(
      'theme: expected light and dark for as=picture, got "sepia"; as=srcset gives each theme its own',
    );
  });

  it('imagetools: one variant for each theme, and a changed token is not served from its cache', async () => {
    const root = await makeProject('./picture.png?shine=look.json&theme=light;dark&w=35');
    const config = {
      root,
      configFile: false as const,
      logLevel: 'silent' as const,
      plugins: [imagetoolsPlugin({ tokens: 'tokens.json', imagetools: { cache: { dir: join(root, 'cache') } } })],
      build: { write: false, assetsInlineLimit: 0, rollupOptions: { input: join(root, 'src/main.js') } },
    };
    const images = async () => (await build(config)).filter((name) => name.endsWith('.png'));
    const before = await images();
    expect(before).toHaveLength(2);
    expect(await images()).toEqual(before);
    await writeFile(join(root, 'tokens.json'), JSON.stringify(TOKENS).replace('#5c2e1a', '#1a2e5c'));
    const after = await images();
    expect(after).toHaveLength(2);
    expect(after.filter((name) => before.includes(name))).toHaveLength(1); // light stays
  });
});
