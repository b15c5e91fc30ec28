/** Text: paints by range, fonts that must be loaded before a range is written. */
import type { SegmentSpec } from '../scene.js';
import { type Context, defineMethod, defineProperty, freshPaints, refuseOverride } from './define.js';
import { checkPaints } from './paints.js';
import { clonePlain, deepFreeze } from './plain-data.js';
import { assertWritable, type NodeState, patchProps } from './world.js';

type Segment = SegmentSpec;

const SEGMENT_FIELDS = ['fills', 'fillStyleId', 'fontName'];

export function fontKey(font: { readonly family: string; readonly style: string }): string {
  return `${font.family} ${font.style}`;
}

export function addTextMembers(context: Context, prototype: object): void {
  const { world } = context;
  const segmentsOf = ({ props }: NodeState): readonly Segment[] =>
    (props.segments as Segment[]).map((segment) => {
      const style = world.states.get(segment.fillStyleId ?? '');
      return style ? { ...segment, fills: style.props.paints as Segment['fills'] } : segment;
    });

  defineProperty(context, prototype, 'characters', ({ props }) => props.characters);
  defineProperty(
    context,
    prototype,
    'fills',
    (state) => {
      const [first, ...rest] = segmentsOf(state).map(({ fills }) => fills);
      return rest.every((fills) => isSame(fills, first)) ? freshPaints(first ?? []) : context.mixed;
    },
    (state, value) => {
      const fills = checkPaints(value, 'set_fills', context.check, false, state.id);
      const segments = segmentsOf(state).map((segment) => ({ ...segment, fills, fillStyleId: '' }));
      patchProps(world, state.id, { segments: deepFreeze(segments) });
    },
  );
  defineProperty(
    context,
    prototype,
    'fillStyleId',
    (state) => {
      const [first, ...rest] = segmentsOf(state).map(({ fillStyleId = '' }) => fillStyleId);
      return rest.every((id) => id === first) ? (first ?? '') : context.mixed;
    },
    () => {
      throw new Error(
        'in set_fillStyleId: Cannot call with documentAccess: dynamic-page. Use setFillStyleIdAsync instead',
      );
    },
  );

  defineMethod(context, prototype, 'getStyledTextSegments', (state, [fields]) => {
    const wanted = fields as string[];
    for (const field of wanted) {
      if (!SEGMENT_FIELDS.includes(field)) throw new Error(`in getStyledTextSegments: no field ${field} here`);
    }
    return mergeSegments(segmentsOf(state), wanted).map(({ start, end, ...rest }) => ({
      start,
      end,
      characters: (state.props.characters as string).slice(start, end),
      ...clonePlain(Object.fromEntries(wanted.map((field) => [field, readField(rest, field)])), 'segment'),
    }));
  });

  defineMethod(context, prototype, 'getRangeAllFontNames', (state, [start, end]) => {
    const [from, to] = checkRange(state, start, end, 'getRangeAllFontNames');
    const fonts = segmentsOf(state).filter((segment) => segment.start < to && segment.end > from);
    return [...new Map(fonts.map(({ fontName }) => [fontKey(fontName), { ...fontName }])).values()];
  });

  defineMethod(context, prototype, 'setRangeFills', ({ id }, [start, end, value]) => {
    const state = assertWritable(world, id, 'setRangeFills');
    refuseOverride(state, 'fills');
    const [from, to] = checkRange(state, start, end, 'setRangeFills');
    const fills = checkPaints(value, 'setRangeFills', context.check, false, id);
    const segments = segmentsOf(state).flatMap((segment) => {
      if (segment.start >= to || segment.end <= from) return [segment];
      if (!context.loadedFonts.has(fontKey(segment.fontName))) {
        throw new Error(`in setRangeFills: Cannot write to node with unloaded font "${fontKey(segment.fontName)}"`);
      }
      const parts: Segment[] = [];
      if (segment.start < from) parts.push({ ...segment, end: from });
      const inside = { start: Math.max(from, segment.start), end: Math.min(to, segment.end) };
      parts.push({ ...segment, ...inside, fills: fills as Segment['fills'], fillStyleId: '' });
      if (segment.end > to) parts.push({ ...segment, start: to });
      return parts;
    });
    patchProps(world, id, { segments: deepFreeze(segments) });
  });
}

function readField(segment: Omit<Segment, 'start' | 'end'>, field: string): unknown {
  if (field === 'fillStyleId') return segment.fillStyleId ?? '';
  return segment[field as 'fills' | 'fontName'];
}

/** Neighbors that agree in the wanted fields are one. */
function mergeSegments(segments: readonly Segment[], fields: readonly string[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged[merged.length - 1];
    const joins = last && fields.every((field) => isSame(readField(last, field), readField(segment, field)));
    if (joins) merged[merged.length - 1] = { ...last, end: segment.end };
    else merged.push(segment);
  }
  return merged;
}

function checkRange({ props }: NodeState, start: unknown, end: unknown, api: string): [number, number] {
  const { length } = props.characters as string;
  const isFine =
    Number.isInteger(start) && Number.isInteger(end) && 0 <= (start as number) && (end as number) <= length;
  if (isFine && (start as number) < (end as number)) return [start as number, end as number];
  throw new RangeError(`in ${api}: Range outside of available characters`);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
