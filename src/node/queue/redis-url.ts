import { ColorshineError, quote } from '../../core/errors.js';
import { decodeEscapes } from '../../core/plain-text.js';

/** Where a Redis server is. `href` holds the password and goes to the driver alone. */
export interface RedisAddress {
  readonly href: string;
  /** Without user and password: for every message. */
  readonly shown: string;
  /** Takes the password out of a text that came from elsewhere. */
  redact(text: string): string;
}

/** Holds the password when the URL does not, so that it stands in no list of processes and no shell history. */
export const PASSWORD_VARIABLE = 'COLORSHINE_REDIS_PASSWORD';

const EXAMPLE = 'redis://host:6379 or rediss://user@host:6380/1';

/**
 * Reads `redis://` or, with TLS, `rediss://[user[:password]@]host[:port][/database]`.
 *
 * @param password used when the URL has none
 * @throws INVALID_OPTION, without the password in its message
 */
export function readRedisUrl(text: string, password = process.env[PASSWORD_VARIABLE]): RedisAddress {
  if (!text.includes('://')) throw invalid(text, 'something that is not a URL');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(text, 'something that is not a URL');
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw invalid(text, `the scheme ${quote(url.protocol)}`);
  if (url.hostname === '') throw invalid(text, 'no host');
  if (!/^\/?\d{0,4}$/.test(url.pathname)) throw invalid(text, `the database ${quote(url.pathname.slice(1))}`);
  // ioredis takes its own options from here, such as another host.
  if (url.search !== '' || url.hash !== '') throw invalid(text, 'something after the database');
  if (url.password === '' && password) url.password = encodeURIComponent(password);
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const secrets = [url.password, decodeEscapes(url.password)].filter((secret) => secret !== '');
  return {
    href: url.href,
    shown: bare.href.replace(/\/$/, ''),
    redact: (message) => secrets.reduce((out, secret) => out.replaceAll(secret, '***'), message),
  };
}

/** A text that may be a URL, without what stands before the `@`. */
export function redactUrl(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/+)?.*@/is, '$1***@');
}

function invalid(text: string, given: string): ColorshineError {
  const address = quote(redactUrl(text));
  return new ColorshineError('INVALID_OPTION', `${address}: expected a Redis URL such as ${EXAMPLE}, got ${given}`);
}
