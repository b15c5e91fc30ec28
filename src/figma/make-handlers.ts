import type { SessionStart } from '../protocol/replies.js';
import type { Handlers } from '../protocol/rpc.js';
import { closePlugin } from './close-plugin.js';
import { fetchImage } from './fetch-image.js';
import { beginJob, cancelJob, commitJob, paintColors, putImage, skipImage } from './job.js';
import { importVariables, listLibraries, listLibrary } from './libraries.js';
import { listColors } from './list-colors.js';
import { listLayerColors } from './list-layer-colors.js';
import { listSelection } from './list-selection.js';
import { restoreOriginals } from './restore-originals.js';
import { clampSize, readStored, writeStored, writeWindowSize } from './store.js';

/**
 * One handler a request.
 *
 * @param start the answer to `session.start`
 * @param stop ends the serving; called before the plugin closes, since nothing may be posted afterwards
 */
export function makeHandlers(start: SessionStart, stop: () => void): Handlers {
  return {
    'session.start': () => start,
    'selection.get': listSelection,
    'image.bytes': ({ hash }) => fetchImage(hash),
    'job.begin': beginJob,
    'job.put': putImage,
    'job.paint': paintColors,
    'job.skip': skipImage,
    'job.commit': commitJob,
    'job.cancel': ({ jobId }) => cancelJob(jobId),
    restore: restoreOriginals,
    'layers.census': listLayerColors,
    'colors.list': () => listColors(),
    'libraries.list': listLibraries,
    'library.list': listLibrary,
    'library.import': importVariables,
    'storage.get': async ({ key }) => ({ value: await readStored(key) }),
    'storage.set': async ({ key, value }) => {
      await writeStored(key, value);
      return {};
    },
    'window.resize': async (asked) => {
      const size = clampSize(asked);
      figma.ui.resize(size.width, size.height);
      await writeWindowSize(size);
      return {};
    },
    'window.close': ({ message, error }) => {
      stop();
      closePlugin(message, error);
      return {};
    },
    undo: () => {
      figma.triggerUndo();
      return {};
    },
    'undo.settle': () => {
      figma.commitUndo();
      return {};
    },
  };
}
