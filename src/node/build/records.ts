/**
 * What a build remembers: for each output one small file that says from what it was made and what came out. A record is
 * written before its output; since an output counts only when its bytes have the record's hash, a killed build leaves
 * nothing that could be mistaken for done.
 *
 * File: SHA-256 of the JSON in hex, a line feed, the JSON. Anything that does not fit is no record.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/folder.js';
import { hashBytes, type RecolorJob } from './job.js';
import { mapLimited } from './map-limited.js';
import type { JobReport } from './run-job.js';

const RECORD_VERSION = 1;
const RECORD_NAME = /^[0-9a-f]{32}\.json$/;

/** What is kept of a job's report: all of it is the same on every machine. */
export type RecordedReport = Omit<JobReport, 'ms'>;

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
  /** Every record, by output path. Unreadable ones are absent. */
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
  let isReady: Promise<void> | undefined;
  const pathOf = (output: string): string => join(folder, `${hashBytes(output).slice(0, 32)}.json`);
  return {
    folder,
    async readAll() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => RECORD_NAME.test(name));
      const records = await mapLimited(names, (name) => readRecord(join(folder, name)));
      return new Map(records.flatMap((record) => (record ? [[record.job.output, record] as const] : [])));
    },
    async write(record) {
      try {
        await (isReady ??= makeFolder(folder, 0o700));
        await replaceFile(pathOf(record.job.output), formatRecord(record));
      } catch {
        isReady = undefined;
      }
    },
    async forget(output) {
      await rm(pathOf(output), { force: true }).catch(() => undefined);
    },
  };
}

/** A file of the cache in one step. No fsync: what a power cut mangles is found out by its hash. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temp = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temp, text, { mode: 0o600 });
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The text of a file with its hash in front. */
export function seal(json: string): string {
  return `${hashBytes(json)}\n${json}`;
}

/** The inverse of `seal`. @returns undefined for anything that is not whole */
export function unseal(text: string): unknown {
  const json = text.slice(65);
  if (text[64] !== '\n' || hashBytes(json) !== text.slice(0, 64)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function formatRecord(record: OutputRecord): string {
  return seal(JSON.stringify(record));
}

async function readRecord(path: string): Promise<OutputRecord | undefined> {
  const value = unseal(await readFile(path, 'utf8').catch(() => ''));
  return isRecord(value) ? value : undefined;
}

/** The hash is no signature: a file that is whole may still be someone else's. */
function isRecord(value: unknown): value is OutputRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version, key, job, config, report } = value as Partial<OutputRecord>;
  if (version !== RECORD_VERSION || typeof key !== 'string' || typeof config !== 'string') return false;
  return typeof job?.output === 'string' && typeof job.recipe === 'object' && typeof report?.hash === 'string';
}
