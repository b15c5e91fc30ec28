import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** How to start a real Redis server on this machine. */
export interface RedisProgram {
  readonly path: string;
  /** Added to the environment: where its libraries lie when they are not the system's. */
  readonly env: Readonly<Record<string, string>>;
}

const CACHE = resolve('node_modules/.cache/redis-server');
const APT_TIMEOUT_MS = 180_000;

/**
 * redis-server from the PATH, or Debian's package unpacked under node_modules/.cache: no npm package carries the program
 * without a download of its own, and unpacking neither needs root nor starts a service on the machine.
 *
 * @throws Error with the reason when there is none and none can be had
 */
export function findRedis({
  path = process.env.PATH ?? '',
  cache = CACHE,
  aptOptions = [] as string[],
} = {}): RedisProgram {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, 'redis-server');
    if (folder !== '' && existsSync(candidate) && statSync(candidate).isFile()) return { path: candidate, env: {} };
  }
  if (!existsSync(cache)) alone(`${cache}.lock`, () => existsSync(cache) || unpackDebianPackage(cache, aptOptions));
  return { path: join(cache, 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: libraryFolders(cache) } };
}

/** Downloads redis-server and what the machine lacks of its libraries, and unpacks them into a folder of their own. */
function unpackDebianPackage(cache: string, aptOptions: readonly string[]): void {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    throw new Error('there is no redis-server on the PATH, and no apt-get to fetch one with');
  }
  const parent = resolve(cache, '..');
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, 'redis-unpack-'));
  try {
    if (!download(work, aptOptions)) {
      // A bare container has no package lists, an old one lists packages that are gone.
      if (process.getuid?.() === 0) apt(['update'], work);
      if (!download(work, aptOptions)) {
        throw new Error('apt-get has no redis-server; run apt-get update as root');
      }
    }
    const root = join(work, 'root');
    for (const name of readdirSync(work).filter((file) => file.endsWith('.deb'))) {
      execFileSync('dpkg-deb', ['-x', name, root], { cwd: work, stdio: 'pipe' });
    }
    renameSync(root, cache);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    throw new Error(`redis-server could not be fetched: ${stderr?.toString().trim().split('\n').at(-1) || message}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns false without package lists, or with those of packages that cannot be had any more */
function download(folder: string, aptOptions: readonly string[]): boolean {
  const packages = missingPackages(aptOptions);
  if (!packages) return false;
  try {
    apt(['download', ...packages], folder);
    return true;
  } catch {
    return false;
  }
}

/** One test process at a time; the others wait. A lock that a killed process left behind is broken in the end. */
function alone(lock: string, work: () => void): void {
  mkdirSync(resolve(lock, '..'), { recursive: true });
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + 2 * APT_TIMEOUT_MS; ; ) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (Date.now() > until) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(sleeper, 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** What apt would install for redis-server; undefined without package lists. */
function missingPackages(aptOptions: readonly string[]): string[] | undefined {
  try {
    const plan = apt(['install', '--simulate', '--no-install-recommends', ...aptOptions, 'redis-server'], '/');
    const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name as string);
    return [...new Set(['redis-server', 'redis-tools', ...missing])];
  } catch {
    return undefined;
  }
}

function apt(args: readonly string[], cwd: string): string {
  return execFileSync('apt-get', ['-q', ...args], { cwd, encoding: 'utf8', stdio: 'pipe', timeout: APT_TIMEOUT_MS });
}

function libraryFolders(root: string): string {
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    .join(delimiter);
}
