import { type Checks, checkOptions, flag, oneOf } from '../../core/check-options.js';
import { type ImageLimits, LIMIT_CHECKS } from './large-pixels.js';

/** Color spaces that an image can be recolored and written in; `keep`: written in its own. */
export const PROFILES = ['srgb', 'p3', 'keep'] as const;
export type ProfileChoice = (typeof PROFILES)[number];

/** What is refused, as sharp names it; each includes those before it. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** How a file is read: the same for every face. */
export interface ReadingOptions extends ImageLimits {
  /**
   * Which flaws of a file refuse it. Default: what is truncated or damaged; what every browser shows is recolored, and the
   * report says what was odd.
   */
  readonly failOn?: FailOn | undefined;
  /**
   * The color space to recolor and write in. Default: the file's own when it is sRGB or Display P3, Display P3 for wider ones
   * (Adobe RGB, ProPhoto, Rec. 2020), else sRGB. `keep`: recolored as by default, and written back in the file's own profile;
   * colors outside of Display P3 are cut off on the way.
   */
  readonly profile?: ProfileChoice | undefined;
  /** Leaves all metadata out, for the web: colors stay right, and a turned picture is turned upright. Default false. */
  readonly strip?: boolean | undefined;
}

const OWN_CHECKS: Checks<Omit<ReadingOptions, keyof ImageLimits>> = {
  failOn: oneOf(FAIL_ON),
  profile: oneOf(PROFILES),
  strip: flag,
};
export const READING_CHECKS: Checks<ReadingOptions> = { ...LIMIT_CHECKS, ...OWN_CHECKS };

/** @throws INVALID_OPTION */
export function checkReading({ failOn, profile, strip }: ReadingOptions): void {
  checkOptions({ failOn, profile, strip }, OWN_CHECKS);
}
