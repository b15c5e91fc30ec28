import type { Plan, Recipe } from '../../core/index.js';
import type { Reading } from '../image/reading-options.js';
import type { Stage } from '../pipeline/stage.js';
import type { RecolorJob } from './job.js';
import type { JobReport } from './run-job.js';

/** How one output ended that was made elsewhere. A report says that it is written. */
export type RemoteOutcome =
  | { readonly job: RecolorJob; readonly report: JobReport; readonly error?: undefined }
  | { readonly job: RecolorJob; readonly report?: undefined; readonly error: unknown };

/** Who works in place of this process. The bytes and the plans are the same. */
export interface Remote {
  /**
   * Makes and writes all outputs of one input. May be called for every input at once.
   *
   * @param root absolute; what the jobs' paths start from
   * @param jobs at least one
   * @throws CANCELED; any other failure is in the outcomes
   */
  make(
    root: string,
    jobs: readonly RecolorJob[],
    inputHash: string,
    onStage: (stage: Stage) => void,
  ): Promise<readonly RemoteOutcome[]>;
  /** Freezes recipes' radii on all inputs together. @returns beside `recipes`. @throws what reading an input throws */
  measure(pool: RemotePool): Promise<readonly Plan[]>;
  /** Takes back what is not begun: what is waited for ends with CANCELED. */
  cancel(): Promise<void>;
}

export interface RemotePool {
  readonly root: string;
  readonly inputs: readonly { readonly path: string; readonly hash: string }[];
  readonly recipes: readonly Recipe[];
  readonly reading?: Reading | undefined;
  /** Called as an input is counted. */
  readonly onInput?: (input: string) => void;
}
