/**
 * `node summary.mjs < build.jsonl`, for action.yml: what `colorshine build --json`, with `--check` or without, has said, as Markdown.
 * Names of files, colors and messages come from outside: each becomes a code span, in which nothing means anything.
 */
import { readFileSync } from 'node:fs';

/** GitHub takes 1 MiB a step. */
const MAX_BYTES = 900_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the row
const BREAKS_OUT = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069`|]/g;

const code = (text) => `\`${String(text).replace(BREAKS_OUT, escapeUnit) || ' '}\``;
const escapeUnit = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const size = (bytes) =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

function row({ color, from, keep, reach, tolerance, strength }) {
  const colors = keep ? `keep ${color}` : from === undefined ? color : `${from} -> ${color}`;
  const distance = reach === undefined ? tolerance : reach === 'auto' ? reach : `~${reach}`;
  return code(`${colors};${distance};${strength}`);
}

function picture(report) {
  if (!report) return '–';
  const { width, height, bytes, plan } = report;
  return [`${Number(width)} × ${Number(height)}`, size(Number(bytes)), ...plan.rows.map(row)].join(', ');
}

/** Rows as long as there is room, then how many are left out. */
function table(head, rows) {
  if (rows.length === 0) return '';
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  let room = MAX_BYTES;
  const fit = lines.findIndex((line) => (room -= Buffer.byteLength(line)) < 0);
  if (fit < 0) return `\n${lines.join('')}`;
  return `\n${lines.slice(0, fit).join('')}\n… and ${lines.length - fit} more.\n`;
}

function counts(parts) {
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return said.length > 0 ? `${said.join(', ')}.` : 'Nothing to make.';
}

function ofCheck(lines, { outputs }) {
  const findings = lines.filter(({ path }) => path !== undefined);
  if (findings.length === 0) return `${counts([[outputs, 'as the configuration says']])}\n`;
  const count = (problem) => findings.filter(({ status }) => status === problem).length;
  const parts = ['missing', 'stale', 'foreign'].map((problem) => [count(problem), problem]);
  const rows = findings.map(({ path, status, reason }) => [path, status, reason].map(code));
  return `${counts(parts)}\n${table(['File', 'Is', 'Because'], rows)}`;
}

function ofBuild(lines, { fresh, left, pruned }) {
  const made = lines.filter(({ status }) => status === 'made');
  const failed = lines.filter(({ status, output }) => status === 'failed' && output !== undefined);
  const same = made.filter(({ hash, before }) => before?.hash === hash);
  const changed = made.filter((line) => line.before && !same.includes(line));
  const added = made.filter(({ before }) => !before);
  const parts = [
    [changed.length, 'changed'],
    [added.length, 'new'],
    [same.length, 'made again with the same bytes'],
    [fresh, 'up to date'],
    [failed.length, 'failed'],
    [left, 'not reached'],
    [pruned, 'no longer made and deleted'],
  ];
  const rows = [...changed, ...added].map((line) => [
    ...[code(line.output), code(line.reason)],
    ...[picture(line.before), picture(line)],
  ]);
  const errors = failed.map(({ output, message }) => [code(output), code(message)]);
  return `${counts(parts)}\n${table(['Failed', 'Because'], errors)}${table(['Output', 'Because', 'Before', 'After'], rows)}`;
}

const lines = readFileSync(0, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
lines.sort((a, b) => (a.output < b.output ? -1 : 1)); // they come as they end
const { summary } = lines.findLast((line) => line.summary) ?? {};
const said = summary
  ? (summary.missing === undefined ? ofBuild : ofCheck)(lines, summary)
  : 'It did not run: the log says why.\n';
process.stdout.write(`### Colorshine\n\n${said}\n`);
