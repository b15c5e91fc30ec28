import { builtinModules } from 'node:module';
import { isAbsolute, relative } from 'node:path';
import type { Metafile } from 'esbuild';

/** One import that is left after types are erased. Paths are relative to the repository's root. */
export interface Edge {
  readonly from: string;
  /** A path, or a package's name with its subpath. */
  readonly to: string;
}

interface Layer {
  /** Path prefixes of the files that belong to it. */
  readonly files: readonly string[];
  /** Layers whose values it may import, besides itself. */
  readonly layers: readonly string[];
  /** Single modules of other layers that it may import. */
  readonly modules?: readonly string[];
  /** Packages it may import; `*` for any, `node:` for Node's own. */
  readonly packages: readonly string[];
}

/** The dependency rules. The first layer that holds a file counts. */
const LAYERS: Readonly<Record<string, Layer>> = {
  core: { files: ['src/core/'], layers: [], packages: ['culori'] },
  'backends in Node': { files: ['src/backends/**/node'], layers: ['core', 'backends'], packages: ['node:', 'gpu.js'] },
  backends: { files: ['src/backends/'], layers: ['core', 'backends in Node'], packages: ['gpu.js'] },
  tokens: { files: ['src/tokens/'], layers: ['core'], packages: [] },
  // Of the core's types no edge is left.
  codec: { files: ['src/codec/'], layers: [], modules: ['src/core/errors.ts'], packages: [] },
  // The protocol sees the core's types only, and those leave no edge.
  protocol: { files: ['src/protocol/'], layers: [], packages: [] },
  figma: { files: ['src/figma/'], layers: ['core', 'protocol'], packages: [] },
  node: {
    files: ['src/node/'],
    layers: ['core', 'codec', 'backends', 'backends in Node', 'tokens', 'entry'],
    packages: ['*', 'node:'],
  },
  ui: { files: ['ui/'], layers: ['core', 'codec', 'backends', 'tokens', 'protocol'], packages: ['preact', 'culori'] },
  entry: { files: ['src/index.ts'], layers: ['core', 'backends', 'tokens'], packages: [] },
};

const BUILTINS = new Set(builtinModules);

/** The layer of a file, undefined when no rule knows it. `**` in a prefix stands for any folders. */
export function layerOf(path: string): string | undefined {
  const found = Object.entries(LAYERS).find(([, { files }]) =>
    files.some((prefix) => {
      const [head = '', tail] = prefix.split('**/');
      return (
        path.startsWith(head) && (tail === undefined || path.slice(head.length).split('/').at(-1)?.startsWith(tail))
      );
    }),
  );
  return found?.[0];
}

/** What an edge breaks, in words; undefined when it is fine. */
export function breachOf({ from, to }: Edge): string | undefined {
  const name = layerOf(from);
  const layer = name === undefined ? undefined : LAYERS[name];
  if (!layer) return `${from}: no rule knows this folder`;
  if (isPath(to)) {
    const target = layerOf(to);
    if (target === name || (target !== undefined && layer.layers.includes(target))) return undefined;
    if (layer.modules?.includes(to)) return undefined;
    return `${from} (${name}) must not import ${to} (${target ?? 'outside'})`;
  }
  const isBuiltin = to.startsWith('node:') || BUILTINS.has(to.split('/')[0] as string);
  const isAllowed = isBuiltin
    ? layer.packages.includes('node:')
    : layer.packages.some((allowed) => allowed === '*' || to === allowed || to.startsWith(`${allowed}/`));
  return isAllowed ? undefined : `${from} (${name}) must not import the package ${to}`;
}

/** The edges of an esbuild metafile, those of bundled packages aside. */
export function edgesOf({ inputs }: Pick<Metafile, 'inputs'>): Edge[] {
  return Object.entries(inputs).flatMap(([input, { imports }]) => {
    if (input.includes('node_modules/')) return [];
    const from = plainPath(input);
    return imports.map(({ path }) => ({ from, to: plainPath(path) }));
  });
}

/** From the repository's root, without a plugin's namespace and a query; a bundled package as its name. */
function plainPath(path: string): string {
  const bare = path.replace(/^(?!node:)[\w-]+:/, '').replace(/\?.*$/, '');
  const plain = isAbsolute(bare) ? relative(process.cwd(), bare) : bare;
  return plain.replace(/^node_modules\/((?:@[^/]+\/)?[^/]+).*$/, '$1');
}

function isPath(to: string): boolean {
  return /^(src|ui|test|scripts|dist|bench|\.\.?)\//.test(to);
}
