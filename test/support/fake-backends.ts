import type { BackendCandidate } from '../../src/backends/fallback.js';
import { type Backend, createJsBackend } from '../../src/index.js';
import { findCase, planOf } from './cases.js';

/** What the tests of choosing and of falling back have evaluated. */
export const colors = Uint32Array.from({ length: 20_000 }, (_, i) => (i * 839) & 0xffffff);
export const plan = planOf(findCase('two colors'));

export async function expected(): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await createJsBackend().evaluate(colors, plan, out);
  return out;
}

export async function evaluate(backend: Backend): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out;
}

/** The js backend under another name, with its evaluation replaced or wrapped. */
export function fake(name: string, change: (js: Backend) => Partial<Backend>, log: string[] = []): BackendCandidate {
  return {
    name,
    async create() {
      log.push(`${name} started`);
      const js = createJsBackend();
      return { ...js, dispose: () => log.push(`${name} disposed`), ...change(js) };
    },
  };
}

/** A clock that only the backends of the test move: each color takes as long as it is said to. */
export function createFakeClock() {
  let time = 0;
  return {
    now: () => time,
    /** @param millionsPerSecond its speed on this clock */
    timed(candidate: BackendCandidate, millionsPerSecond: number): BackendCandidate {
      return {
        name: candidate.name,
        async create() {
          const backend = await candidate.create();
          return {
            ...backend,
            async evaluate(list, ...rest) {
              time += list.length / millionsPerSecond / 1000;
              await backend.evaluate(list, ...rest);
            },
          };
        },
      };
    },
  };
}
