/**
 * Package entry `colorshine/node`: sharp in, sharp out.
 * @module colorshine/node
 */
export type { TimingBudget } from '../backends/timing.js';
export * from '../core/index.js';
export * from '../tokens/index.js';
export { type AnalyzeOptions, analyze } from './analyze.js';
export {
  type ApplyLutOptions,
  applyLutFile,
  type PreparedLut,
  type PrepareLutOptions,
  prepareLut,
} from './apply-lut.js';
export * from './build/index.js';
export { type CandidateReport, createEngine, type Engine, type EngineOptions, type Selection } from './engine.js';
export type { HierarchicalOptions, HierarchicalReport } from './hierarchical/options.js';
export type { OutputFormat } from './image/format-names.js';
export type { FailOn, ProfileChoice, ReadingOptions } from './image/reading-options.js';
export { createLutCache, type LutCache, type LutCacheEntry, type LutCacheOptions } from './lut-cache.js';
export { type OpenedLut, readLutFile, type WriteLutOptions, writeLutFile } from './lut-file.js';
export { type SuggestPaletteOptions, suggestPalette } from './palette.js';
export type { Stage } from './pipeline/stage.js';
export { loadRecipe } from './recipe-file.js';
export { type RecolorBufferOptions, recolorBuffer } from './recolor-buffer.js';
export { type RecolorFileOptions, recolorFile } from './recolor-file.js';
export type { NodeRecolorOptions, RecipeLike } from './recolor-options.js';
export { recolor } from './recolor-sharp.js';
export { recolorStream } from './recolor-stream.js';
export type { Report, SpoolReport, StageTimings } from './report.js';
export type { SpoolOptions } from './spool/options.js';
export { loadTokens } from './token-files.js';
