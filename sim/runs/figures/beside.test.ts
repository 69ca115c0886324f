import { describe, expect, test } from 'vitest';
import type { Choice, Moment, Player, PlayerId, Run, Step } from '../../engine/types.ts';
import { planted } from '../planted-key-testing.ts';
import { areOrdered, besideIn } from './beside.ts';
import { layout, matterOf } from './layout.ts';
import { rowsOf } from './rows.ts';
import { sequenceSvg } from './sequence.ts';

const device = (id: PlayerId, of: string): Player => ({
  id,
  of,
  label: id.split('.')[1] ?? id,
  detail: id,
  kind: 'device',
  account: of,
});
const server = (id: string): Player => ({ id, of: id, label: id, detail: 'homeserver', kind: 'homeserver' });
const players: readonly Player[] = [
  device('alice.phone', '@alice:a.example'),
  device('alice.laptop', '@alice:a.example'),
  device('bob.desk', '@bob:b.example'),
  server('a.example'),
  server('b.example'),
  {
    id: 'mallory.ghost',
    of: 'mallory',
    label: 'ghost',
    detail: 'GHOST',
    kind: 'rogue device',
    account: '@m:a.example',
  },
  { ...device('alice.tablet', '@alice:a.example'), kind: 'stolen device', by: 'mallory', account: '@alice:a.example' },
  { id: 'mallory', of: 'mallory', label: 'mallory', detail: 'plays a member', kind: 'attacker' },
];

const asks = (from: PlayerId, to: PlayerId, method: string, path: string): Moment => ({
  kind: 'request',
  from,
  to,
  method,
  path: path.startsWith('/_matrix') ? path : `/_matrix/client/v3${path}`,
  body: null,
  status: 200,
  response: { next_batch: 's1' },
});
const becomes = (player: PlayerId): Moment => ({
  kind: 'state',
  player,
  chart: 'secret-push',
  from: 'idle',
  to: 'testing',
});
const tells = (player: PlayerId): Moment => ({
  kind: 'shown',
  player,
  notice: { about: 'message', sender: '@b:b', text: 'x' },
});

const step = (who: PlayerId, kind: Choice['kind'], ...moments: readonly Moment[]): Step => ({
  choice: { id: `${kind}:${who}`, who, sentence: `${who} does it`, kind },
  moments,
});
/** A sync that brings something, so that it has a row; and whatever else the device does at once. */
const syncs = (who: PlayerId, at: PlayerId, ...more: readonly Moment[]): Step =>
  step(who, 'sync', asks(who, at, 'GET', '/sync'), becomes(who), ...more);

const running = (...steps: readonly Step[]): Run => ({
  ...planted,
  players,
  steps,
  judgements: [],
  scenario: unwatched,
});
const unwatched = { ...planted.scenario, cast: { ...planted.scenario.cast, attackers: [] } };
const watched = (of: string): Run['scenario'] => {
  const attacker = { name: 'eve', plays: 'lying-server', of, budget: {}, colludes: [] };
  return { ...unwatched, cast: { ...unwatched.cast, attackers: [attacker] } };
};
const ordered = (run: Run): boolean => areOrdered(run, 0, 1);
const sharing = (run: Run): readonly number[] => [...besideIn(run, rowsOf(run).rows)];

describe('nobody can tell which of two steps came first', () => {
  test('when two devices fetch their news from one server', () => {
    expect(ordered(running(syncs('alice.phone', 'a.example'), syncs('alice.laptop', 'a.example')))).toBe(false);
  });

  test('when both look up keys there besides', () => {
    const looks = (who: PlayerId): Step => syncs(who, 'a.example', asks(who, 'a.example', 'POST', '/keys/query'));
    expect(ordered(running(looks('alice.phone'), looks('alice.laptop')))).toBe(false);
  });

  test('when each changes a server of its own', () => {
    const sends = (who: PlayerId, at: PlayerId): Step => syncs(who, at, asks(who, at, 'PUT', '/sendToDevice/m.x/1'));
    expect(ordered(running(sends('alice.phone', 'a.example'), sends('bob.desk', 'b.example')))).toBe(false);
  });
});

describe('the order of two steps is somebody’s', () => {
  const phone = syncs('alice.phone', 'a.example');
  const laptop = syncs('alice.laptop', 'a.example');
  const told = syncs('alice.phone', 'a.example', tells('alice.phone'));
  const toldToo = syncs('alice.laptop', 'a.example', tells('alice.laptop'));
  const uploads = syncs('alice.phone', 'a.example', asks('alice.phone', 'a.example', 'PUT', '/room_keys/keys'));
  const between = asks('b.example', 'a.example', 'PUT', '/_matrix/federation/v1/send/1');
  const asksOver = asks('a.example', 'b.example', 'POST', '/_matrix/federation/v1/user/keys/query');
  const cases: readonly (readonly [string, Run])[] = [
    ['one device takes both', running(phone, phone)],
    ['what the first changes on the server the second asks for', running(uploads, laptop)],
    ['the second changes what the first has asked for', running(laptop, uploads)],
    [
      'both change one server',
      running(uploads, syncs('bob.desk', 'a.example', asks('bob.desk', 'a.example', 'POST', '/keys/claim'))),
    ],
    ['a server sends to the one that is asked next', running(step('b.example', 'deliver', between), phone)],
    [
      'a server has to ask another one',
      running(syncs('alice.phone', 'a.example', asksOver), syncs('bob.desk', 'b.example')),
    ],
    ['one person is told something by both', running(told, toldToo)],
    ['one attacker has both devices', running(syncs('mallory.ghost', 'a.example'), syncs('alice.tablet', 'a.example'))],
    ['an attacker runs the server and sees who asks', { ...running(phone, laptop), scenario: watched('a.example') }],
    ['somebody acts, perhaps on the other’s word', running(phone, step('bob.desk', 'story', becomes('bob.desk')))],
    ['time passes for everybody', running(phone, step('bob.desk', 'wake', becomes('bob.desk')))],
    [
      'an attacker learns something',
      running(
        syncs('mallory.ghost', 'a.example', {
          kind: 'learned',
          player: 'mallory',
          what: 'x',
          term: 'x',
          how: { by: 'held', from: [], text: 'x' },
        }),
        phone,
      ),
    ],
    ['somebody takes part whom nobody has listed', running(phone, syncs('carol.pc', 'a.example'))],
  ];
  test.each(cases)('%s', (_why, run) => {
    expect(ordered(run)).toBe(true);
  });
});

describe('steps share a row of the picture', () => {
  const phone = syncs('alice.phone', 'a.example');
  const laptop = syncs('alice.laptop', 'a.example');
  const desk = syncs('bob.desk', 'a.example');
  const uploads = syncs('alice.phone', 'a.example', asks('alice.phone', 'a.example', 'PUT', '/room_keys/keys'));

  test('when any two of them are in no order', () => {
    expect(sharing(running(phone, laptop, desk))).toEqual([1, 2]);
  });

  test('and not one that is in order with any of them', () => {
    expect(sharing(running(phone, laptop, phone))).toEqual([1]);
    expect(sharing(running(uploads, laptop, desk))).toEqual([2]);
  });

  test('nor one that something lies between, though it is not drawn', () => {
    const silent = step('bob.desk', 'sync', asks('bob.desk', 'b.example', 'GET', '/sync'));
    expect(sharing(running(phone, silent, laptop))).toEqual([]);
  });

  test('nor one in which a guarantee breaks', () => {
    const [judgement] = planted.judgements;
    if (judgement === undefined) throw new Error('the run of the figures has no judgements');
    const one = { at: 'alice.laptop', about: null, why: 'it is so', acceptedBy: null };
    const broken = { ...judgement, ...one, verdict: 'breaks' as const, cause: 1, certain: 1 };
    const run = running(phone, laptop, desk);
    const breaks = [{ cause: 1, certain: 1, breaks: [one] }];
    expect(sharing({ ...run, judgements: [{ ...broken, breaks }] })).toEqual([]);
  });

  test('which has no line in it, ties their numbers, says so, and leaves each its number and its link', () => {
    const run = running(phone, laptop, uploads);
    for (const form of ['wide', 'narrow'] as const) {
      const svg = sequenceSvg(run, { form });
      expect(svg.match(/class="tie" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(2);
      expect(svg.match(/class="part" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(1);
      expect(svg.match(/in no order with step \d/g)).toEqual(['in no order with step 1']);
      expect([...svg.matchAll(/href="#s(\d)"/g)].map(([, number]) => number)).toEqual(
        expect.arrayContaining(['1', '2']),
      );
      expect([...svg.matchAll(/class="num"[^>]*>(\d)</g)].map(([, number]) => number)).toEqual(['1', '2', '3']);
      const { rows } = layout(matterOf(run), form);
      for (const [nth, row] of rows.entries())
        expect(row.top).toBeGreaterThanOrEqual((rows[nth - 1]?.top ?? 0) + (rows[nth - 1]?.height ?? 0));
    }
  });
});
