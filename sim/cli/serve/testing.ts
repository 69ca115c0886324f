/** For tests: clients of the served homeservers, by HTTP. */
import type { Json } from '../../../machines/json.ts';
import { stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Entry } from './log.ts';
import { type Patience, type Served, serve, usualPatience } from './server.ts';

export type Answer = { readonly status: number; readonly body: Json };
export type Ask = (method: string, path: string, body?: unknown, signal?: AbortSignal) => Promise<Answer>;

/** Servers for these users, with a clock that stands still, and all that happened there. */
export const serving = (...users: readonly UserId[]) => servingWith(usualPatience, ...users);
export const servingWith = async (patience: Patience, ...users: readonly UserId[]) => {
  const entries: Entry[] = [];
  const faults: unknown[] = [];
  const looks = new Set<(entry: Entry) => void>();
  const served: Served = await serve({
    users,
    port: 0,
    now: () => 1_000,
    logged: (entry) => {
      entries.push(entry);
      for (const look of looks) look(entry);
    },
    failed: (error) => faults.push(error),
    patience,
  });
  /** Comes back when there is such an entry. */
  const logged = (is: (entry: Entry) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (entry: Entry): void => {
        if (!is(entry)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      entries.forEach(look);
    });
  const address = (server = 'example.org'): string => served.addresses.get(server) ?? '';
  /** Paths may leave out `/_matrix/client/v3/`. */
  const ask =
    (server: string, accessToken: string | null): Ask =>
    async (method, path, body, signal) => {
      const response = await fetch(`${address(server)}${path.startsWith('/') ? path : `/_matrix/client/v3/${path}`}`, {
        method,
        headers: accessToken === null ? {} : { authorization: `Bearer ${accessToken}` },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { status: response.status, body: (await response.json()) as Json };
    };
  const logIn = async (user: UserId, device_id: string): Promise<Ask & { readonly token: string }> => {
    const server = user.slice(user.indexOf(':') + 1);
    const identifier = { type: 'm.id.user', user };
    const asked = { type: 'm.login.password', identifier, password: 'secret', device_id };
    const { body } = await ask(server, null)('POST', 'login', asked);
    const token = stringAt(body, 'access_token') ?? '';
    return Object.assign(ask(server, token), { token });
  };
  return { served, entries, faults, logged, address, ask, logIn };
};
