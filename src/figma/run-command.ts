import { describeReport } from '../protocol/describe-report.js';
import { messageOf } from '../protocol/errors.js';
import { COMMANDS, type Command } from '../protocol/messages.js';
import type { SessionStart } from '../protocol/replies.js';
import { closePlugin } from './close-plugin.js';
import { readColorProfile } from './css-color.js';
import { openWindow } from './open-window.js';
import { restoreOriginals } from './restore-originals.js';

/** Runs a menu item, a relaunch button or a quick action. Never rejects: the last resort is a message and the end. */
export async function runCommand(
  name: string,
  parameters: Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  try {
    const command = COMMANDS.includes(name as Command) ? (name as Command) : 'recolor';
    if (command === 'restore') return await restoreAndClose();
    await openFor(command, readParameters(parameters));
  } catch (error) {
    closePlugin(messageOf(error), true);
  }
}

async function openFor(command: Command, parameters: SessionStart['parameters']): Promise<void> {
  const headless = command === 'rerun' || Object.keys(parameters).length > 0;
  if (headless && figma.currentPage.selection.length === 0) return closePlugin('Select layers with images first', true);
  await openWindow({
    command,
    headless,
    parameters,
    colorProfile: readColorProfile(),
  });
}

async function restoreAndClose(): Promise<void> {
  const report = await restoreOriginals({ includeStyles: true });
  const isNothing = report.layers + report.styles === 0 && report.skipped.length === 0;
  closePlugin(isNothing ? 'Nothing to restore in the selection' : describeReport(report, 'Restored'));
}

/** Empty parameters of a quick action count as not given. */
function readParameters(given: Readonly<Record<string, unknown>> | undefined): SessionStart['parameters'] {
  const preset = typeof given?.preset === 'string' ? given.preset.trim() : '';
  const color = typeof given?.color === 'string' ? given.color.trim() : '';
  return { ...(preset && { preset: preset.slice(0, 200) }), ...(color && { color: color.slice(0, 200) }) };
}
