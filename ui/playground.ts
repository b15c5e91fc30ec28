/** Entry of the playground page. */
import { createFileHost } from './file-host.js';
import { openWindow } from './open-window.js';

void openWindow(createFileHost());
