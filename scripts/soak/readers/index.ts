import { BUILD_READERS } from './builds.js';
import { LOOK_READERS } from './looks.js';
import type { Reader } from './reader.js';
import { WINDOW_READERS } from './window.js';

export const READERS: readonly Reader[] = [...LOOK_READERS, ...BUILD_READERS, ...WINDOW_READERS];
