/** 16 px icons, drawn with strokes in the text's color. Decorative: the button around them carries the name. */
const PATHS = {
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  eyeOff: 'M1.5 8.5C3 10.7 5.2 12 8 12s5-1.3 6.5-3.5M8 12v2M4.2 11l-1.1 1.6M11.8 11l1.1 1.6',
  grip: 'M6 4.5v.01M10 4.5v.01M6 8v.01M10 8v.01M6 11.5v.01M10 11.5v.01',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  undo: 'M3 6h6.5a3 3 0 0 1 0 6H6M3 6l2.5-2.5M3 6l2.5 2.5',
  redo: 'M13 6H6.5a3 3 0 0 0 0 6H10M13 6l-2.5-2.5M13 6l-2.5 2.5',
  more: 'M3.5 8v.01M8 8v.01M12.5 8v.01',
  check: 'M3.5 8.5l3 3 6-7',
  target: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  compare: 'M8 2v12M6 4H2.5v8H6M10 4h3.5v8H10M2.5 10.5L6 6.5',
  image: 'M2.5 3.5h11v9h-11zM3 11l3-3 2 2 2.5-3L13 10',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  upload: 'M8 11V3M5 6l3-3 3 3M3 13h10',
  lock: 'M4.5 7.5h7v5.5h-7zM5.8 7.5V5.2a2.2 2.2 0 0 1 4.4 0v2.3',
  arrow: 'M3 8h9.5M9 4.5L12.5 8 9 11.5',
  down: 'M8 3v8M5 8l3 3 3-3M3 13.5h10',
  layers: 'M8 2.5l5.5 3L8 8.5l-5.5-3zM2.5 8.5l5.5 3 5.5-3M2.5 11l5.5 3 5.5-3',
  chevron: 'M4.5 6.5L8 10l3.5-3.5',
  pencil: 'M3 13l.6-2.6 7.2-7.2 2 2-7.2 7.2z',
} as const;
export type IconName = keyof typeof PATHS;

const BOLD = new Set<IconName>(['grip', 'more']);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width={BOLD.has(name) ? 1.8 : 1.1}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
