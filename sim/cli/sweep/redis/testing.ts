/** A Redis or Valkey server for a test: of the distribution's package, at a socket of its own, which keeps nothing. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

const programs = ['redis-server', 'valkey-server'] as const;

/** The program of a server; `null` where this machine has none. */
export const serverProgram: string | null =
  programs.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
/** Why there is nothing to test with. */
export const noServer = `skipped: neither ${programs.join(' nor ')} is on this machine, and apt-get install redis-server brings one`;

export type Server = {
  readonly url: string;
  readonly client: Redis;
  /** Ends at once, as if its machine had gone. */
  readonly kill: () => Promise<void>;
  readonly end: () => Promise<void>;
};

/** Resolves once it answers. */
export const startServer = async (program: string): Promise<Server> => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-redis-'));
  const socket = join(folder, 'socket');
  const words = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(program, words, { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const client = new Redis({ path: socket, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  const kill = async (): Promise<void> => {
    server.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis+unix://${socket}`,
    client,
    kill,
    end: async () => {
      client.disconnect();
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
};

/** Asks again until it is so. */
export const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};
