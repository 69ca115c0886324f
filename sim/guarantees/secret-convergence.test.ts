/** Which devices lack the secrets that work, and what excuses it. On steps made by hand; the rest stands in `secrets.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts, SecretOrigin } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { secretConvergence } from './secret-convergence.ts';
import * as t from './testing.ts';
import type { Witness } from './types.ts';

const { alice, breakOf, everybody, request, server, shown, step, stores, verdict, watched, witness } = t;
const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const backup = 'm.megolm_backup.v1';
const master = 'm.cross_signing.master';
const pushText = { MSC4385: 'push-variant', MSC1219: 'spec-v1.19' };
const sendText = { MSC4385: 'send-variant', MSC1219: 'spec-v1.19' };
const cast = witness({ implements: pushText });
const robbed = witness({ implements: pushText, stolen: [laptop] });

const half = (secret: string): string => `${secret} public`;
const has = (player: PlayerId, secret: string, origin: SecretOrigin = { how: 'made' }, name = backup): Moment =>
  stores(player, { patch: 'secret', name, held: { secret, public: half(secret), origin } });
const pushed: SecretOrigin = { how: 'push', user: alice, device: 'PHONE' };
const version = (player: PlayerId, number: string, secret: string): Moment =>
  request(
    player,
    { method: 'POST', path: paths.backupVersions, body: { algorithm: 'a', auth_data: { public_key: half(secret) } } },
    { version: number },
  );
const publishes = (player: PlayerId, secret: string): Moment =>
  request(player, {
    method: 'POST',
    path: paths.deviceSigningUpload,
    body: { master_key: { keys: { [`ed25519:${half(secret)}`]: half(secret) } } },
  });
/** A secret comes to a device of Alice's from another of hers, as its letter opens. */
const comes = (to: PlayerId, content: Readonly<Record<string, string>> | null, device = 'PHONE'): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type: content === null ? 'm.secret.push' : 'm.room.encrypted', content: { name: backup, secret: 'new' } },
  opened: content === null ? null : { type: 'm.secret.push', content },
  facts: { encrypted: content !== null, sender: { curve25519: 'c', device } } as EnvelopeFacts,
});
/** A push of that value comes, and its person is asked about it. */
const asks = (player: PlayerId, name = backup, secret = 'new', device = 'PHONE'): readonly Moment[] => [
  comes(player, { name, secret }, device),
  shown(player, 'secret pushed', { name, device }),
];
const does = (player: PlayerId, what: string, detail: Readonly<Record<string, string>> = {}): Moment => ({
  kind: 'acted',
  player,
  what,
  detail,
});
const to = { user: alice, device: 'PHONE' };
/** A device asks its sibling for a secret, or calls that off. */
const question = (player: PlayerId, name = backup, action = 'request'): Moment =>
  request(player, {
    method: 'PUT',
    path: paths.sendToDevice('m.secret.request', 't'),
    body: { messages: { [alice]: { PHONE: { action, name, request_id: 'r' } } } },
  });
/** A device hands out a secret to be sealed for that one. */
const sendsOut = (player: PlayerId, secret: string, device: string): Moment =>
  t.heard(player, {
    type: 'envelope.outgoing',
    message: { type: 'm.secret.push', content: { name: backup, secret }, encrypt: true, to: [{ user: alice, device }] },
  });

/** Version 1 with key `old` and the identity `first` stand, and both devices have both. */
const before: Step = {
  choice: everybody().choice,
  moments: [
    ...everybody().moments,
    publishes(phone, 'first'),
    version(phone, '1', 'old'),
    ...[phone, laptop].flatMap((player) => [has(player, 'old'), has(player, 'first', undefined, master)]),
  ],
};
type Told = readonly (Moment | readonly Moment[])[];
const asSteps = (moments: Told) => [before, ...moments.flat().map((moment) => step(moment))];
const said = (moments: Told, who: Witness = cast) => verdict(secretConvergence, asSteps(moments), who);
const withNew = [version(phone, '2', 'new'), has(phone, 'new')];
const lacks = `breaks at ${laptop}`;

describe('secret-convergence', () => {
  it('says who lacks which secret, and counts each', () => {
    expect(breakOf(secretConvergence, asSteps(withNew), cast)).toEqual({
      at: laptop,
      about: { is: 'secret', user: 'alice', name: backup },
      why: `${laptop} does not hold the ${backup} that works now`,
      acceptedBy: null,
    });
    const again = [publishes(phone, 'next'), has(phone, 'next', undefined, master), t.signs(phone, alice, 'LAPTOP')];
    const { breaks } = watched(secretConvergence, asSteps([...withNew, ...again]), cast);
    expect(breaks.map(({ at, about }) => [at, about?.is === 'secret' && about.name])).toEqual([
      [laptop, backup],
      [laptop, master],
    ]);
    const both = watched(secretConvergence, asSteps([version(phone, '2', 'lost')]), cast).breaks;
    expect(both.map(({ at }) => at)).toEqual([phone, laptop]);
  });

  it('asks only signed devices, in good hands, that are still there', () => {
    const unsigned = { ...cast, signedAtStart: (player: PlayerId) => player !== laptop };
    expect(said(withNew, unsigned)).toBe('holds');
    expect(said(withNew, robbed)).toBe('holds');
    expect(said([...withNew, request(laptop, { method: 'POST', path: paths.logout })])).toBe('holds');
    const tablet = t.logsIn('alice.tablet', alice, 'TABLET');
    expect(said([tablet])).toBe('holds');
    const signed = [tablet, t.signs(phone, alice, 'TABLET')];
    const there = { ...cast, signedAtStart: (player: PlayerId) => player !== 'alice.tablet' };
    expect(said([...signed], there)).toBe('breaks at alice.tablet');
  });

  it('asks for a backup’s key of which nobody has ever made one, and of each user by themselves', () => {
    const bare: Step = { ...before, moments: everybody().moments };
    expect(verdict(secretConvergence, [bare], cast)).toBe('holds');
    expect(verdict(secretConvergence, [bare, step(version('bob.phone', '1', 'lost'))], cast)).toBe(
      'breaks at bob.phone',
    );
    const bobs = [version('bob.phone', '7', 'bobs'), has('bob.phone', 'bobs')];
    expect(said(bobs)).toBe('holds');
    const hers = watched(secretConvergence, asSteps([version('bob.phone', '7', 'new'), has(phone, 'new')]), cast);
    expect(hers.breaks.map(({ at }) => at)).toEqual([phone, 'bob.phone']);
  });

  it('asks for a secret without a public half as it was last made', () => {
    const name = 'org.example.secret';
    const makes = (player: PlayerId, secret: string, origin?: SecretOrigin) => has(player, secret, origin, name);
    expect(said([makes(phone, 'one')])).toBe(lacks);
    expect(said([makes(phone, 'one'), makes(laptop, 'one', pushed)])).toBe('holds (it happens)');
    expect(said([makes(phone, 'one'), makes(laptop, 'one', pushed), makes(phone, 'two')])).toBe(
      `${lacks} (it happens)`,
    );
    expect(said([makes(laptop, 'one', pushed)])).toBe('holds (it happens)');
  });

  it('goes by what a device holds: it forgets, and comes up from a copy', () => {
    const forgets = (player: PlayerId, name = backup) => stores(player, { patch: 'forget secret', name });
    expect(said([forgets(laptop)])).toBe(lacks);
    expect(said([forgets(laptop, master)])).toBe(lacks);
    expect(said([forgets(laptop, 'org.example.other')])).toBe('holds');
    expect(said([forgets('bob.phone')])).toBe('holds');
    const restarts = (secrets: Readonly<Record<string, string>>): Moment => ({
      kind: 'restarted',
      player: laptop,
      holds: { secrets, roomKeys: {}, backup: null },
    });
    expect(said([restarts({ [backup]: 'old', [master]: 'first' })])).toBe('holds');
    expect(said([restarts({ [master]: 'first' })])).toBe(lacks);
    expect(said([...withNew, has(laptop, 'new', pushed), restarts({ [backup]: 'old', [master]: 'first' })])).toBe(
      `${lacks} (it happens)`,
    );
    expect(said([{ kind: 'restarted', player: laptop }])).toBe('holds');
  });

  it('counts nothing that a device held before it logged in anew', () => {
    const anew = t.logsIn(laptop, alice, 'LAPTOP');
    expect(said([anew])).toBe('holds');
    expect(said([anew, t.signs(phone, alice, 'LAPTOP')])).toBe(lacks);
  });

  it('happens where an honest device takes over what another has changed, in the story', () => {
    const asked: SecretOrigin = { how: 'request', user: alice, device: 'PHONE' };
    expect(said([has(laptop, 'old', pushed)])).toBe('holds (it happens)');
    expect(said([has(laptop, 'old', asked)])).toBe('holds (it happens)');
    expect(said([has(laptop, 'old', { how: 'entered' })])).toBe('holds');
    expect(said([has(laptop, 'old')])).toBe('holds');
    expect(said([has(laptop, 'old', pushed)], robbed)).toBe('holds');
    const early: Step = { ...before, moments: [...before.moments, has(laptop, 'old', pushed)] };
    expect(verdict(secretConvergence, [early], cast)).toBe('holds');
  });
});

describe('secret-convergence, where somebody turns a push down', () => {
  const prompt = 'accepted by 4385-push-may-prompt';

  it('is accepted for what they turned down, by the sentence of their text', () => {
    const refused = [...withNew, asks(laptop), does(laptop, 'refuses')];
    expect(said(refused)).toBe(prompt);
    expect(said(refused, witness({ implements: sendText }))).toBe('accepted by 4385-send-may-prompt');
    expect(said(refused, witness({ implements: { ...pushText, MSC4385: 'none' } }))).toBe(lacks);
  });

  it('is not for what they accept, or do not answer, or were not asked', () => {
    expect(said([...withNew, asks(laptop), does(laptop, 'accepts')])).toBe(lacks);
    expect(said([...withNew, asks(laptop)])).toBe(lacks);
    expect(said([...withNew, does(laptop, 'refuses')])).toBe(lacks);
    expect(said([...withNew, asks(laptop), does(laptop, 'verified')])).toBe(lacks);
    expect(said([...withNew, asks(laptop), does(phone, 'refuses')])).toBe(lacks);
    expect(said([...withNew, shown(laptop, 'secret lost', { name: backup }), does(laptop, 'refuses')])).toBe(lacks);
  });

  it('is asked about once: who answers has answered', () => {
    expect(said([asks(laptop), does(laptop, 'accepts'), ...withNew, does(laptop, 'refuses')])).toBe(lacks);
    expect(said([asks(laptop, backup, 'old'), does(laptop, 'refuses'), ...withNew, does(laptop, 'refuses')])).toBe(
      lacks,
    );
    expect(said([asks(laptop), does(laptop, 'verified'), ...withNew, does(laptop, 'refuses')])).toBe(prompt);
  });

  it('is about the secret that they were asked about, as it is then', () => {
    expect(said([...withNew, asks(laptop, master), does(laptop, 'refuses')])).toBe(lacks);
    expect(said([...withNew, asks(laptop), asks(laptop, master), does(laptop, 'refuses')])).toBe(lacks);
    const again = [version(phone, '3', 'newer'), has(phone, 'newer')];
    expect(said([...withNew, asks(laptop), does(laptop, 'refuses'), ...again])).toBe(lacks);
    const lost = [version(phone, '2', 'lost'), asks(laptop), does(laptop, 'refuses')];
    expect(said(lost)).toBe(`breaks at ${phone}`);
    expect(watched(secretConvergence, asSteps(lost), cast).breaks.map(({ acceptedBy }) => acceptedBy)).toEqual([
      null,
      null,
    ]);
    const back = [has(phone, 'lost')];
    expect(said([...lost, ...back])).toBe(lacks);
  });

  it('is for the value that was offered, by that device: another offer turned down excuses nothing', () => {
    const refused = (...offers: readonly (readonly Moment[])[]) =>
      said([...offers, does(laptop, 'refuses'), ...withNew]);
    expect(refused(asks(laptop))).toBe(prompt);
    expect(refused(asks(laptop, backup, 'evil'))).toBe(lacks);
    expect(refused([comes(laptop, { name: backup, secret: 'new' })], asks(laptop, backup, 'evil', 'TABLET'))).toBe(
      lacks,
    );
    const unseen = shown(laptop, 'secret pushed', { name: backup, device: 'TABLET' });
    expect(refused([comes(laptop, { name: backup, secret: 'new' }), unseen])).toBe(lacks);
  });

  it('is for the value that was asked about, which need not be the one that came last', () => {
    const offers = ['new', 'mistyped'].map((secret) => comes(laptop, { name: backup, secret }));
    const asked = (secret: string) => shown(laptop, 'secret pushed', { name: backup, public: half(secret) });
    const refused = (secret: string) => said([...withNew, offers, asked(secret), does(laptop, 'refuses')]);
    expect([refused('new'), refused('mistyped')]).toEqual([prompt, lacks]);
  });

  it('is nothing where the secret is one that nobody has', () => {
    const strange = [asks(laptop, 'org.example.other'), does(laptop, 'refuses')];
    expect(said(strange)).toBe('holds');
    expect(said([...withNew, ...strange])).toBe(lacks);
  });

  it('is over once they ask for it, take it, or are answered, and not for another secret', () => {
    const refused = [...withNew, asks(laptop), does(laptop, 'refuses')];
    expect(said([...refused, does(laptop, 'request secret', { name: backup })])).toBe(lacks);
    expect(said([...refused, does(laptop, 'request secret', { name: master })])).toBe(prompt);
    expect(said([...refused, does(phone, 'request secret', { name: backup })])).toBe(prompt);
    expect(said([...refused, question(laptop)])).toBe(prompt); // by itself: its person has not changed their mind
    expect(said([...refused, asks(laptop), does(laptop, 'accepts')])).toBe(lacks);
    expect(said([...refused, asks(laptop, backup, 'evil', 'TABLET'), does(laptop, 'accepts')])).toBe(prompt);
    expect(said([...refused, has(laptop, 'evil', { how: 'request', ...to })])).toBe(`${lacks} (it happens)`);
    const loses = stores(laptop, { patch: 'forget secret', name: backup });
    expect(said([...refused, has(laptop, 'new', pushed), loses])).toBe(`${lacks} (it happens)`);
    expect(said([...refused, t.logsIn(laptop, alice, 'LAPTOP'), t.signs(phone, alice, 'LAPTOP')])).toBe(lacks);
  });

  it('is not for what its device holds', () => {
    const loses = stores(laptop, { patch: 'forget secret', name: backup });
    const held = [...withNew, has(laptop, 'new', { how: 'entered' })];
    expect(said([...held, asks(laptop), does(laptop, 'refuses'), loses])).toBe(lacks);
  });

  it('stays, whatever else they turn down of that name', () => {
    const refused = [...withNew, asks(laptop), does(laptop, 'refuses')];
    for (const other of ['evil', 'old'])
      expect(said([...refused, asks(laptop, backup, other, 'TABLET'), does(laptop, 'refuses')])).toBe(prompt);
  });

  it('turns down what works, whatever else they turned down before', () => {
    const both = [asks(laptop, master), does(laptop, 'refuses'), ...withNew, asks(laptop), does(laptop, 'refuses')];
    expect(said(both)).toBe(prompt);
    expect(
      said([...withNew, asks(laptop), does(laptop, 'refuses'), asks(laptop, master), does(laptop, 'refuses')]),
    ).toBe(prompt);
  });
});

describe('secret-convergence, where a client has no support', () => {
  /** The laptop knows of no such text. */
  const old = (texts: Readonly<Record<string, string>> = pushText, off: readonly string[] = []): Witness => {
    const all = witness({ implements: texts, off });
    return { ...all, implementsText: (player, text) => player !== laptop && all.implementsText(player, text) };
  };
  const wasted = 'accepted by 4385-push-legacy-wasted';
  const isNew = { name: backup, secret: 'new' };

  it('is not where none of her devices sent it, but a thief’s, or one that nobody logged in', () => {
    expect(said([...withNew, comes(laptop, isNew, 'GHOST')], old())).toBe(lacks);
    const thief = { ...old(), honest: (player: PlayerId) => player !== phone };
    expect(watched(secretConvergence, asSteps([...withNew, comes(laptop, isNew)]), thief).memory).toMatchObject({
      wasted: {},
    });
  });

  it('is accepted for the secret that was wasted on it, by the sentence of the text that the others go by', () => {
    expect(said([...withNew, comes(laptop, isNew)], old())).toBe(wasted);
    expect(said([...withNew, comes(laptop, isNew)], old(sendText))).toBe('accepted by 4385-send-legacy-wasted');
    expect(said([...withNew, comes(laptop, isNew)], old({ ...pushText, MSC4385: 'none' }))).toBe(lacks);
  });

  it('is not where the letter did not open, says no name or no secret, or came to somebody else', () => {
    expect(said([...withNew, comes(laptop, null)], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, { secret: 'new' })], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, { name: backup })], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, { name: master, secret: 'new' })], old())).toBe(lacks);
    expect(said([...withNew, comes(phone, isNew)], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, { name: backup, secret: 'other' })], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, isNew), comes(laptop, { name: backup, secret: 'old' })], old())).toBe(lacks);
    expect(said([...withNew, comes(laptop, isNew), comes(laptop, { name: master, secret: 'first' })], old())).toBe(
      wasted,
    );
  });

  it('is not where its client supports it, or it came before the story', () => {
    expect(said([...withNew, comes(laptop, isNew)])).toBe(lacks);
    const early: Step = { ...before, moments: [...before.moments, ...withNew, comes(laptop, isNew)] };
    expect(verdict(secretConvergence, [early], old())).toBe(lacks);
  });

  it('is not where what is not understood takes down what came behind it', () => {
    for (const off of ['4385-push-legacy-wasted', '4385-push-legacy-ignore'])
      expect(said([...withNew, comes(laptop, isNew)], old(pushText, [off]))).toBe(lacks);
    for (const off of ['4385-send-legacy-wasted', '4385-send-legacy-discard'])
      expect(said([...withNew, comes(laptop, isNew)], old(sendText, [off]))).toBe(lacks);
    expect(said([...withNew, comes(laptop, isNew)], old(pushText, ['4385-push-may-prompt']))).toBe(wasted);
  });

  describe('and a push was wasted on it, is left behind', () => {
    const waste = [...withNew, comes(laptop, isNew)];

    it('until it asks, whoever answers, and whatever', () => {
      expect(said([...waste, question(laptop)], old())).toBe(lacks);
      expect(said([...waste, does(laptop, 'request secret', { name: backup })], old())).toBe(lacks);
      expect(said([...waste, question(laptop, master)], old())).toBe(wasted);
      expect(said([...waste, does(laptop, 'request secret', { name: master })], old())).toBe(wasted);
      expect(said([...waste, question(phone)], old())).toBe(wasted);
      expect(said([...waste, question(laptop, backup, 'request_cancellation')], old())).toBe(wasted);
      expect(said([question(laptop), ...waste], old())).toBe(wasted);
    });

    it('until it is answered, be it to a question of before', () => {
      const answers = (secret: string, name = backup) => has(laptop, secret, { how: 'request', ...to }, name);
      expect(said([...waste, answers('older')], old())).toBe(`${lacks} (it happens)`);
      expect(said([...waste, answers('first', master)], old())).toBe(`${wasted} (it happens)`);
      expect(said([...waste, has(laptop, 'typed', { how: 'entered' })], old())).toBe(wasted);
    });

    it('until it has the key after all: what it does to that is its own doing', () => {
      const loses = stores(laptop, { patch: 'forget secret', name: backup });
      expect(said([...waste, loses], old())).toBe(wasted);
      expect(said([...waste, has(laptop, 'new', { how: 'entered' }), loses], old())).toBe(lacks);
      expect(said([...withNew, has(laptop, 'new', { how: 'entered' }), comes(laptop, isNew), loses], old())).toBe(
        lacks,
      );
    });

    it('until it begins anew', () => {
      const anew = [t.logsIn(laptop, alice, 'LAPTOP'), t.signs(phone, alice, 'LAPTOP')];
      expect(said([...waste, ...anew], old())).toBe(lacks);
      expect(said([...waste, t.logsIn('bob.phone', '@bob:a.example', 'PHONE')], old())).toBe(wasted);
    });

    it('until it has the text and is sent the key again, whatever becomes of that', () => {
      const updated = (...later: readonly Moment[]) => {
        const memory = asSteps(waste).reduce(
          (now, one) => secretConvergence.see(now, one, old()).memory,
          secretConvergence.begin,
        );
        const last = later.reduce((now, one) => secretConvergence.see(now, step(one), cast).memory, memory);
        return secretConvergence.end?.(last, cast)[0]?.acceptedBy;
      };
      expect(updated()).toBe('4385-push-legacy-wasted');
      expect(updated(sendsOut(phone, 'new', 'LAPTOP'))).toBeNull();
      expect(updated(comes(laptop, isNew))).toBeNull();
      expect(updated(sendsOut(phone, 'older', 'LAPTOP'))).toBe('4385-push-legacy-wasted');
      expect(updated(sendsOut(phone, 'new', 'TABLET'))).toBe('4385-push-legacy-wasted');
      expect(said([...waste, sendsOut(phone, 'new', 'LAPTOP')], old())).toBe(wasted);
    });

    it('and again where another push is wasted on it since', () => {
      expect(said([...waste, question(laptop), comes(laptop, isNew)], old())).toBe(wasted);
    });

    it('and nothing is remembered of it that is over', () => {
      const { memory } = watched(secretConvergence, asSteps([...waste, question(laptop)]), old());
      expect(memory).toMatchObject({ wasted: {} });
    });
  });

  it('remembers of letters nothing but what was wasted, and what people with support may be asked about', () => {
    const memory = (moment: Moment) => JSON.stringify(watched(secretConvergence, asSteps([moment]), old()).memory);
    const nothing = memory(t.writes(phone, 'hello'));
    for (const content of [null, { secret: 'new' }, { name: backup }])
      expect(memory(comes(laptop, content))).toBe(nothing);
    expect(memory(comes(phone, isNew))).toContain('"offered":{"alice.phone"');
    expect(memory(comes(laptop, isNew))).toContain('"offered":{}');
    expect(memory(comes(laptop, isNew))).not.toBe(nothing);
  });
});
