/** Evaluated anew for each test file, also where files share a process: a hook in a module that they share is the first file's alone. */
import { afterEach } from 'vitest';
import './equal-bytes.js'; // once in a process
import { removeTempFolders } from './temp-folder.js';

afterEach(removeTempFolders);
