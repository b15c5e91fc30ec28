import type { Strategy } from '../../core/index.js';

export const BENCH_BACKENDS = ['js', 'wasm', 'gpu'] as const;
export type BenchBackend = (typeof BENCH_BACKENDS)[number];
/** Those of `shine`, and `hierarchical`: radii from a small copy, then whatever strategy fits. */
export const BENCH_STRATEGIES = ['table', 'direct', 'lut', 'hierarchical'] as const satisfies readonly (
  | Strategy
  | 'hierarchical'
)[];
export type BenchStrategy = (typeof BENCH_STRATEGIES)[number];

/** One way to recolor, measured against the others. */
export interface Configuration {
  readonly backend: BenchBackend;
  /** 1 for backends without threads of their own. */
  readonly threads: number;
  readonly strategy: BenchStrategy;
  /** Nodes on each axis; only with the strategy `lut`. */
  readonly lutSize?: number;
  /** Plan and table are there already, as for the second image of a batch with --reference. */
  readonly kept?: boolean;
  /** What makes `shine` do the same. */
  readonly flags: string;
}

export interface Choices {
  readonly backends: readonly BenchBackend[];
  readonly strategies: readonly BenchStrategy[];
  readonly lutSizes: readonly number[];
  /** Thread counts for wasm. */
  readonly threads: readonly number[];
}

/**
 * Backends x strategies. A kept table has no backend to compare: nothing is evaluated, so it stands once for each backend
 * that has a sampler of its own (wasm) or none (js), not for a GPU.
 */
export function listConfigurations({ backends, strategies, lutSizes, threads }: Choices): Configuration[] {
  const list: Configuration[] = [];
  for (const backend of backends) {
    for (const count of backend === 'wasm' ? threads : [1]) {
      const base = { backend, threads: count };
      const backendFlags = `--backend ${backend}${backend === 'wasm' ? ` --threads ${count}` : ''}`;
      for (const strategy of strategies) {
        if (strategy === 'hierarchical') {
          list.push({ ...base, strategy, flags: `${backendFlags} --hierarchical` });
          continue;
        }
        if (strategy !== 'lut') {
          list.push({ ...base, strategy, flags: `${backendFlags} --strategy ${strategy}` });
          continue;
        }
        for (const lutSize of lutSizes) {
          const flags = `${backendFlags} --lut-size ${lutSize}`;
          list.push({ ...base, strategy, lutSize, flags: `${flags} --no-cache` });
          if (backend !== 'gpu') {
            list.push({ ...base, strategy, lutSize, kept: true, flags: `${flags} --reference IMAGE` });
          }
        }
      }
    }
  }
  return list;
}

/** Whether a way may be more than 1/255 off. */
export function isApproximate({ strategy }: Pick<Configuration, 'strategy'>): boolean {
  return strategy === 'lut' || strategy === 'hierarchical';
}

/** Of a backend: `wasm, 2 threads`. */
export function backendLabel({ backend, threads }: Configuration): string {
  return backend === 'wasm' ? `wasm, ${threads} thread${threads === 1 ? '' : 's'}` : backend;
}

/** Of a strategy: `lut 65, kept`. */
export function strategyLabel({ strategy, lutSize, kept }: Configuration): string {
  return strategy === 'lut' ? `lut ${lutSize}${kept ? ', kept' : ''}` : strategy;
}
