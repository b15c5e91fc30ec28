/** Entry of the plugin's window. */
import { createFigmaHost } from './figma-host.js';
import { openWindow } from './open-window.js';

void openWindow(createFigmaHost());
