import type { CandidateReport } from '../../backends/select.js';
import type { WayEstimate } from '../../core/index.js';
import type { Report } from '../report.js';
import { seconds } from './print.js';

/** What the command line adds to an image's report. */
export interface ExplainContext {
  /** Images of the batch. */
  readonly images: number;
  /** Where the radii come from, if not from each image. */
  readonly sharedPlan?: string | undefined;
  readonly gpuAsked: boolean;
  readonly approximate: boolean;
}

/** Why an image was recolored the way it was, with the numbers behind it: what `--explain` prints. */
export function explainLines(report: Report, context: ExplainContext): string[] {
  const { width, height, pages, pixels, bitDepth, distinctColors, choice, timings } = report;
  const { estimatedColors } = choice;
  const uncounted =
    estimatedColors === undefined
      ? 'colors not counted'
      : `about ${estimatedColors.toLocaleString('en-US')} distinct colors or more, by a sample`;
  const colors =
    distinctColors === undefined
      ? uncounted
      : `${distinctColors.toLocaleString('en-US')} distinct colors (${shareText(distinctColors / pixels)} of the pixels)`;
  const rows: [string, string][] = [
    ['Size', `${width} x ${height}${pages > 1 ? ` x ${pages} frames` : ''}, ${bitDepth} bits, ${colors}`],
    ['Batch', batchText(context)],
    ...report.backends.map((candidate, i): [string, string] => [
      i === 0 ? 'Backends' : '',
      backendText(candidate, report),
    ]),
    ...(context.gpuAsked || report.backends.some(({ name }) => name === 'webgpu')
      ? []
      : ([['', '  gpu: not asked for (--gpu lets it compete; starting one costs more than most images)']] as [
          string,
          string,
        ][])),
    ...choice.ways.map((way, i): [string, string] => [i === 0 ? 'Strategies' : '', wayText(way, report)]),
    ['Chosen', `${report.backend}, ${report.strategy}: ${report.strategyReason}`],
    ['Took', tookText(report)],
    [
      'Around it',
      `decoding ${seconds(timings.decode)}, encoding ${seconds(timings.encode)}, total ${seconds(timings.total)}`,
    ],
  ];
  return [`Why ${report.input} was recolored this way`, ...rows.map(([name, text]) => `  ${name.padEnd(11)}${text}`)];
}

function batchText({ images, sharedPlan, approximate }: ExplainContext): string {
  const count = images === 1 ? '1 image' : `${images} images, which share a backend and its table`;
  const settings = sharedPlan ? `the same radii for all: ${sharedPlan}` : 'radii measured on each image';
  const tables = approximate ? 'lookup tables allowed' : 'exact (--approximate would allow a lookup table)';
  return `${count}; ${settings}; ${tables}`;
}

function backendText({ name, colorsPerSecond, why }: CandidateReport, report: Report): string {
  const mark = name === report.backend ? '* ' : '  ';
  const speed = colorsPerSecond ? `${(colorsPerSecond / 1e6).toFixed(1)} million colors a second here; ` : '';
  return `${mark}${name}: ${speed}${why}`;
}

function wayText({ strategy, milliseconds, exact, excluded }: WayEstimate, report: Report): string {
  const mark = strategy === report.strategy ? '* ' : '  ';
  const cost =
    milliseconds === undefined
      ? ''
      : `about ${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms expected, `;
  const isTaken = strategy === report.strategy;
  const note = excluded === undefined || isTaken ? '' : `; not considered: ${excluded}`;
  return `${mark}${strategy}: ${cost}${exact ? 'exact' : 'approximate'}${note}`;
}

function tookText({ timings }: Report): string {
  const { census, radii, pull, repaint } = timings;
  const stages = { census, radii, pull, repaint };
  const parts = Object.entries(stages).flatMap(([name, ms]) => (ms > 0 ? [`${name} ${ms.toFixed(1)}`] : []));
  return `${(census + radii + pull + repaint).toFixed(1)} ms (${parts.join(', ')})`;
}

function shareText(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
