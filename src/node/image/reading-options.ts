/** How an image file is read: one table, for calls, the command line, builds, bundler plugins and the queue. */
import { type Checks, flag, oneOf, text, whole } from '../../core/check-options.js';
import { MAX_PIXELS_RANGE } from './large-pixels.js';

/** Color spaces that an image can be recolored and written in; `keep`: written in its own. */
export const PROFILES = ['srgb', 'p3', 'keep'] as const;
export type ProfileChoice = (typeof PROFILES)[number];

/** What is refused, as sharp names it; each includes those before it. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Plain JSON, which the jobs of a build carry. */
export interface Reading {
  /** Refuses larger images, counted over all pages. Default 100 million. */
  readonly maxPixels?: number | undefined;
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

export interface ReadingOptions extends Reading {
  /** How errors call what raises `maxPixels`. Default `maxPixels`. */
  readonly limitName?: string | undefined;
}

export const READING_CHECKS: Checks<Reading> = {
  maxPixels: whole(MAX_PIXELS_RANGE),
  failOn: oneOf(FAIL_ON),
  profile: oneOf(PROFILES),
  strip: flag,
};
export const READING_OPTION_CHECKS: Checks<ReadingOptions> = { ...READING_CHECKS, limitName: text };
export const READING_KEYS = ['maxPixels', 'failOn', 'profile', 'strip'] as const satisfies readonly (keyof Reading)[];

/**
 * What an object says of reading, checked; what is off is as though it were not said.
 *
 * @param place put before a name, such as `job: `
 * @throws INVALID_OPTION
 */
export function readingOf(given: { readonly [K in keyof Reading]?: unknown }, place = ''): Reading {
  const said = READING_KEYS.flatMap((key) => {
    const value = given[key];
    if (value === undefined) return [];
    READING_CHECKS[key](value, `${place}${key}`);
    return value === false ? [] : [[key, value]];
  });
  return Object.fromEntries(said) as Reading;
}

/** The part of it that decides about pixels and bytes, for keys; undefined for what is read as by default. */
export function lookOfReading({ failOn, profile, strip }: Reading): readonly unknown[] | undefined {
  return failOn || profile || strip ? [failOn ?? null, profile ?? null, strip ?? false] : undefined;
}
