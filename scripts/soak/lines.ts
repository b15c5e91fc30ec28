import { APPLIES_LINE } from './applies.js';
import { BROKEN_LINES } from './broken-files.js';
import { BROKEN_WINDOW_LINE } from './broken-window.js';
import { BUNDLERS_LINE } from './bundlers.js';
import { EXACTNESS_LINE } from './exactness.js';
import { FULL_DISK_LINE } from './full-disk.js';
import { KILL_LINES } from './kills.js';
import { LIMITS_LINE } from './limits.js';
import type { Line } from './line.js';
import { MEMORY_LINE } from './memory.js';
import { MOOD_LINES } from './moods.js';
import { QUEUE_KILLS_LINE } from './queue-kills.js';
import { REDIS_LINE } from './redis-trouble.js';
import { SIGNAL_LINE } from './signals.js';
import { WATCH_LINE } from './watch.js';

/** What is tried, in this order. */
export const LINES: readonly Line[] = [
  ...KILL_LINES,
  QUEUE_KILLS_LINE,
  REDIS_LINE,
  BUNDLERS_LINE,
  SIGNAL_LINE,
  FULL_DISK_LINE,
  LIMITS_LINE,
  ...MOOD_LINES,
  WATCH_LINE,
  ...BROKEN_LINES,
  BROKEN_WINDOW_LINE,
  APPLIES_LINE,
  MEMORY_LINE,
  EXACTNESS_LINE,
];
