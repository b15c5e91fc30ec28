import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ColorshineError, type ErrorCode } from '../../core/errors.js';
import { sweepTempsOf } from '../files/temp.js';
import type { Stage } from '../pipeline/stage.js';
import { PASSWORD_VARIABLE } from './redis-url.js';
import type { Task, TaskResult } from './task.js';
import type { FromProcess, ToProcess } from './task-messages.js';

export interface TaskHooks {
  readonly onStage: (stage: Stage) => void;
  readonly mayWrite: (outputs: readonly string[]) => Promise<boolean>;
}

/** Processes that do tasks; one is started when none is idle. */
export interface TaskPool {
  /**
   * @throws ColorshineError of the task; JOB_FAILED when it takes longer than it may, or its process ends. Such a process is
   *   replaced for the next task.
   */
  run(task: Task, hooks: TaskHooks): Promise<TaskResult>;
  /** Ends idle processes at once and busy ones with what they do. */
  dispose(): void;
}

export interface TaskPoolOptions {
  readonly root: string;
  /** That each process may use. */
  readonly threads: number;
  /** Default: the built file beside this one. */
  readonly entry?: URL;
}

export function createTaskPool({ root, threads, entry }: TaskPoolOptions): TaskPool {
  const file = entry ?? new URL('./task-process.js', import.meta.url);
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const start = (): ChildProcess => {
    const { [PASSWORD_VARIABLE]: _, ...env } = process.env; // whoever decodes pictures need not know it
    const child = fork(file, [root, String(threads)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    all.add(child);
    child.once('exit', () => {
      all.delete(child);
      const at = idle.indexOf(child);
      if (at >= 0) idle.splice(at, 1);
    });
    return child;
  };
  return {
    async run(task, hooks) {
      const child = idle.pop() ?? start();
      let isReusable = false;
      try {
        const answer = await converse(child, task, hooks);
        isReusable = true;
        if (answer.type === 'done') return answer.result;
        const code = (answer.code ?? 'JOB_FAILED') as ErrorCode;
        throw new ColorshineError(code, answer.code ? answer.message : `unexpected error: ${answer.message}`);
      } finally {
        if (isReusable) idle.push(child);
        else await end(child, task, root);
      }
    },
    dispose() {
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

type Answer = Extract<FromProcess, { type: 'done' | 'failed' }>;

function converse(child: ChildProcess, task: Task, { onStage, mayWrite }: TaskHooks): Promise<Answer> {
  return new Promise((done, fail) => {
    const send = (message: ToProcess): void => void child.send(message, () => undefined); // its exit says why it cannot hear
    const timer = setTimeout(() => {
      settle(() => fail(failed(`expected an attempt to end within ${task.timeoutS} s, and stopped it`)));
    }, task.timeoutS * 1000);
    const onMessage = (message: FromProcess): void => {
      if (message.type === 'stage') onStage(message.stage);
      else if (message.type !== 'may-write') settle(() => done(message));
      else {
        // Where Redis cannot be asked the answer is no: the attempt fails and is made again.
        mayWrite(message.outputs)
          .catch(() => false)
          .then((answer) => send({ type: 'may-write', id: message.id, answer }));
      }
    };
    const onExit = (code: number | null, signal: string | null): void => {
      const how = signal === 'SIGKILL' ? 'was killed, as when memory runs out' : `ended with ${signal ?? code}`;
      settle(() => fail(failed(`expected a result, but the process at work ${how}`)));
    };
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      act();
    };
    const onError = (error: Error): void => settle(() => fail(failed(`expected a process, got ${error.message}`)));
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onError);
    send({ type: 'task', task });
  });
}

/** Makes sure that a process is gone, and with it the temporary files that it had open. */
async function end(child: ChildProcess, task: Task, root: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const exited = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await exited;
  }
  if (child.pid === undefined) return;
  const outputs = task.kind === 'recolor' ? task.jobs.map(({ output }) => dirname(resolve(root, output))) : [];
  for (const folder of new Set([...outputs, tmpdir()])) await sweepTempsOf(child.pid, folder);
}

function failed(message: string): ColorshineError {
  return new ColorshineError('JOB_FAILED', message);
}
