/** What a user chose, what is written and shown, and what clients go by, moment by moment. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { alice, everybody, heard, logsIn, request, server, step, stores, witness } from '../testing.ts';
import { noPreferences, type Preferences, preferencesAfter } from './preferences.ts';

const [phone, laptop, tablet] = ['alice.phone', 'alice.laptop', 'alice.tablet'];
const [stable, interim] = ['m.key_backup', 'm.org.matrix.custom.backup_disabled'];
const cast = witness({ implements: { MSC4287: 'merged', MSC1219: 'spec-v1.19' } });
const robbed = witness({ implements: { MSC4287: 'merged' }, stolen: [phone] });
const aside = (...players: readonly PlayerId[]) => ({
  ...cast,
  option: (player: PlayerId) => (players.includes(player) ? 'ignore' : undefined),
});

const does = (what: string, detail: Record<string, string> = {}, player = phone): Moment => ({
  kind: 'acted',
  player,
  what,
  detail,
});
const sets = (content: string, type = stable) => does('set account data', { type, content });
const decides = (player: PlayerId, isOn: boolean, why: 'preference' | 'own default' | 'user'): Moment =>
  stores(player, { patch: 'backup preference', isOn, why });
const writes = (body: Json, type = stable, user = alice): Moment =>
  request(phone, { method: 'PUT', path: paths.accountData(user, type), body });
const lies = (after: Json, more: { victim?: PlayerId | null; type?: string | null } = {}): Moment => {
  const { victim = phone, type = stable } = more;
  return {
    kind: 'forged',
    player: 'oscar',
    server,
    victim,
    what: 'shows other account data',
    ...(type === null ? {} : { accountData: type }),
    before: null,
    after,
  };
};
const isTrueAgain = { ...lies(null), isTruthAgain: true } as Moment;
const start = everybody().moments.reduce(
  (memory, moment) => preferencesAfter(memory, moment, everybody(), cast),
  noPreferences,
);
const told = (moments: readonly Moment[], who = cast): Preferences =>
  moments.reduce((memory, moment) => preferencesAfter(memory, moment, step(moment), who), start);

describe('what a user chose', () => {
  it.each<[what: string, chosen: boolean]>([
    ['turn backup on', true],
    ['create backup', true],
    ['reset backup', true],
    ['turn backup off', false],
    ['delete backup', false],
  ])('is told by what she did: %s', (what, chosen) => {
    expect(told([does(what)])).toMatchObject({ chosen: { alice: chosen }, chosenOn: { alice: phone } });
  });

  it.each<[content: string, type: string, chosen: boolean | undefined]>([
    ['{"enabled":true}', stable, true],
    ['{"enabled":false}', stable, false],
    ['{"disabled":true}', interim, false],
    ['{"disabled":false}', interim, true],
    ['{"enabled":1}', stable, undefined],
    ['null', stable, undefined],
    ['{"disabled":true}', 'm.direct', undefined],
  ])('is told by what she wrote: %s as %s', (content, type, chosen) => {
    expect(told([sets(content, type)]).chosen.alice).toBe(chosen);
  });

  it('is what people do who are in charge of the client, where it records that', () => {
    expect(told([does('verify')]).chosen).toEqual({});
    expect(told([does('turn backup off')], robbed).chosen).toEqual({});
    expect(told([does('turn backup off')], aside(phone)).chosen).toEqual({});
    expect(told([does('turn backup off')], witness()).chosen).toEqual({});
    expect(preferencesAfter(start, does('turn backup off'), everybody(), cast)).toBe(start);
  });

  it('is what she answers when she is asked, for clients that keep to it together', () => {
    expect(told([decides(phone, false, 'user')])).toMatchObject({
      chosen: { alice: false },
      chosenOn: { alice: phone },
    });
    expect(told([decides(phone, false, 'preference')]).chosen).toEqual({});
    expect(told([decides(phone, false, 'user')], robbed).chosen).toEqual({});
    const local = { ...aside(phone), off: () => true };
    expect(told([decides(phone, false, 'user')], local).chosen).toEqual({});
  });
});

describe('what is written in an account', () => {
  it('is kept by type, with what it says', () => {
    const byServer = false;
    expect(told([writes({ enabled: false }), writes({ disabled: false }, interim)]).written).toEqual({
      alice: { [stable]: { says: 'off', byServer }, [interim]: { says: 'on', byServer } },
    });
    expect(told([writes({ enabled: 1 })]).written).toEqual({ alice: { [stable]: { says: 'unusable', byServer } } });
  });

  it('is nothing of other types, or of accounts that are nobody’s', () => {
    expect(told([writes({ enabled: false }, 'm.direct')])).toBe(start);
    expect(told([writes({ enabled: false }, stable, '@a:elsewhere.example')])).toBe(start);
    expect(told([heard(phone, { type: 'x' } as never)])).toBe(start);
  });

  it('is the server’s own doing where nobody signed in who wrote it', () => {
    const ghost = { ...writes({ enabled: false }), from: 'oscar.ghost' } as Moment;
    expect(told([ghost]).written).toEqual({ alice: { [stable]: { says: 'off', byServer: true } } });
  });
});

describe('what a server shows instead', () => {
  const byServer = true;

  it('is kept by device and type, until it shows the truth again', () => {
    expect(told([lies({ enabled: true }), lies({ disabled: true }, { type: interim })]).lies).toEqual({
      [phone]: { [stable]: { says: 'on', byServer }, [interim]: { says: 'off', byServer } },
    });
    expect(told([lies(null)]).lies).toEqual({ [phone]: { [stable]: { says: 'nothing', byServer } } });
    expect(told([lies({ enabled: true }), isTrueAgain]).lies).toEqual({ [phone]: {} });
    expect(told([lies({ enabled: true }), lies({ enabled: true }, { victim: laptop }), isTrueAgain]).lies).toEqual({
      [phone]: {},
      [laptop]: { [stable]: { says: 'on', byServer } },
    });
  });

  it('is nothing where it lies to nobody in particular, or about something else', () => {
    expect(told([lies({ enabled: true }, { victim: null })])).toBe(start);
    expect(told([lies({ enabled: true }, { type: 'm.direct' })])).toBe(start);
    expect(told([lies({ enabled: true }, { type: null })])).toBe(start);
  });
});

describe('what a client goes by', () => {
  const by = (...moments: readonly Moment[]) => told(moments).decided[phone];

  it('is remembered with what stood in the account then', () => {
    expect(by(decides(phone, true, 'own default'))).toEqual({
      isOn: true,
      why: 'own default',
      isMisled: false,
      found: 'nothing',
    });
    expect(by(writes({ enabled: 0 }), decides(phone, true, 'own default'))?.found).toBe('unusable');
    expect(by(writes({ enabled: true }), decides(phone, true, 'preference'))?.found).toBe('value');
    expect(by(writes({ enabled: false }), decides(phone, false, 'preference'))?.found).toBe('value');
    expect(
      by(writes({ enabled: 0 }), writes({ disabled: true }, interim), decides(phone, false, 'preference'))?.found,
    ).toBe('value');
  });

  it('is misled where the server made up what it follows, or that there is nothing', () => {
    const isMisled = (...moments: readonly Moment[]) => by(...moments)?.isMisled;
    expect(isMisled(lies({ enabled: true }), decides(phone, true, 'preference'))).toBe(true);
    expect(isMisled(lies({ enabled: true }), decides(phone, false, 'preference'))).toBe(false);
    expect(isMisled(lies(null), decides(phone, false, 'own default'))).toBe(true);
    expect(isMisled(lies({ enabled: 0 }), decides(phone, false, 'own default'))).toBe(true);
    expect(isMisled(lies(null), isTrueAgain, decides(phone, false, 'own default'))).toBe(false);
    expect(isMisled(lies(null), decides(phone, false, 'user'))).toBe(false);
    expect(isMisled(writes({ enabled: true }), decides(phone, true, 'preference'))).toBe(false);
  });
});

describe('newcomers', () => {
  const comes = logsIn(tablet, alice, 'TABLET');

  it('are those that sign in in the story, after their user had chosen or before', () => {
    expect(start.newcomers).toEqual({});
    expect(told([comes]).newcomers).toEqual({ [tablet]: false });
    expect(told([does('turn backup off'), comes]).newcomers).toEqual({ [tablet]: true });
    expect(told([does('turn backup off'), logsIn('bob.tablet', '@bob:a.example', 'TABLET')]).newcomers).toEqual({
      'bob.tablet': false,
    });
  });

  it('are clients of users, that know of the preference', () => {
    expect(told([logsIn('mallory.burner', alice, 'BURNER')]).newcomers).toEqual({});
    expect(told([comes], witness()).newcomers).toEqual({});
  });

  it('are nobody where the answer to a login got lost', () => {
    expect(told([does('turn backup off'), { ...comes, lost: true } as Moment]).newcomers).toEqual({});
  });
});
