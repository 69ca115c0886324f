/** A server that is renumbered answers whoever comes with a renumbered token as it would have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../machines/json.ts';
import { emptyHomeserver, type Homeserver, hasNews, registerUser, respond } from './index.ts';
import { renumbered } from './renumbering.ts';
import { inboxOf, streamOf } from './state.ts';
import { tokenOf } from './streams.ts';

const alice = '@alice:example.org';
const devices = ['PHONE', 'DESK'] as const;
type Device = (typeof devices)[number];
type Op = { readonly by: Device } & (
  | { readonly op: 'sync' | 'copy' | 'restore' }
  | { readonly op: 'send'; readonly to: Device }
  | { readonly op: 'set'; readonly type: string }
);
type Held = Readonly<Record<string, string | null>>;
type Now = {
  readonly server: Homeserver;
  readonly held: Held;
  readonly tokens: Readonly<Record<Device, string>>;
  readonly count: number;
};

const ask = (
  server: Homeserver,
  accessToken: string | null,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body: JsonObject,
  query = {},
) => respond(server, { accessToken, method, path: `/_matrix/client/v3/${path}`, body, query }, 0);
const begin = (): Now => {
  let server = registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland');
  const tokens = Object.fromEntries(
    devices.map((device_id) => {
      const identifier = { type: 'm.id.user', user: 'alice' };
      const done = ask(server, null, 'POST', 'login', {
        type: 'm.login.password',
        identifier,
        password: 'wonderland',
        device_id,
      });
      server = done.server;
      return [device_id, stringAt(done.response.body, 'access_token') ?? ''] as const;
    }),
  ) as Record<Device, string>;
  return { server, held: { PHONE: null, DESK: null }, tokens, count: 0 };
};
const sync = ({ server, held, tokens }: Now, by: Device) => {
  const since = held[by] ?? null;
  return ask(server, tokens[by], 'GET', 'sync', {}, since === null ? {} : { since });
};
const acted = (now: Now, one: Op): Now => {
  const count = now.count + 1;
  switch (one.op) {
    case 'sync': {
      const { server, response } = sync(now, one.by);
      return { ...now, server, count, held: { ...now.held, [one.by]: stringAt(response.body, 'next_batch') ?? null } };
    }
    case 'copy':
      return { ...now, held: { ...now.held, [`${one.by} copy`]: now.held[one.by] ?? null } };
    case 'restore':
      return { ...now, held: { ...now.held, [one.by]: now.held[`${one.by} copy`] ?? now.held[one.by] ?? null } };
    case 'send': {
      const messages = { [alice]: { [one.to]: { n: count } } };
      return {
        ...now,
        count,
        server: ask(now.server, now.tokens[one.by], 'PUT', `sendToDevice/m.test/${count}`, { messages }).server,
      };
    }
    case 'set':
      return {
        ...now,
        count,
        server: ask(now.server, now.tokens[one.by], 'PUT', `user/${alice}/account_data/${one.type}`, { n: count })
          .server,
      };
  }
};
/** The same, renumbered. @param isRead whether letters that everybody has had are gone */
const anew = (now: Now, isRead: boolean): Now => {
  const names = Object.keys(now.held);
  const held = names.map((name) => ({ device: name.split(' ')[0] ?? '', token: now.held[name] ?? null }));
  const done = renumbered(now.server, alice, held, isRead);
  if (done === null) throw new Error('a token that is none');
  const token = (nth: number): string | null => {
    const place = done.tokens[nth] ?? null;
    return place === null ? null : tokenOf(place);
  };
  return { ...now, server: done.server, held: Object.fromEntries(names.map((name, nth) => [name, token(nth)])) };
};
/** What a sync brings, but for where the next one goes on. */
const brought = (now: Now, by: Device) => {
  const { body } = sync(now, by).response;
  const { next_batch: _, ...rest } = isObject(body) ? body : {};
  return [rest, hasNews(now.server, alice, by, now.held[by] ?? null)];
};

const by = fc.constantFrom(...devices);
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constant('sync' as const), by }),
  fc.record({ op: fc.constantFrom('copy' as const, 'restore' as const), by }),
  fc.record({ op: fc.constant('send' as const), by, to: by }),
  fc.record({ op: fc.constant('set' as const), by, type: fc.constantFrom('a', 'b') }),
);

describe('a homeserver that is renumbered after every request', () => {
  test.each([false, true])('tells every device what it would have told it (letters gone: %s)', (isRead) => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), (ops) => {
        let [plain, form] = [begin(), begin()];
        for (const one of ops) {
          [plain, form] = [acted(plain, one), anew(acted(form, one), isRead)];
          for (const device of devices) expect(brought(form, device)).toEqual(brought(plain, device));
          expect(anew(form, isRead)).toEqual(form);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('keeps a letter that a copy of the device has not had', () => {
    const ops: readonly Op[] = [
      { op: 'sync', by: 'PHONE' },
      { op: 'copy', by: 'PHONE' },
      { op: 'send', by: 'DESK', to: 'PHONE' },
      { op: 'sync', by: 'PHONE' },
      { op: 'restore', by: 'PHONE' },
    ];
    const plain = ops.reduce(acted, begin());
    const form = ops.reduce((now, one) => anew(acted(now, one), true), begin());
    expect(brought(plain, 'PHONE')).toMatchObject([{ to_device: { events: [{ content: { n: 2 } }] } }, true]);
    expect(brought(form, 'PHONE')).toEqual(brought(plain, 'PHONE'));
  });

  test('counts no further however long it goes on', () => {
    const round: readonly Op[] = devices.flatMap((to): Op[] => [
      { op: 'send', by: 'PHONE', to },
      { op: 'set', by: to, type: 'a' },
    ]);
    let now = begin();
    for (let nth = 0; nth < 20; nth += 1)
      for (const one of [...round, ...devices.map((device): Op => ({ op: 'sync', by: device }))])
        now = anew(acted(now, one), true);
    expect(streamOf(now.server, alice).position).toBeLessThan(5);
    for (const device of devices) expect(inboxOf(now.server, alice, device).position).toBeLessThan(5);
  });

  test('is left as it is where somebody holds a token it never gave', () => {
    for (const token of ['s99_0', 'nonsense'])
      expect(renumbered(begin().server, alice, [{ device: 'PHONE', token }], true)).toBeNull();
  });
});
