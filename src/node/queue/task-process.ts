/**
 * Entry of a task process: does one task after the other for the worker that started it. A process of its own, since a picture
 * that runs too long or out of memory can be stopped in no other way, and the worker stays free to renew its claims.
 */

import sharp from 'sharp';
import { messageOf } from '../../core/errors.js';
import { ColorshineError } from '../../core/index.js';
import { createBuildEngine } from '../build/engine.js';
import { allowOwnLoaders } from '../image/loaders.js';
import { runTask } from './run-task.js';
import type { Task } from './task.js';
import type { FromProcess, ToProcess } from './task-messages.js';

const [root = '', threadText = '1'] = process.argv.slice(2);
const threads = Number(threadText);
sharp.concurrency(threads);
sharp.cache(false); // every picture is read once
allowOwnLoaders();
const engine = createBuildEngine({ threads });

const questions = new Map<number, (answer: boolean) => void>();
let asked = 0;

// Ctrl+C reaches the whole process group; the worker decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The worker is gone. Its job will be taken over; the exit hook removes temp files.
process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToProcess) => {
  if (message.type === 'task') void handle(message.task);
  else {
    questions.get(message.id)?.(message.answer);
    questions.delete(message.id);
  }
});

async function handle(task: Task): Promise<void> {
  try {
    const result = await runTask(task, {
      root,
      engine,
      onStage: (stage) => say({ type: 'stage', stage }),
      mayWrite: (outputs) =>
        new Promise((answer) => {
          const id = ++asked;
          questions.set(id, answer);
          say({ type: 'may-write', id, outputs });
        }),
    });
    say({ type: 'done', result });
  } catch (error) {
    const message = messageOf(error);
    say({ type: 'failed', message, ...(error instanceof ColorshineError && { code: error.code }) });
  }
}

function say(message: FromProcess): void {
  if (process.connected) process.send?.(message);
}
