/**
 * READ FIRST in this folder: what runs in Figma's sandbox. It reads and writes the document and nothing else; pixels
 * are computed in the window's iframe, visible or hidden, over src/protocol.
 *
 * No timers, no DOM, no network. At the top only listeners are registered: in query mode of the quick actions Figma
 * runs this file too, and then nothing may be written or shown.
 */
import { runCommand } from './run-command.js';
import { suggestParameters } from './suggest-parameters.js';

figma.parameters.on('input', (event) => {
  void suggestParameters(event);
});
figma.on('run', (event) => {
  void runCommand(event.command, 'parameters' in event ? event.parameters : undefined);
});
