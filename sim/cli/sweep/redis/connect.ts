/** A Redis or Valkey server: where it is, and what can be wrong with it in a line. A password of the URL is told to nobody else. */
import { isIP } from 'node:net';
import type { Redis, RedisOptions } from 'ioredis';
import { isClone } from '../../io.ts';
import { Mistake } from '../../terminal.ts';

export type RedisAt = {
  readonly options: RedisOptions;
  /** As it is told: without names and passwords. */
  readonly shown: string;
};

const expected = 'redis://HOST:PORT expected (rediss:// with TLS, redis+unix:///PATH for a socket)';
/** Behind a `/`: the number of a database; undefined for none, `null` where something else stands there. */
const databaseIn = (path: string): number | undefined | null => {
  const number = path.replace(/^\//, '');
  if (number === '') return undefined;
  return /^\d{1,5}$/.test(number) ? Number(number) : null;
};

/** `null`: it is no address. */
const parsed = (text: string): URL | null => {
  try {
    return new URL(text);
  } catch {
    return null;
  }
};
const plain = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** Reads the value of `--redis`. Throws a `Mistake` that does not repeat it: there may be a password in it. */
export const readRedis = (text: string): RedisAt => {
  const url = parsed(text);
  if (url === null || !['redis:', 'rediss:', 'redis+unix:'].includes(url.protocol))
    throw new Mistake(`--redis: ${expected}`);
  const [username, password, path] = [url.username, url.password, url.pathname].map(plain);
  if (username === null || password === null || path === null || path === undefined)
    throw new Mistake('--redis: what is encoded with % in it is no text');
  const who: RedisOptions = {
    ...(username === '' || username === undefined ? {} : { username }),
    ...(password === '' || password === undefined ? {} : { password }),
  };
  if (url.protocol === 'redis+unix:') return { options: { ...who, path }, shown: `the Redis server at ${path}` };
  const database = databaseIn(path);
  if (url.hostname === '' || database === null || url.search !== '' || url.hash !== '')
    throw new Mistake(
      `--redis: ${expected}, perhaps with the number of a database behind it, as in redis://127.0.0.1:6379/2`,
    );
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 6379 : Number(url.port);
  return {
    options: {
      ...who,
      host,
      port,
      ...(database === undefined ? {} : { db: database }),
      // An address has no name that could be asked for.
      ...(url.protocol === 'rediss:' ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    },
    shown: `the Redis server at ${url.hostname}:${port}`,
  };
};

const wanted = ['bullmq', 'ioredis'] as const;

type Packages = Pick<typeof import('bullmq'), 'Queue' | 'QueueEvents' | 'UnrecoverableError' | 'Worker'> & {
  readonly Redis: typeof Redis;
};
const packages = async (): Promise<Packages> => {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    const { Queue, QueueEvents, UnrecoverableError, Worker } = bullmq;
    return { Queue, QueueEvents, UnrecoverableError, Worker, Redis: ioredis.Redis };
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Mistake(
      `--redis wants packages that are not installed: ${isClone ? 'npm install' : `npm i -D ${wanted.join(' ')}`}`,
    );
  }
};

const whyNot: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there'],
  ['ENOENT', 'there is no such socket'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['ETIMEDOUT', 'no answer'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no way to that host'],
  ['ECONNRESET', 'it hangs up'],
  ['EACCES', 'not allowed'],
]);
const whyOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return whyNot.get(code ?? '') ?? (code || message || String(error));
};

/** What goes wrong with a server, and not within this code, by how its packages call it. */
const isTheirs = (error: unknown): boolean => {
  const { name, code, message } = error as {
    readonly name?: string;
    readonly code?: string;
    readonly message?: string;
  };
  return (
    name === 'ReplyError' ||
    name === 'ConnectionClosedError' ||
    whyNot.has(code ?? '') ||
    /Connection is closed|Redis version|Protocol error/.test(message ?? '')
  );
};

export type Connection = Packages & {
  readonly client: Redis;
  readonly shown: string;
  /** Does what asks the server. What is wrong with it is a `Mistake`, also that it is gone and does not come back. */
  readonly asking: <R>(use: () => Promise<R>) => Promise<R>;
  readonly close: () => void;
};

const everyMs = 500;
const answerMs = 10_000;

/** Whether a server answers. Throws a `Mistake` where none does. @param lostMs how long a lost connection is waited for */
export const connect = async ({ options, shown }: RedisAt, lostMs = 30_000): Promise<Connection> => {
  const theirs = await packages();
  let isUp = false;
  let last: unknown = null;
  const client = new theirs.Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isUp && times * everyMs <= lostMs ? everyMs : null),
  });
  client.on('error', (error) => {
    last = error;
  });
  const cut = setTimeout(() => {
    last = { code: 'ETIMEDOUT' };
    client.disconnect();
  }, answerMs);
  try {
    await client.connect();
    await client.ping();
    if (options.db !== undefined) await client.select(options.db);
  } catch (error) {
    client.disconnect();
    throw new Mistake(`${shown} cannot be used: ${whyOf(last ?? error)}`);
  } finally {
    clearTimeout(cut);
  }
  isUp = true;
  last = null;
  let isClosed = false;
  const gone = new Promise<never>((_, reject) => {
    client.once('end', () => {
      const why = last === null ? '' : ` (${whyOf(last)})`;
      if (!isClosed)
        reject(
          new Mistake(
            `${shown} went away and did not come back${why}: once it is there again, the same command goes on`,
          ),
        );
    });
  });
  gone.catch(() => undefined);
  return {
    ...theirs,
    client,
    shown,
    asking: async (use) => {
      try {
        return await Promise.race([use(), gone]);
      } catch (error) {
        if (error instanceof Mistake || !isTheirs(error)) throw error;
        throw new Mistake(`${shown}: ${whyOf(error)}`);
      }
    },
    close: () => {
      isClosed = true;
      client.disconnect();
    },
  };
};
