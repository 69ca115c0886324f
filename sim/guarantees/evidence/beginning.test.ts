/** Devices that begin anew: what guarantees forget of them, and what they do not. */
import { describe, expect, it } from 'vitest';
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { isObject, type Json, type JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../../machines/room-types.ts';
import type { EnvelopeFacts } from '../../../machines/types.ts';
import type { CopyHolds, Moment, Step } from '../../engine/types.ts';
import { guarantees } from '../index.ts';
import { claims } from '../letters-testing.ts';
import * as t from '../testing.ts';
import { asCopied, copyIn, forgetting } from './beginning.ts';

const { alice, bob, den, everybody, logsIn, remembered, step, stores } = t;
const phone = 'alice.phone';
const key = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const secret = { secret: 's', public: 'p', origin: { how: 'push', user: alice, device: 'LAPTOP' } } as const;

/** It is her laptop that made the room: of who may read it her phone knows what it was told. */
const byLaptop = (moment: Moment): Moment =>
  moment.kind === 'request' && moment.path === paths.createRoom ? { ...moment, from: 'alice.laptop' } : moment;
const start = everybody('shared', 'bob.phone');
/** Alice's phone has done, been told and been asked what there is to do, to be told and to be asked. */
const story: readonly Step[] = [
  { ...start, moments: start.moments.map(byLaptop) },
  step(
    t.makes(key),
    t.gives(key, [t.phoneOf(alice)]),
    t.holds(phone, key, firstHand),
    t.sends('bob.phone', key),
    t.syncs(phone, { members: { [bob]: 'leave' }, visibility: 'shared' }),
    t.shown(phone, 'unreadable message', { event: '$1', session: key, reason: 'no key' }),
    t.shown(phone, 'message', { event: '$1', session: key, sender: bob, message: 'hello' }),
    t.shown(phone, 'history visible', {}),
    t.shown(phone, 'use new backup', { version: '2' }),
    t.shown(phone, 'unconfirmed device', { user: bob, device: 'PHONE' }),
    t.shown(phone, 'secret pushed', { name: 'm.megolm_backup.v1', device: 'LAPTOP' }),
    t.shown(phone, 'bundle imported', { url: t.bundleAt, user: bob }),
    t.isServed(phone, bob, 'other'),
    stores(phone, { patch: 'pin', user: bob, master: 'master' }),
    stores(phone, { patch: 'secret', name: 'm.megolm_backup.v1', held: secret }),
    stores(phone, { patch: 'backup', backup: { version: '1', publicKey: 'p' } }),
    stores(phone, { patch: 'backup preference', isOn: true, why: 'own default' }),
    t.isPointed(phone, bob),
    t.downloads(phone),
    t.request(phone, { method: 'GET', path: paths.backupKeys }),
    t.makes('alice.phone/1'),
    t.gives('alice.phone/1', [t.phoneOf(bob)]),
    t.sends(phone, 'alice.phone/1'),
    { kind: 'acted', player: phone, what: 'invite', detail: { room: den, user: t.charlie } },
    t.invites(phone, t.charlie),
    t.shares(phone, t.charlie, [key]),
  ),
];
const comes = (content: JsonObject): Moment => ({
  kind: 'delivery',
  from: t.server,
  to: phone,
  event: { type: 'm.room.encrypted' },
  opened: { type: 'm.secret.send', content },
  facts: { claimedSender: alice, sender: { user: alice, device: 'LAPTOP' } } as EnvelopeFacts,
});
const cast = t.witness({ implements: { MSC4268: 'merged', MSC4287: 'merged', MSC1219: 'merged' } });

/** Where a memory still has something under a device's name, or it in a list: `held.alice.phone`. */
const tracesOf = (memory: Json, path = ''): readonly string[] => {
  if (Array.isArray(memory)) return memory.includes(phone) ? [path] : [];
  if (!isObject(memory)) return [];
  return Object.entries(memory).flatMap(([name, value = null]) =>
    name === phone ? [path] : tracesOf(value, path === '' ? name : `${path}.${name}`),
  );
};
const remembers = guarantees.filter((one) => tracesOf(remembered(one, story, cast)).length > 0);

describe('a device that logs in anew', () => {
  it('is one that nearly every guarantee has remembered something of', () => {
    expect(guarantees.length - remembers.length).toBeLessThanOrEqual(5);
  });

  it.each(remembers.map((one) => [one.id, one] as const))('is nobody whom %s knows', (_, guarantee) => {
    const back = step(logsIn(phone, alice, 'PHONE'));
    const known = tracesOf(remembered(guarantee, [...story, back], cast));
    // What a login itself tells: it has other keys than before, and comes to an account in the story. Of what its predecessor has put
    // into a backup it is known on whose word that was.
    const told = ['words', 'signed.replaced', 'hijacked.signed.replaced', 'newcomers', 'preferences.newcomers'];
    expect(known.filter((path) => !told.includes(path))).toEqual([]);
    expect(tracesOf(remembered(guarantee, story, cast)).length).toBeGreaterThan(0);
  });

  it('takes nothing with it of what others have, or show', () => {
    const memory = {
      held: { [phone]: 1, 'alice.laptop': 2 },
      imported: { url: [phone, 'alice.laptop'] },
      excuses: [
        { device: phone, by: bob },
        { device: null, by: bob },
      ],
      lies: { [phone]: 'said' },
      sealers: { key: { [alice]: [phone] } },
      by: phone,
    };
    const now = forgetting(memory as never, logsIn(phone, alice, 'PHONE'));
    expect(now).toEqual({
      ...memory,
      held: { 'alice.laptop': 2 },
      imported: { url: ['alice.laptop'] },
      excuses: [{ device: null, by: bob }],
    });
    expect(forgetting(now, logsIn(phone, alice, 'PHONE'))).toBe(now);
    for (const moment of [logsIn('bob.phone', bob, 'PHONE'), t.isServed(phone, bob, 'x'), refused])
      expect(forgetting(memory as never, moment)).toBe(memory);
  });
});
const refused: Moment = { ...logsIn(phone, alice, 'PHONE'), status: 403 } as Moment;

describe('a device that comes up from a copy', () => {
  const holds: CopyHolds = { secrets: {}, roomKeys: {}, backup: null };
  const restored: Moment = { kind: 'restarted', player: phone, holds };

  it('says what it holds', () => {
    expect(copyIn(restored)).toEqual({ player: phone, holds });
    expect(copyIn({ kind: 'restarted', player: phone })).toBeNull();
  });

  const acted = (what: string, copy = 'old'): Moment => ({ kind: 'acted', player: phone, what, detail: { copy } });
  const query = (asked: Json, answer: Json): Moment =>
    t.request(phone, { method: 'POST', path: paths.keysQuery, body: asked as JsonObject }, answer);
  const to = [{ user: bob, device: 'TABLET' }];
  const more = step(
    t.shown(phone, 'unreadable message', { event: '$2', session: key, reason: 'no key' }),
    stores(phone, {
      patch: 'withheld',
      entries: {
        [`${den} ${key}`]: {
          room: den,
          sessionId: key,
          senderKey: '',
          code: 'm.x',
          reason: null,
          from: bob,
          how: 'bundle',
        },
      },
    }),
    t.downloads(phone, 404),
    t.uploads(phone, 0),
    t.shown(phone, 'history unavailable', { user: bob, why: 'expired' }),
    t.logsIn('alice.laptop', alice, 'LAPTOP'),
    { ...t.request('alice.laptop', { method: 'POST', path: paths.logout }), status: 200 } as Moment,
    t.isListed(phone, alice, ['PHONE']),
    query({ device_keys: { [t.charlie]: [] } }, {}),
    t.shown(phone, 'user verified', { user: bob, master: 'master' }),
    t.isServed(phone, bob, 'third'),
    t.request(phone, {
      method: 'POST',
      path: paths.deviceSigningUpload,
      body: { master_key: { keys: { 'ed25519:mine': 'mine' } } },
    }),
    comes({ name: 'm.x', secret: 'y' }),
    { ...t.sends('bob.phone', key), response: { event_id: '$3' } } as Moment,
    t.shown(phone, 'message', { event: '$3', session: key, sender: bob, message: 'hello' }),
    t.shown(phone, 'secret pushed', { name: 'm.x', device: 'LAPTOP' }),
    t.writes(phone, 'never sent'),
    t.heard(phone, {
      type: 'envelope.outgoing',
      message: { type: 'm.any', content: { secret: 's' }, encrypt: true, to },
    }),
    t.gives('alice.phone/1', to),
    claims(phone, to, 503),
  );
  const whole = t.witness({
    implements: { MSC4268: 'merged', MSC4287: 'merged', MSC1219: 'merged', MSC4153: 'merged', MSC4385: 'merged' },
  });
  /** What is remembered of a device that was copied before all that, by its path. */
  const known = (guarantee: (typeof guarantees)[number], ...last: readonly Step[]): readonly string[] => {
    const [start, ...rest] = story as readonly [Step, ...Step[]];
    const memory = remembered(guarantee, [start, step(acted('copy')), ...rest, more, ...last], whole);
    return tracesOf(memory).filter((path) => path !== 'copied' && !path.endsWith('.copied'));
  };
  /** What a client keeps, by guarantee: of a copy that was made before, nothing of it is so. */
  const kept: Partial<Record<GuaranteeId, string>> = {
    'secret-convergence': 'offered asked',
    'secret-confidentiality': 'unsent',
    'backup-key-integrity': 'sealsTo',
    'history-confidentiality': 'believed unsent',
    'history-liveness': 'believed uses pinned served pointed',
    'history-completeness': 'believed uses',
    'device-authenticity': 'heard unsent',
    'forward-exclusion': 'unsent told',
    'attribution-honesty': 'unsent words',
    'cache-integrity': 'held',
    'bundle-consistency': 'fetched imported free has heard',
    'failure-diagnosability': 'believed uses unread withheld fetched imported gone',
    availability: 'turns open',
    'consent-awareness':
      'told rooms.open rooms.pinned rooms.served accounts.asked accounts.used accounts.news accounts.verified accounts.ownIdentity',
    'data-durability': 'opens restored uses',
    'preference-fidelity': 'refusals preferences.decided',
    'server-distrust': 'decided',
    'preference-convergence': 'decided conceded',
    'room-access': 'believed uses pinned served pointed fates',
    'notice-truth': 'believed uses pinned served pointed given got failed unanswered unfetched',
    'closed-room': 'believed told uses',
    'interop-compat': 'believed uses codes preferences.decided',
  };
  /** What is so whatever a client keeps, and why. */
  const lasts: Readonly<Record<string, string>> = {
    warned: 'its person was shown that',
    'rooms.told': 'its person was shown that',
    shown: 'its person has read that',
    missed: 'its person was told that',
    'rooms.strangers': 'its person has asked somebody in',
    inviting: 'its person has asked somebody in',
    gives: 'others have that',
    'shared.!den:a.example': 'others have that',
    once: 'its backup has that',
    pointers: 'that came to it, and it has fetched it so often',
    'signedThen.': 'it was signed when somebody wrote',
    'signedThen.$3': 'it was signed when somebody wrote',
    wasted: 'what was sent to it, and it did not understand',
    held: 'what the copy holds: nothing here',
    holds: 'what the copy holds: nothing here',
  };

  it.each(guarantees.map((one) => [one.id, one] as const))(
    'is to %s what it was when it was copied',
    (id, guarantee) => {
      const before = known(guarantee);
      const after = known(guarantee, step(acted('restore from copy'), restored));
      expect(before.filter((path) => !after.includes(path)).sort()).toEqual((kept[id]?.split(' ') ?? []).sort());
      expect(after.filter((path) => lasts[path] === undefined)).toEqual([]);
    },
  );

  it('has heard what it had heard when it was copied, and no more', () => {
    const empty = { copied: {}, told: { 'bob.phone': 2 }, shown: { [phone]: 3 } };
    const copied = asCopied({ ...empty, told: { [phone]: 1, 'bob.phone': 2 } }, acted('copy', 'old'), 'told');
    const later = { ...copied, told: { [phone]: 9, 'bob.phone': 7 }, shown: { [phone]: 8 } };
    const back = asCopied(later, acted('restore from copy', 'old'), 'told');
    expect(back).toEqual({ ...later, told: { [phone]: 1, 'bob.phone': 7 } });
    const first = asCopied(asCopied(empty, acted('copy', 'first'), 'told'), acted('copy', 'second'), 'told');
    expect(asCopied({ ...first, told: later.told }, acted('restore from copy', 'first'), 'told').told).toEqual({
      'bob.phone': 7,
    });
    expect(asCopied(later, restored, 'told')).toBe(later);
    expect(asCopied(later, { ...acted('send', 'old'), detail: {} } as Moment, 'told')).toBe(later);
  });
});
