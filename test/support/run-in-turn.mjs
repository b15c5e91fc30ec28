/**
 * Runs commands of the command line and scripts one after the other in one process, which loads sharp and the kernels once. A shell runs what
 * is neither. `node run-in-turn.mjs CLI STEPS.json RESULTS.json`; a step is `{ folder, command }` or `{ folder, script }`, a result
 * `{ code, text }`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [cli, stepsFile, resultsFile] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const steps = JSON.parse(readFileSync(stepsFile, 'utf8'));
const results = [];
let text = '';
let end = () => {};
process.setMaxListeners(0);
for (const stream of [process.stdout, process.stderr]) {
  stream.setMaxListeners(0);
  stream.write = (chunk, encoding, done) => {
    text += chunk;
    (typeof encoding === 'function' ? encoding : done)?.();
    return true;
  };
}
// A command is over when nothing is left to be done; it sets the exit code and does not leave the process.
// Node would end here if nothing new were to come.
process.on('beforeExit', () => setImmediate(end));
const drained = () => new Promise((done) => (end = done));

// No await at the top level: Node ends a process that waits there with nothing to do.
runAll().then(() => {
  process.removeAllListeners('beforeExit');
  process.exitCode = 0;
});

async function runAll() {
  for (const { folder, command, script } of steps) {
    text = '';
    process.exitCode = 0;
    process.chdir(folder);
    let code = 0;
    try {
      if (script) await import(pathToFileURL(`${folder}/${script}`).href);
      else {
        const words = wordsOf(command);
        if (words) {
          process.argv = [process.execPath, cli, ...words];
          delete require.cache[cli];
          require(cli);
          await drained();
          code = process.exitCode;
        } else {
          // What npx would run: the bin is in the path. npx itself would look for a project, and ask the registry where it finds none.
          const line = command.replaceAll(/\bnpx (?=(?:img)?colorshine )/g, '');
          const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', line], { encoding: 'utf8' });
          [code, text] = [status, stdout + stderr];
        }
      }
    } catch (error) {
      [code, text] = [1, `${text}${error.stack}`];
    }
    results.push({ code, text });
    writeFileSync(resultsFile, JSON.stringify(results));
  }
}

/** Arguments of a plain call of the command line; undefined for what only a shell understands. */
function wordsOf(line) {
  const match = /^(?:npx )?(?:colorshine|imgcolorshine) (.*)$/.exec(line);
  if (!match || /[|><$&`\\]/.test(match[1].replaceAll(/"[^"$`\\]*"/g, '').replace(/ # .*$/, ''))) return undefined;
  return [...match[1].replace(/ # [^"]*$/, '').matchAll(/(?:"[^"]*"|[^\s"]+)+/g)].map(([word]) =>
    word.replaceAll('"', ''),
  );
}
