import type { Model } from '../state/model.js';

export type TabName = 'colors' | 'looks' | 'design';

/** The window's panels, in order. Another one is a line here and a case in app.tsx. */
export const TABS: readonly { readonly name: TabName; readonly label: string; isOffered(model: Model): boolean }[] = [
  { name: 'colors', label: 'Colors', isOffered: () => true },
  { name: 'looks', label: 'Looks', isOffered: () => true },
  { name: 'design', label: 'Design system', isOffered: ({ host }) => host.kind === 'figma' },
];
