import type { SkipReason } from './messages.js';
import type { ApplyReport } from './replies.js';

const REASONS: Readonly<Record<SkipReason, string>> = {
  gif: 'animated GIF',
  video: 'video',
  'missing-image': 'image missing',
  'layer-unreadable': 'Figma could not read the layer',
  unreadable: 'image could not be loaded',
  'too-large': 'above 4096 px',
  'too-small': 'image too small',
  unsupported: 'unknown image format',
  style: 'belongs to a style',
  'remote-style': 'style from a library',
  removed: 'deleted meanwhile',
  changed: 'changed meanwhile',
  refused: 'Figma refused the change',
  'missing-font': 'font missing',
  failed: 'recoloring failed',
};

/** A skip reason in a few words, lower case. */
export function describeReason(reason: SkipReason): string {
  return REASONS[reason];
}

/** One line of at most 100 characters, the most that Figma shows: "Recolored 3 layers, skipped 2: video". */
export function describeReport(report: ApplyReport, verb = 'Recolored'): string {
  const parts: string[] = [];
  if (report.layers > 0) parts.push(plural(report.layers, 'layer'));
  if (report.styles > 0) parts.push(plural(report.styles, 'style'));
  const bound = report.bound ? `, ${plural(report.bound, 'variable')} bound` : '';
  const done = parts.length > 0 ? `${verb} ${parts.join(' and ')}${bound}` : 'Nothing changed';
  const reasons = [...new Set(report.skipped.map(({ reason }) => describeReason(reason)))];
  const all = reasons.length > 0 ? `${done}, skipped ${report.skipped.length}: ${reasons.join(', ')}` : done;
  return all.length > 100 ? `${all.slice(0, 99)}…` : all;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
