/** Builds: a configuration becomes jobs, a job becomes bytes. Command line, bundler plugins and queue share these. */
export { parseConfig } from './config.js';
export type { BuildConfig } from './config-shape.js';
export { createBuildEngine } from './engine.js';
export { ENGINE } from './engine-id.js';
export { type BuildSources, type ExpandedConfig, expandConfig, type InputFile, type Pool } from './expand-config.js';
export { checkJob, hashBytes, jobKey, type RecolorJob } from './job.js';
export { type LoadedConfig, loadConfig } from './load-config.js';
export { type MeasurePoolsOptions, planPools } from './pools.js';
export { type JobOutcome, type JobReport, type JobResult, type RunJobOptions, runJob, runJobs } from './run-job.js';
