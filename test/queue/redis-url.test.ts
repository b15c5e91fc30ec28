import { describe, expect, it } from 'vitest';
import { readRedisUrl, redactUrl } from '../../src/node/queue/redis-url.js';
import { checkQueueName, checkTask, queueKey } from '../../src/node/queue/task.js';
import { messageOf } from '../support/errors.js';

describe('a Redis URL', () => {
  it('is shown without user and password', () => {
    const address = readRedisUrl('rediss://ren:p%40ss@redis.example.com:6380/1', undefined);
    expect(address.shown).toBe('rediss://redis.example.com:6380/1');
    expect(address.redact('AUTH ren p@ss failed for p%40ss')).toBe('AUTH ren *** failed for ***');
    expect(readRedisUrl('redis://host/', undefined).shown).toBe('redis://host');
  });

  it('takes the password of the environment when it has none', () => {
    const address = readRedisUrl('redis://ren@host:1234', 'a:b/c@d%');
    const parsed = new URL(address.href);
    expect([parsed.username, decodeURIComponent(parsed.password), parsed.host]).toEqual([
      'ren',
      'a:b/c@d%',
      'host:1234',
    ]);
    expect(address.redact('a:b/c@d%')).toBe('***');
    expect(new URL(readRedisUrl('redis://:own@host', 'other').href).password).toBe('own');
  });

  it.each([
    ['foo', 'not a URL'],
    ['http://me:s3cret@host', 'the scheme "http:"'],
    ['redis://', 'no host'],
    ['redis://me:s3cret@host:port', 'not a URL'],
    ['redis://:s3cret@host/queue', 'the database "queue"'],
    ['redis://:s3cret@host?host=elsewhere', 'something after'],
    ['s3cret:s3cret@host', 'not a URL'],
  ])('refuses %s and says why', (text, reason) => {
    const message = messageOf('INVALID_OPTION', () => readRedisUrl(text, undefined));
    expect(message).toContain(reason);
    expect(message).not.toContain('s3cret');
  });

  it('is redacted however it is broken', () => {
    expect(redactUrl('redis://me:a@b@host')).toBe('redis://***@host');
    expect(redactUrl('me:pw@host')).toBe('***@host');
    expect(redactUrl('redis:/me:pw@host')).toBe('redis:/***@host');
  });
});

describe('a task', () => {
  const good = {
    kind: 'census',
    run: '0123456789abcdef',
    timeoutS: 5,
    input: 'a.png',
    inputHash: 'a'.repeat(64),
    target: 'c1',
  };

  it('is taken when it fits', () => expect(checkTask(good)).toEqual(good));

  it.each([
    [null],
    ['census'],
    [{ ...good, kind: 'shell' }],
    [{ ...good, kind: 'constructor' }],
    [{ ...good, run: '../../etc' }],
    [{ ...good, target: '../c1' }],
    [{ ...good, target: 'c1/../../x' }],
    [{ ...good, inputHash: 'abc' }],
    [{ ...good, input: '' }],
    [{ ...good, command: 'rm' }],
    [{ kind: 'merge', run: good.run, timeoutS: 5, target: 'm1', sources: [] }],
    [{ kind: 'merge', run: good.run, timeoutS: 5, target: 'm1', sources: ['/etc/passwd'] }],
    [{ kind: 'plan', run: good.run, timeoutS: 5, sources: ['c1'], recipes: 'all' }],
    [{ kind: 'recolor', run: good.run, timeoutS: 5, inputHash: good.inputHash, jobs: [] }],
    [{ kind: 'recolor', run: good.run, timeoutS: 5, inputHash: good.inputHash, jobs: [{ input: 'a' }] }],
  ])('is refused otherwise: %j', (task) => {
    expect(messageOf('INVALID_JOB', () => checkTask(task))).not.toBe('');
  });

  it('may not run for ever', () => {
    for (const timeoutS of [0, -1, 1e9, '5', undefined]) {
      expect(() => checkTask({ ...good, timeoutS })).toThrow(/timeoutS/);
    }
  });

  it('goes to a queue of its version', () => {
    expect(queueKey('site')).toMatch(/^site-[0-9a-f]{8}$/);
    for (const name of ['', 'a:b', 'a b', '../x', 'x'.repeat(65)]) {
      expect(messageOf('INVALID_OPTION', () => checkQueueName(name))).toContain('--queue-name');
    }
  });
});
