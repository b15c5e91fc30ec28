/**
 * What a build remembers: for each output one small file that says from what it was made and what came out. A record is
 * written before its output; since an output counts only when its bytes have the record's hash, a killed build leaves
 * nothing that could be mistaken for done.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ColorshineError } from '../../core/errors.js';
import { checkObject } from '../../core/options.js';
import { readSealed, writeSealed } from '../files/sealed.js';
import { checkHash, checkRecordedReport, type RecordedReport } from './check-report.js';
import { checkJob, checkRootPath, hashBytes, type RecolorJob } from './job.js';
import { mapLimited } from './map-limited.js';
import type { JobReport } from './run-job.js';

const RECORD_VERSION = 1;
const RECORD_NAME = /^[0-9a-f]{32}\.json$/;

export interface OutputRecord {
  readonly version: typeof RECORD_VERSION;
  /** `jobKey`. */
  readonly key: string;
  /** The job that made it, to say what has changed since. */
  readonly job: RecolorJob;
  /** Path of the configuration from the root. */
  readonly config: string;
  readonly report: RecordedReport;
}

export interface RecordStore {
  readonly folder: string;
  /** Every record, by output path. Damaged ones, and those that cannot be ours, are absent: their outputs are made again. */
  readAll(): Promise<Map<string, OutputRecord>>;
  /** Failures are swallowed: without a record the output is made again. */
  write(record: OutputRecord): Promise<void>;
  forget(output: string): Promise<void>;
}

export function makeRecord(
  job: RecolorJob,
  key: string,
  config: string,
  { ms: _, ...report }: JobReport,
): OutputRecord {
  return { version: RECORD_VERSION, key, job, config, report };
}

/** @param folder made when the first record is written */
export function openRecords(folder: string): RecordStore {
  const nameOf = (output: string): string => `${hashBytes(output).slice(0, 32)}.json`;
  return {
    folder,
    async readAll() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => RECORD_NAME.test(name));
      const records = await mapLimited(names, async (name) => {
        const record = await readSealed(join(folder, name), checkRecord);
        return record && nameOf(record.job.output) === name ? record : undefined;
      });
      return new Map(records.flatMap((record) => (record ? [[record.job.output, record] as const] : [])));
    },
    async write(record) {
      await writeSealed(join(folder, nameOf(record.job.output)), record).catch(() => undefined);
    },
    async forget(output) {
      await rm(join(folder, nameOf(output)), { force: true }).catch(() => undefined);
    },
  };
}

/** @throws ColorshineError */
function checkRecord(value: unknown): OutputRecord {
  const record = checkObject(value, 'record', ['version', 'key', 'job', 'config', 'report'], 'INVALID_JOB');
  if (record.version !== RECORD_VERSION) throw new ColorshineError('INVALID_JOB', 'record: expected another version');
  const job = checkJob(record.job);
  return {
    version: RECORD_VERSION,
    key: checkHash(record.key, 'record: key', 'INVALID_JOB'),
    job,
    config: checkRootPath(record.config, 'record: config', 'INVALID_JOB'),
    report: checkRecordedReport(record.report, job, 'record: report', 'INVALID_JOB'),
  };
}
