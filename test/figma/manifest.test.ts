import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/protocol/messages.js';

/** Keys that Figma's manifest documentation names; anything else is a slip. */
const TOP_KEYS = [
  'name',
  'id',
  'api',
  'main',
  'ui',
  'editorType',
  'documentAccess',
  'networkAccess',
  'menu',
  'parameters',
  'parameterOnly',
  'relaunchButtons',
  'permissions',
  'capabilities',
];
const PARAMETER_KEYS = ['name', 'key', 'description', 'allowFreeform', 'optional'];

interface Parameter {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}
interface Item {
  readonly name?: string;
  readonly command?: string;
  readonly separator?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly parameterOnly?: boolean;
}
interface Button {
  readonly command: string;
  readonly name: string;
  readonly multipleSelection?: boolean;
}
const manifest = JSON.parse(readFileSync('manifest.json', 'utf8')) as Record<string, unknown> & {
  menu: readonly Item[];
  relaunchButtons: readonly Button[];
};

describe('manifest.json', () => {
  it('has what Figma requires today, and no unknown key', () => {
    expect(Object.keys(manifest).filter((key) => !TOP_KEYS.includes(key))).toEqual([]);
    expect(manifest).toMatchObject({
      api: '1.0.0',
      editorType: ['figma', 'slides', 'buzz'],
      documentAccess: 'dynamic-page',
      permissions: ['teamlibrary'],
      networkAccess: { allowedDomains: ['none'] },
      main: 'dist/figma/code.js',
      ui: 'dist/figma/ui.html',
    });
    expect(manifest.name).toBe('Colorshine');
    expect(typeof manifest.id).toBe('string');
  });

  it('lists the commands in order, each one known to the code', () => {
    const items = manifest.menu.map(({ name, separator }) => (separator ? '-' : name));
    expect(items).toEqual(['Recolor...', 'Recolor with design system...', 'Re-run last', '-', 'Restore original']);
    const commands = manifest.menu.flatMap(({ command }) => command ?? []);
    expect(new Set([...commands, ...manifest.relaunchButtons.map(({ command }) => command)])).toEqual(
      new Set(COMMANDS),
    );
  });

  it('asks for a preset and a color, optional ones last, and still opens from the menu', () => {
    const { parameters = [], parameterOnly } = manifest.menu[0] ?? {};
    expect(parameters.map(({ key }) => key)).toEqual(['preset', 'color']);
    expect(parameterOnly).toBe(false);
    const required = parameters.map(({ optional }) => optional !== true);
    expect(required.indexOf(true, Math.max(0, required.indexOf(false)))).toBe(-1);
    for (const parameter of parameters) {
      expect(Object.keys(parameter).filter((key) => !PARAMETER_KEYS.includes(key))).toEqual([]);
    }
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
  });

  it('offers Edit and Restore on many layers at once', () => {
    expect(manifest.relaunchButtons).toMatchObject([
      { command: 'edit', multipleSelection: true },
      { command: 'restore', multipleSelection: true },
    ]);
  });

  it('names relaunch commands, menu commands and editor types that the typings know', () => {
    const typings = readFileSync('node_modules/@figma/plugin-typings/plugin-api.d.ts', 'utf8');
    const editorTypes = /readonly editorType: (.*)/.exec(typings)?.[1] ?? '';
    for (const type of manifest.editorType as string[]) expect(editorTypes).toContain(`'${type}'`);
    expect(typings).toContain("readonly apiVersion: '1.0.0'");
    expect(typings).toContain('"documentAccess": "dynamic-page"');
  });
});
