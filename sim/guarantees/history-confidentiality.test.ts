import { describe, expect, it } from 'vitest';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { Moment, Step } from '../engine/types.ts';
import { historyConfidentiality } from './history-confidentiality.ts';
import { keyComes, withLetters } from './letters-testing.ts';
import * as t from './testing.ts';
import { keyText } from './testing.ts';

const { alice, bob, charlie, den, everybody, phoneOf, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';

describe('history-confidentiality', () => {
  const written = (gift: Parameters<typeof t.gives>[2] = {}): Step =>
    step(t.makes(bobsKey, { flag: gift.flag ?? true }), t.gives(bobsKey, [phoneOf(alice)], gift));
  const imported = step(
    t.invites('alice.phone', charlie),
    t.joins('charlie.phone'),
    t.holds('charlie.phone', bobsKey, t.fromBundle()),
  );
  const of = (...steps: readonly Step[]) =>
    verdict(historyConfidentiality, [everybody('shared', 'bob.phone'), ...steps]);

  it('holds, and happens, where a later member takes what its maker let later members have', () => {
    expect(of(written(), imported)).toBe('holds (it happens)');
  });

  it('breaks where a key without the flag comes with a bundle', () => {
    expect(of(written({ flag: false }), imported)).toBe('breaks at charlie.phone');
  });

  it('breaks where a flagged key was made while the room was closed, and its maker knew', () => {
    expect(of(step(t.sets('alice.phone', 'joined')), written({ visibility: 'joined' }), imported)).toBe(
      'breaks at charlie.phone',
    );
  });

  it('holds for what was written before the news of the closing came', () => {
    const closed = [step(t.syncs('bob.phone', { visibility: 'shared' })), step(t.sets('alice.phone', 'joined'))];
    expect(of(...closed, written({ visibility: 'shared' }), imported)).toBe('holds (it happens)');
  });

  it('breaks where a session goes on once its maker knows that the room is closed', () => {
    const closed = step(t.sets('alice.phone', 'joined'));
    const goesOn = step(t.syncs('bob.phone', { visibility: 'joined' }), t.sends('bob.phone', bobsKey));
    expect(of(written(), closed, goesOn, imported)).toBe('breaks at charlie.phone');
  });

  const deceived = (...steps: readonly Step[]) => [
    everybody('joined', 'bob.phone'),
    step(t.syncs('bob.phone', { visibility: 'shared' })),
    ...steps,
    written({ visibility: 'shared' }),
    imported,
  ];
  const toldSo = step(t.shown('bob.phone', 'history visible', { visibility: 'shared' }));

  it('breaks where a server told the maker that a closed room is open', () => {
    expect(verdict(historyConfidentiality, deceived())).toBe('breaks at charlie.phone');
  });

  it('is accepted where the maker was shown that later members read along', () => {
    expect(verdict(historyConfidentiality, deceived(toldSo))).toBe('accepted by 4268-ui-sender-indicator');
    const off = witness({ off: ['4268-ui-sender-indicator'] });
    expect(verdict(historyConfidentiality, deceived(toldSo), off)).toBe('breaks at charlie.phone');
  });

  it('takes a server at its lie when it goes back to what once was', () => {
    const steps = [
      step(t.syncs('bob.phone', { visibility: 'shared' })),
      step(t.sets('alice.phone', 'joined')),
      step(t.syncs('bob.phone', { visibility: 'joined' })),
      step(t.syncs('bob.phone', { visibility: 'shared' })),
    ];
    expect(of(...steps, written({ visibility: 'shared' }), imported)).toBe('breaks at charlie.phone');
  });

  it('goes by how a key came, and not by what its receiver has noted', () => {
    const takes = (origin: RoomKeyOrigin, ...came: readonly Moment[]) =>
      step(comesIn.moments, came, t.holds('charlie.phone', bobsKey, origin));
    const [forgotten, unmeant] = [{ how: 'export' } as const, written({ flag: false })];
    const downloads = t.downloads('charlie.phone');
    const robbed = 'breaks at charlie.phone';
    expect(of(unmeant, takes(forgotten, downloads))).toBe(robbed);
    expect(found(unmeant, takes(forgotten, downloads))[0]?.origin).toEqual({
      brought: 'bundle',
      to: 'charlie.phone',
      url: t.bundleAt,
    });
    expect(of(unmeant, takes(forgotten, keyComes('charlie.phone', bobsKey, { type: 'm.forwarded_room_key' })))).toBe(
      robbed,
    );
    expect(of(unmeant, takes(forgotten, keyComes('charlie.phone', bobsKey)))).toBe('holds');
    expect(of(unmeant, takes(forgotten, keyComes('charlie.phone', bobsKey, { sender: alice })))).toBe(robbed);
    expect(of(unmeant, takes(forgotten))).toBe('holds');
    expect(of(written(), takes(forgotten, downloads))).toBe('holds (it happens)');
  });

  it('lets whoever was in the room keep what they were given, whatever the flag', () => {
    const restored = step(t.holds('alice.laptop', bobsKey, t.fromBundle(bob)));
    expect(of(written({ flag: false }), restored)).toBe('holds');
  });

  it('breaks where somebody whom its maker gave a key later on comes to hold what was said before', () => {
    const late = step(
      t.makes(bobsKey, { flag: false }),
      t.invites('alice.phone', charlie),
      t.joins('charlie.phone'),
      t.gives(bobsKey, [phoneOf(charlie)], { flag: false, index: 2 }),
    );
    const takes = (index: number) => step(t.holds('charlie.phone', bobsKey, t.fromBundle(), { index }));
    expect(of(late, takes(2))).toBe('holds');
    expect(of(late, takes(1))).toBe('breaks at charlie.phone');
    const learns = (index: number) =>
      step({ ...t.learns('charlie', bobsKey, 'it was seen'), term: keyText(bobsKey, index) } as Moment);
    expect(of(late, learns(2))).toBe('holds');
    expect(of(late, learns(1))).toBe('breaks at charlie');
    const meant = step(t.makes(bobsKey), comesIn.moments, t.gives(bobsKey, [phoneOf(charlie)], { index: 2 }));
    expect(of(meant, takes(1))).toBe('holds (it happens)');
    expect(of(meant, takes(2))).toBe('holds');
  });

  it('breaks where an attacker learns a key that is not theirs to have', () => {
    expect(of(written(), step(t.learns('mallory', bobsKey, 'mallory opens a bundle')))).toBe('breaks at mallory');
  });

  it('lets members pass on what they know', () => {
    const member = step(t.logsIn('mallory.phone', t.mallory, 'PHONE'), t.invites('alice.phone', t.mallory));
    const given = step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(alice), phoneOf(t.mallory)]));
    expect(of(member, given, step(t.learns('eve', bobsKey, 'it was passed on', { sharedBy: 'mallory' })))).toBe(
      'holds',
    );
  });

  it('lets those know what they were given, and a member what later ones may have; nobody who is out, or was never in', () => {
    const knows = step(t.learns('mallory', bobsKey, 'it was seen'));
    const member = step(t.logsIn('mallory.phone', t.mallory, 'PHONE'), t.invites('alice.phone', t.mallory));
    const given = step(t.makes(bobsKey, { flag: false }), t.gives(bobsKey, [phoneOf(t.mallory)], { flag: false }));
    expect(of(member, given, knows)).toBe('holds');
    expect(of(written(), member, knows)).toBe('holds');
    expect(of(written(), member, step(t.joins('mallory.phone')), knows)).toBe('holds');
    expect(of(written({ flag: false }), member, knows)).toBe('breaks at mallory');
    expect(of(written(), member, step(t.leaves('mallory.phone')), knows)).toBe('breaks at mallory');
    expect(of(written(), comesIn, knows)).toBe('breaks at mallory');
    expect(of(step(t.makes(bobsKey)), step(t.learns('mallory', 'other/1', 'it was seen')))).toBe('holds');
  });
  const comesIn = step(t.invites('alice.phone', charlie), t.joins('charlie.phone'));

  it('asks honest devices alone what they take on another’s word, and of sessions that somebody made', () => {
    const unmeant = written({ flag: false });
    expect(of(unmeant, step(t.holds('mallory.phone', bobsKey, t.fromBundle())))).toBe('holds');
    expect(of(written(), step(t.holds('mallory.phone', bobsKey, t.fromBundle())))).toBe('holds');
    const robbed = witness({ stolen: ['charlie.phone'] });
    expect(verdict(historyConfidentiality, [everybody('shared', 'bob.phone'), unmeant, imported], robbed)).toBe(
      'holds',
    );
    expect(of(step(t.holds('charlie.phone', 'nobody/1', t.fromBundle())))).toBe('holds');
    expect(of(unmeant, step(t.holds('charlie.phone', bobsKey, { how: 'backup', version: '1' })))).toBe('holds');
  });

  it('breaks where a room key is given to somebody whom only a server counts among the members', () => {
    // Nothing could be sealed for them.
    expect(of(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)])))).toBe('holds');
    expect(of(withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)]))))).toBe('breaks at bob.phone');
  });

  it('breaks where a bundle or its pointer goes in the clear', () => {
    const data = btoa(JSON.stringify({ room_keys: [{ session_id: bobsKey }], withheld: [] })).replaceAll('=', '');
    const upload = t.request('alice.phone', { method: 'POST', path: '/_matrix/media/v3/upload', body: { data } });
    expect(of(step(upload))).toBe('breaks at alice.phone');
    const content = { room_id: den, file: { url: t.bundleAt, key: { k: 'secret' } } };
    const path = '/_matrix/client/v3/sendToDevice/m.room_key_bundle/t1';
    const body = { messages: { [charlie]: { PHONE: content } } };
    expect(of(step(t.request('alice.phone', { method: 'PUT', path, body })))).toBe('breaks at alice.phone');
  });

  const ghost = (user: string) => ({ user, device: 'GHOST' });
  const toGhost = step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(alice), ghost(alice)], { index: 2 }));
  /** Players that servers run in the name of others; they never logged in. */
  const madeUp = step(
    t.publishesKeys('mallory.ghost', alice, 'GHOST'),
    t.publishesKeys('olga.ghost', charlie, 'GHOST'),
    t.publishesKeys('oscar.other', alice, 'OTHER'),
  );
  const learnt = (who: string, index: number, through: readonly string[]) =>
    step({ ...t.learns(who, bobsKey, 'it came', { through }), term: keyText(bobsKey, index) } as Moment);

  it('leaves to device-authenticity what came through a ghost, and judges whatever else is learned', () => {
    expect(of(madeUp, toGhost, learnt('mallory', 2, ['mallory.ghost']))).toBe('holds');
    expect(of(madeUp, toGhost, learnt('mallory', 5, ['mallory.ghost']))).toBe('holds');
    expect(of(madeUp, toGhost, learnt('mallory', 0, ['mallory.ghost']))).toBe('breaks at mallory');
    expect(of(madeUp, toGhost, learnt('eve', 2, ['mallory.ghost', 'alice.laptop']))).toBe('holds');
    expect(of(madeUp, toGhost, learnt('eve', 2, ['alice.laptop']))).toBe('breaks at eve');
    expect(of(madeUp, toGhost, step(t.learns('eve', bobsKey, 'it was seen')))).toBe('breaks at eve');
    expect(of(madeUp, written(), learnt('mallory', 2, ['mallory.ghost']))).toBe('breaks at mallory');
    const again = step(t.gives(bobsKey, [ghost(alice)], { index: 4 }));
    expect(of(madeUp, toGhost, again, learnt('mallory', 2, ['mallory.ghost']))).toBe('holds');
    expect(of(madeUp, toGhost, learnt('eve', 2, ['stranger.device']))).toBe('breaks at eve');
    const before = step(t.gives(bobsKey, [ghost(alice)], { index: 1 }));
    expect(of(madeUp, toGhost, before, learnt('mallory', 1, ['mallory.ghost']))).toBe('holds');
  });

  it('excuses by what one ghost was given no other ghost, be it of the same name or of the same user', () => {
    expect(of(comesIn, madeUp, toGhost, learnt('olga', 2, ['olga.ghost']))).toBe('breaks at olga');
    expect(of(madeUp, toGhost, learnt('oscar', 2, ['oscar.other']))).toBe('breaks at oscar');
    const toBoth = step(t.makes(bobsKey), t.gives(bobsKey, [ghost(alice), { user: alice, device: 'OTHER' }]));
    expect(of(madeUp, toBoth, learnt('oscar', 2, ['oscar.other']))).toBe('holds');
    expect(of(madeUp, toBoth, learnt('mallory', 2, ['mallory.ghost']))).toBe('holds');
  });

  it('knows a ghost by its login where it has one, and not by what a device of somebody else’s says', () => {
    const token = step(t.logsIn('eve.tablet', alice, 'GHOST'));
    expect(of(token, toGhost, learnt('eve', 2, ['eve.tablet']))).toBe('holds');
    const liar = step(t.publishesKeys('alice.laptop', alice, 'GHOST'));
    expect(of(liar, toGhost, learnt('eve', 2, ['alice.laptop']))).toBe('breaks at eve');
  });

  it('takes an attacker’s own device for no ghost', () => {
    const own = step(t.logsIn('eve.phone', '@eve:a.example', 'PHONE'));
    expect(of(own, toGhost, learnt('eve', 2, ['eve.phone']))).toBe('breaks at eve');
  });

  it('breaks where a thief reads with a stolen device what its owner was given', () => {
    const stolen = witness({ stolen: ['alice.laptop'] });
    const taken = step(t.learns('mallory', bobsKey, 'it was held', { through: ['alice.laptop'] }));
    expect(verdict(historyConfidentiality, [everybody('shared', 'bob.phone'), written(), taken], stolen)).toBe(
      'breaks at mallory',
    );
  });

  it('is accepted only where the warning stood before each message that a lie let out', () => {
    const closedSince = step(
      t.syncs('bob.phone', { visibility: 'joined' }),
      t.syncs('bob.phone', { visibility: 'shared' }),
    );
    expect(verdict(historyConfidentiality, deceived(toldSo, closedSince))).toBe('breaks at charlie.phone');
    expect(verdict(historyConfidentiality, deceived(toldSo, closedSince, toldSo))).toBe(
      'accepted by 4268-ui-sender-indicator',
    );
    const elsewhere = step(t.shown('bob.phone', 'history visible', { room: t.attic, visibility: 'shared' }));
    expect(verdict(historyConfidentiality, deceived(elsewhere))).toBe('breaks at charlie.phone');
    const other = step(t.shown('alice.phone', 'history visible', { visibility: 'shared' }));
    expect(verdict(historyConfidentiality, deceived(other))).toBe('breaks at charlie.phone');
    const late = [everybody('joined', 'bob.phone'), step(t.syncs('bob.phone', { visibility: 'shared' }))];
    expect(verdict(historyConfidentiality, [...late, written({ visibility: 'shared' }), toldSo, imported])).toBe(
      'breaks at charlie.phone',
    );
  });

  it('counts each whom nobody asked in', () => {
    const given = t.gives(bobsKey, [phoneOf(charlie), phoneOf(t.mallory), { user: charlie, device: 'LAPTOP' }]);
    const memory = historyConfidentiality.see(
      historyConfidentiality.begin,
      everybody('shared', 'bob.phone'),
      witness(),
    );
    const { breaks } = historyConfidentiality.see(memory.memory, withLetters(step(t.makes(bobsKey), given)), witness());
    expect(breaks.map(({ about }) => about)).toEqual([
      { is: 'member', room: den, user: charlie },
      { is: 'member', room: den, user: t.mallory },
    ]);
  });

  it('is silent where there is no room', () => {
    const [before] = [{ ...everybody(), moments: everybody().moments.slice(0, 4) }];
    const key = step(t.makes(bobsKey), t.learns('mallory', bobsKey, 'mallory opens the backup'));
    expect(verdict(historyConfidentiality, [before, key])).toBe('holds');
    expect(verdict(historyConfidentiality, [before, step(t.gives(bobsKey, [phoneOf(charlie)]))])).toBe('holds');
    const content = { room_id: den, session_key: 'in the clear' };
    const path = '/_matrix/client/v3/sendToDevice/m.room_key/t1';
    const open = t.request('alice.phone', {
      method: 'PUT',
      path,
      body: { messages: { [charlie]: { PHONE: content } } },
    });
    expect(verdict(historyConfidentiality, [before, step(open)])).toBe('holds');
    expect(of(step(open))).toBe('breaks at alice.phone');
    expect(of(step({ ...open, from: 'mallory.phone' } as Moment))).toBe('holds');
  });

  const found = (...steps: readonly Step[]) =>
    t.watched(historyConfidentiality, [everybody('shared', 'bob.phone'), ...steps]).breaks;

  it('says which key reached whom, and which letter brought it', () => {
    const about = { is: 'room key', room: den, sessionId: bobsKey };
    expect(found(written({ flag: false }), imported)).toEqual([
      {
        at: 'charlie.phone',
        about,
        why: 'charlie.phone is given a room key of bob.phone, who let nobody have it that came later',
        acceptedBy: null,
        origin: { brought: 'bundle', to: 'charlie.phone', url: t.bundleAt },
      },
    ]);
    expect(found(written(), step(t.learns('mallory', bobsKey, 'it was seen')))).toEqual([
      { at: 'mallory', about, why: 'mallory learns a room key of bob.phone: it was seen', acceptedBy: null },
    ]);
    expect(found(withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)]))))).toEqual([
      {
        at: 'bob.phone',
        about: { is: 'member', room: den, user: charlie },
        why: `bob.phone gives a room key to ${charlie}, whom nobody has asked into ${den}`,
        acceptedBy: null,
      },
    ]);
    const path = '/_matrix/client/v3/sendToDevice/m.room_key/t1';
    const body = { messages: { [charlie]: { PHONE: { room_id: den, session_key: 'in the clear' } } } };
    expect(found(step(t.request('alice.phone', { method: 'PUT', path, body })))).toEqual([
      {
        at: 'alice.phone',
        about: { is: 'room', room: den },
        why: 'alice.phone sends m.room_key in the clear: a.example reads the room keys',
        acceptedBy: null,
      },
    ]);
  });

  it('happens where a later member holds on another’s word what its maker lets them have, and nowhere else', () => {
    const holds = (player: string, origin = t.fromBundle(), session = bobsKey) =>
      step(t.holds(player, session, origin));
    expect(of(written(), comesIn, holds('charlie.phone'))).toBe('holds (it happens)');
    const forwarded = { how: 'forwarded', user: alice, device: 'PHONE' } as const;
    expect(of(written(), comesIn, step(t.holds('charlie.phone', bobsKey, forwarded)))).toBe('holds (it happens)');
    expect(of(written(), comesIn, step(t.holds('charlie.phone', bobsKey, { how: 'export' })))).toBe('holds');
    expect(of(written(), holds('alice.laptop', t.fromBundle(bob)))).toBe('holds');
    expect(of(written(), comesIn, holds('charlie.tablet'))).toBe('holds');
    expect(of(comesIn, holds('charlie.phone', t.fromBundle(), 'nobody/1'))).toBe('holds');
    expect(of(written({ flag: false }), comesIn, holds('charlie.phone'))).toBe('breaks at charlie.phone');
  });

  it('asks whenever it goes out, be it long after it was meant', () => {
    const given = withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)])));
    const refused = given.moments.map((one) => (one.kind === 'request' ? { ...one, status: 503 } : one));
    const letter = given.moments.filter(({ kind }) => kind === 'request');
    expect(of(step(refused))).toBe('holds');
    expect(of(step(refused), step(letter))).toBe('breaks at bob.phone');
    expect(of(step(refused), comesIn, step(letter))).toBe('holds');
  });

  it('asks honest devices to whom they give room keys, and each that was ever asked in may have them', () => {
    const given = withLetters(step(t.gives('mallory.phone/1', [phoneOf(charlie)])));
    expect(of(step(t.logsIn('mallory.phone', t.mallory, 'PHONE')), given)).toBe('holds');
    expect(of(comesIn, withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)]))))).toBe('holds');
    const left = step(t.leaves('charlie.phone'));
    expect(of(comesIn, left, withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)]))))).toBe('holds');
    expect(
      found(withLetters(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(alice), phoneOf(charlie)])))),
    ).toHaveLength(1);
  });

  it('takes whoever learns for who they are: what is learned of no key, or is passed on by nobody, is theirs', () => {
    const nonsense = { ...t.learns('mallory', bobsKey, 'it was seen'), term: 'no key' } as Moment;
    expect(of(written(), step(nonsense))).toBe('holds');
    const shared = step(t.learns('eve', bobsKey, 'it was passed on', { sharedBy: 'mallory' }));
    expect(of(written(), shared)).toBe('breaks at eve');
    expect(of(written(), step(t.learns('charlie', bobsKey, 'it was seen')))).toBe('breaks at charlie');
    expect(of(written(), comesIn, step(t.learns('charlie', bobsKey, 'it was seen')))).toBe('holds');
    expect(of(written(), step(t.learns('alice', bobsKey, 'it was seen')))).toBe('holds');
  });

  it('concedes to a member what the maker was warned of, and to nobody else', () => {
    const joined = [comesIn, step(t.learns('charlie', bobsKey, 'it was seen'))];
    const lied = (...steps: readonly Step[]) =>
      verdict(historyConfidentiality, [
        everybody('joined', 'bob.phone'),
        step(t.syncs('bob.phone', { visibility: 'shared' })),
        toldSo,
        written({ visibility: 'shared' }),
        ...steps,
      ]);
    expect(lied(...joined)).toBe('accepted by 4268-ui-sender-indicator');
    expect(lied(comesIn, step(t.learns('mallory', bobsKey, 'it was seen')))).toBe('breaks at mallory');
    expect(lied(comesIn, step(t.leaves('charlie.phone')), step(t.learns('charlie', bobsKey, 'it was seen')))).toBe(
      'breaks at charlie',
    );
    expect(lied(step(t.learns('charlie', bobsKey, 'it was seen')))).toBe('breaks at charlie');
  });

  it('remembers nothing of what says nothing new, and a ghost once', () => {
    const news = (last: Step, ...steps: readonly Step[]) =>
      t.isNews(historyConfidentiality, [everybody('shared', 'bob.phone'), ...steps], last);
    expect(news(step(t.writes('bob.phone', 'hello')))).toBe(false);
    expect(news(step(t.request('bob.phone', { method: 'GET', path: '/_matrix/client/v3/sync' })))).toBe(false);
    expect(news(step(t.publishesKeys('bob.phone', bob, 'PHONE')))).toBe(false);
    expect(news(madeUp)).toBe(true);
  });
});
