import { quote } from '../core/errors.js';
import { MAX_TOKENS } from './limits.js';
import { pathOfPointer } from './pointer.js';
import { suggestion, tokenError } from './token-error.js';
import { checkCount, checkPlace, isTree, joinPath, own, type Tree } from './tree.js';

/**
 * Replaces `$extends` in every group by what it inherits: the other group's tokens and properties, overridden by its
 * own, groups merged level by level, tokens replaced whole. Aliases in inherited tokens mean what they meant there.
 *
 * @throws INVALID_TOKENS for a group that extends itself; UNKNOWN_TOKEN for one that is not there
 */
export function expandGroups(root: Tree, file: string): Tree {
  return new Expansion(root, file).expand(root, '', 0);
}

class Expansion {
  /** Groups that are being expanded: meeting one again is a cycle. */
  private readonly open = new Set<string>();
  /** What each group became: shared by all that extend it. */
  private readonly done = new Map<string, Tree>();
  /** Many small groups that extend each other can grow without bound. */
  private nodes = 0;

  constructor(
    private readonly root: Tree,
    private readonly file: string,
  ) {}

  expand(group: Tree, path: string, depth: number): Tree {
    checkPlace(depth, this.file, path);
    const known = this.done.get(path);
    if (known) return known;
    if (this.open.has(path)) {
      throw tokenError(this.file, path, '$extends: expected groups that do not extend themselves, got a cycle');
    }
    this.open.add(path);
    const extended = own(group, '$extends');
    const base = extended === undefined ? undefined : this.expandTarget(extended, path, depth);
    const entries = Object.entries(group).flatMap(([name, value]): [string, unknown][] => {
      if (name === '$extends') return [];
      const isGroup = isTree(value) && !name.startsWith('$') && !isToken(value);
      return [[name, isGroup ? this.expand(value, joinPath(path, name), depth + 1) : value]];
    });
    const local = fromEntries(entries);
    const result = base ? this.merge(base, local, path) : local;
    this.open.delete(path);
    this.done.set(path, result);
    return result;
  }

  private expandTarget(extended: unknown, path: string, depth: number): Tree {
    const target = this.targetPath(extended, path);
    if (path === target || path.startsWith(`${target}.`)) {
      throw tokenError(
        this.file,
        path,
        `$extends: expected another group, got {${target}}, which holds this one: a cycle`,
      );
    }
    let node: Tree = this.root;
    for (const name of target.split('.')) {
      const next = own(node, name);
      if (!isTree(next) || isToken(next)) {
        throw tokenError(
          this.file,
          path,
          `$extends: expected a group, got {${target}}${suggestion(target, listGroups(this.root, '', 0))}`,
          'UNKNOWN_TOKEN',
        );
      }
      node = next;
    }
    return this.expand(node, target, depth + 1);
  }

  private targetPath(extended: unknown, path: string): string {
    if (isTree(extended)) return pathOfPointer(own(extended, '$ref'), this.file, path);
    if (typeof extended === 'string') {
      if (extended.startsWith('#/')) return pathOfPointer(extended, this.file, path);
      const alias = /^\{([^{}]+)\}$/.exec(extended.trim())?.[1];
      if (alias !== undefined) return alias.trim();
    }
    throw tokenError(this.file, path, `$extends: expected a group such as {color.base}, got ${quote(extended)}`);
  }

  private merge(base: Tree, over: Tree, path: string): Tree {
    const merged = new Map(Object.entries(base));
    this.nodes += merged.size;
    checkCount(this.nodes, MAX_TOKENS, 'tokens in all by $extends', this.file, path);
    for (const [name, value] of Object.entries(over)) {
      const below = merged.get(name);
      const bothGroups = isTree(value) && isTree(below) && !isToken(value) && !isToken(below) && !name.startsWith('$');
      merged.set(name, bothGroups ? this.merge(below, value, joinPath(path, name)) : value);
    }
    return fromEntries([...merged]);
  }
}

export function isToken(tree: Tree): boolean {
  return Object.hasOwn(tree, '$value') || Object.hasOwn(tree, '$ref');
}

/** Object.fromEntries defines own properties, `__proto__` included: no prototype is touched. */
function fromEntries(entries: [string, unknown][]): Tree {
  return Object.fromEntries(entries);
}

function listGroups(tree: Tree, path: string, depth: number): string[] {
  if (depth > 8) return [];
  return Object.entries(tree).flatMap(([name, value]) =>
    name.startsWith('$') || !isTree(value) || isToken(value)
      ? []
      : [joinPath(path, name), ...listGroups(value, joinPath(path, name), depth + 1)],
  );
}
