import { ColorshineError, checkPlan, type ErrorCode } from '../../core/index.js';
import { checkChoice, checkInteger, checkList, checkNumber, checkObject, checkText } from '../../core/options.js';
import { OUTPUT_FORMATS } from '../image/formats.js';
import { HASH, isPlanOf, type RecolorJob } from './job.js';
import type { JobReport } from './run-job.js';

/** What a cache keeps of a report: all of it is the same on every machine. */
export type RecordedReport = Omit<JobReport, 'ms'>;

/** Bytes of a file. */
export const FILE_SIZE_RANGE = { min: 1, max: 2 ** 40 } as const;
/** Pixels a side of a picture: what PNG can say, more than any other format. */
export const SIDE_RANGE = { min: 1, max: 2 ** 31 - 1 } as const;
export const PAGES_RANGE = { min: 1, max: 2 ** 31 - 1 } as const;
const MS_RANGE = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;
const NOTICES_RANGE = { min: 0, max: 256 } as const;
const MAX_NOTICE_LENGTH = 4096;

type Check = (value: unknown, name: string, code: ErrorCode) => unknown;

/** A check for each of a report's parts: a new part without one does not compile. */
const CHECKS: { readonly [K in keyof RecordedReport]-?: Check } = {
  inputHash: checkHash,
  hash: checkHash,
  byteLength: (value, name, code) => checkInteger(value, name, FILE_SIZE_RANGE, code),
  format: (value, name, code) => checkChoice(value, name, OUTPUT_FORMATS, code),
  width: (value, name, code) => checkInteger(value, name, SIDE_RANGE, code),
  height: (value, name, code) => checkInteger(value, name, SIDE_RANGE, code),
  pages: (value, name, code) => checkInteger(value, name, PAGES_RANGE, code),
  plan: checkPlan,
  notices: (value, name, code) =>
    checkList(value, name, NOTICES_RANGE, code).map((notice) => {
      const text = checkText(notice, name, /^/, 'sentences', code);
      if (text.length <= MAX_NOTICE_LENGTH) return text;
      throw new ColorshineError(code, `${name}: expected sentences, got one of ${text.length} characters`);
    }),
};
const KEYS = Object.keys(CHECKS) as (keyof RecordedReport)[];

/** SHA-256 as 64 hex digits. @throws the code */
export function checkHash(value: unknown, name: string, code: ErrorCode): string {
  return checkText(value, name, HASH, '64 hex digits', code);
}

/**
 * Checks the report of a job that was made elsewhere or long ago, part by part and against its job. Whether the output has
 * the hash is for the caller to see.
 *
 * @param name how the error calls it
 * @throws the code, INVALID_PLAN and the codes of a plan's parts
 */
export function checkRecordedReport(value: unknown, job: RecolorJob, name: string, code: ErrorCode): RecordedReport {
  const given = checkObject(value, name, KEYS, code);
  const parts = KEYS.map((key) => [key, CHECKS[key](given[key], `${name}: ${key}`, code)]);
  const report = Object.fromEntries(parts) as RecordedReport;
  if (job.format !== undefined) checkChoice(report.format, `${name}: format`, [job.format], code);
  if (isPlanOf(report.plan, job.recipe)) return report;
  throw new ColorshineError(code, `${name}: plan: expected one of the job's recipe, got another`);
}

/** Likewise for a report as it comes, with the time that it took. */
export function checkReport(value: unknown, job: RecolorJob, name: string, code: ErrorCode): JobReport {
  const { ms, ...rest } = checkObject(value, name, [...KEYS, 'ms'], code);
  const report = checkRecordedReport(rest, job, name, code);
  return { ...report, ms: checkNumber(ms, `${name}: ms`, MS_RANGE, code) };
}
