/** A process that does what it is told with files that may be broken, and says how each ended. Its death is a finding. */
import { readFile } from 'node:fs/promises';
import { loadTokens, makeRecipe, readLutFile, recolorBuffer, recolorFile } from '../../dist/node.js';

const WORK = {
  picture: (path) => recolorFile(path, `${path}.png`, ['teal;40;90', 'navy -> red;auto;100']),
  buffer: async (path) => recolorBuffer(await readFile(path), ['teal;40;90']),
  recipe: async (path) => makeRecipe(parseJson(await readFile(path, 'utf8'))),
  tokens: (path) => loadTokens([path]),
  cube: (path) => readLutFile(path),
};

/** What is no JSON is a matter of who reads the file; the recipe is then empty. */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

process.on('message', async ({ kind, path }) => {
  let answer = { ok: true };
  try {
    await WORK[kind](path);
  } catch (error) {
    answer = { ok: false, code: error.code, line: String(error.message), isOurs: error.name === 'ColorshineError' };
  }
  process.send({ ...answer, rss: process.memoryUsage.rss() });
});
process.send({ ready: true });
