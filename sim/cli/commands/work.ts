import { availableParallelism } from 'node:os';
import { type Command, countFlag, textFlag } from '../command.ts';
import { onStop } from '../stopping.ts';
import { workerFile } from '../sweep/crew.ts';
import { Mistake, plural, print, progress } from '../terminal.ts';

export const working: Command = {
  usage: 'work --redis URL [--workers N] [--once]',
  text: 'Does what hearsay sweep, wander, ablate, explore and clients hand out with the same --redis, on this machine’s processors, until it is ended.',
  flags: {
    redis: { type: 'string', value: 'URL', text: 'the Redis or Valkey server: redis://HOST:PORT' },
    workers: { type: 'string', value: 'N', text: 'processes at once (the usual: one a processor)' },
    silence: {
      type: 'string',
      value: 'SECONDS',
      text: 'who says nothing for so long is taken for dead, and others do what it had in hand (10)',
    },
    once: { type: 'boolean', text: 'ends when nothing is handed out any more' },
  },
  run: async (given) => {
    if (given.words.length > 0)
      throw new Mistake(`“${given.words[0]}”: work takes no words, what is to be done stands in Redis`);
    const url = textFlag(given, 'redis');
    if (url === undefined)
      throw new Mistake('say where work is handed out, as in npx hearsay work --redis redis://127.0.0.1:6379');
    const workers = countFlag(given, 'workers', availableParallelism(), 256);
    const silenceMs = countFlag(given, 'silence', 10, 3600) * 1000;
    const [{ work }, { readRedis }, { modelVersion }] = await Promise.all([
      import('../sweep/redis/work.ts'),
      import('../sweep/redis/connect.ts'),
      import('../sweep/model-version.ts'),
    ]);
    const at = readRedis(url);
    const version = modelVersion();
    const stop = new AbortController();
    const interrupt = (): void => {
      // Twice: now. What is in hand is given to others.
      if (stop.signal.aborted) process.exit(130);
      progress('ends when what is in hand is done');
      stop.abort();
    };
    const leave = onStop(interrupt);
    let jobs = 0;
    try {
      await work({
        at,
        version,
        file: workerFile,
        workers,
        silenceMs,
        isOnce: given.flags.once === true,
        tell: print,
        onDone: (more) => {
          jobs += more;
          progress(`${plural(jobs, 'job')} done`);
        },
        stop: stop.signal,
      });
    } finally {
      progress('');
      leave();
    }
    print(`${plural(jobs, 'job')} done`);
    return 0;
  },
};
