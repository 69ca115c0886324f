/** Whose backup it is that room keys go to. On steps made by hand; the rest stands in `secrets.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts, SecretOrigin } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { backupKeyIntegrity } from './backup-key-integrity.ts';
import * as t from './testing.ts';
import type { Witness } from './types.ts';

const { alice, breakOf, everybody, request, step, stores, verdict, watched, witness } = t;
const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const backup = 'm.megolm_backup.v1';
const argument = '4385-both-compromise-argument';
const texts = { MSC4385: 'push-variant', MSC1219: 'spec-v1.19' };
const cast = witness({ implements: texts });
const robbed = witness({ implements: texts, stolen: [laptop] });

const half = (secret: string): string => `${secret} public`;
const has = (player: PlayerId, secret: string, origin: SecretOrigin = { how: 'made' }, name = backup): Moment =>
  stores(player, { patch: 'secret', name, held: { secret, public: half(secret), origin } });
const pushed: SecretOrigin = { how: 'push', user: alice, device: 'LAPTOP' };
const version = (player: PlayerId, number: string, secret: string | null): Moment => {
  const body = { algorithm: 'a', auth_data: secret === null ? {} : { public_key: half(secret) } };
  return request(player, { method: 'POST', path: paths.backupVersions, body }, { version: number });
};
const uses = (player: PlayerId, secret: string): Moment =>
  stores(player, { patch: 'backup', backup: { version: '2', publicKey: half(secret) } });
const uploads = (player: PlayerId, status = 200, body: Readonly<Record<string, object>> = { rooms: {} }): Moment =>
  request(player, { method: 'PUT', path: paths.backupKeys, body: body as never, status });
const keysOf = (player: PlayerId, curve: string): Moment =>
  request(player, {
    method: 'POST',
    path: paths.keysUpload,
    body: { device_keys: { device_id: 'LAPTOP', keys: { 'curve25519:LAPTOP': curve } } },
  });
const comes = (to: PlayerId, secret: string): Moment => ({
  kind: 'delivery',
  from: t.server,
  to,
  event: { type: 'm.room.encrypted', content: {} },
  opened: { type: 'm.secret.push', content: { name: backup, secret } },
  facts: { encrypted: true, sender: { curve25519: 'laptop curve' } } as EnvelopeFacts,
});

const before: Step = {
  choice: everybody().choice,
  moments: [...everybody().moments, keysOf(laptop, 'laptop curve')],
};
const asSteps = (moments: readonly Moment[], first = before) => [first, ...moments.map((moment) => step(moment))];
const said = (moments: readonly Moment[], who: Witness = cast) => verdict(backupKeyIntegrity, asSteps(moments), who);
const breaks = `breaks at ${phone}`;
const goesTo = (secret: string, player: PlayerId = phone) => [uses(player, secret), uploads(player)];

describe('backup-key-integrity', () => {
  it('says whose backup it is not, each time that something goes there', () => {
    const story = asSteps([...goesTo('evil'), uploads(phone)]);
    expect(breakOf(backupKeyIntegrity, story, cast)).toEqual({
      at: phone,
      about: { is: 'secret', user: 'alice', name: backup },
      why: `${phone} uploads room keys to a backup whose private key is not alice’s`,
      acceptedBy: null,
    });
    expect(watched(backupKeyIntegrity, story, cast).breaks).toHaveLength(2);
    expect(said(goesTo('evil', 'bob.phone'))).toBe('breaks at bob.phone');
  });

  it('is about what honest devices upload, and the server takes', () => {
    expect(said(goesTo('evil', laptop), robbed)).toBe('holds');
    expect(said([uses(phone, 'evil'), uploads(phone, 403)])).toBe('holds');
    expect(said([uses(phone, 'evil'), uploads(phone, 200, {})])).toBe('holds');
    expect(said([uses(phone, 'evil'), request(phone, { method: 'GET', path: paths.backupKeys })])).toBe('holds');
    expect(said([uploads(phone)])).toBe('holds');
    expect(said([uses(laptop, 'evil'), uploads(phone)])).toBe('holds');
    expect(said([has(phone, 'mine'), uses(phone, 'mine'), uploads(laptop)])).toBe('holds');
  });

  it('goes by the last backup that a device uses', () => {
    expect(said([has(phone, 'mine'), uses(phone, 'evil'), ...goesTo('mine')])).toBe('holds (it happens)');
    expect(said([has(phone, 'mine'), uses(phone, 'mine'), ...goesTo('evil')])).toBe(breaks);
    expect(said([has(phone, 'mine'), uses(phone, 'mine'), uses(laptop, 'evil'), uploads(phone)])).toBe(
      'holds (it happens)',
    );
  });

  it('counts as hers what any device of hers made or she entered, each key of them, and by whatever device it is used', () => {
    expect(said([has(laptop, 'hers'), ...goesTo('hers')])).toBe('holds (it happens)');
    expect(said([has(laptop, 'hers', { how: 'entered' }), ...goesTo('hers')])).toBe('holds (it happens)');
    expect(said([has(phone, 'one'), has(phone, 'two'), ...goesTo('one')])).toBe('holds (it happens)');
    expect(said([version(phone, '1', 'one'), version(phone, '2', 'two'), ...goesTo('one')])).toBe('holds (it happens)');
    expect(said([has('bob.phone', 'his'), ...goesTo('his')])).toBe(breaks);
    expect(said([has('bob.phone', 'his'), has(phone, 'hers'), ...goesTo('hers')])).toBe('holds (it happens)');
  });

  it('counts neither what came to her, nor another secret, nor a version without a key', () => {
    expect(said([has(phone, 'evil', pushed), ...goesTo('evil')])).toBe(breaks);
    const asked: SecretOrigin = { how: 'request', user: alice, device: 'LAPTOP' };
    expect(said([has(phone, 'evil', asked), ...goesTo('evil')])).toBe(breaks);
    expect(said([has(phone, 'x', undefined, 'm.cross_signing.master'), ...goesTo('x')])).toBe(breaks);
    expect(said([version(phone, '2', null), ...goesTo('evil')])).toBe(breaks);
    const { memory } = watched(backupKeyIntegrity, asSteps([version(phone, '2', null), has(phone, 'hers')]), cast);
    expect(memory).toMatchObject({ controlled: { alice: [half('hers')] } });
    expect(said([has('mallory.phone', 'evil'), ...goesTo('evil')])).toBe(breaks);
    expect(said([version('mallory.phone', '2', 'evil'), ...goesTo('evil')])).toBe(breaks);
  });

  it('counts what a device made before it was stolen, and nothing that it made since', () => {
    const early = (moment: Moment): Step => ({ ...before, moments: [...before.moments, moment] });
    const of = (first: Step) => verdict(backupKeyIntegrity, asSteps(goesTo('old'), first), robbed);
    expect(of(early(has(laptop, 'old')))).toBe('holds (it happens)');
    expect(of(early(version(laptop, '1', 'old')))).toBe('holds (it happens)');
    expect(said([has(laptop, 'new'), ...goesTo('new')], robbed)).toBe(breaks);
    expect(said([version(laptop, '2', 'new'), ...goesTo('new')], robbed)).toBe(breaks);
  });

  it('concedes what a stolen device has pushed to that very device, under the backup’s name', () => {
    const pushes = (to: PlayerId, name = backup) => [comes(to, 'evil'), has(to, 'evil', pushed, name)];
    expect(said([...pushes(phone), ...goesTo('evil')], robbed)).toBe(`accepted by ${argument}`);
    expect(said([...pushes(phone), ...goesTo('other')], robbed)).toBe(breaks);
    expect(said([...pushes(phone, 'm.cross_signing.master'), ...goesTo('evil')], robbed)).toBe(breaks);
    expect(said([...pushes('bob.phone'), ...goesTo('evil')], robbed)).toBe(breaks);
    expect(said([comes(phone, 'evil'), ...goesTo('evil')], robbed)).toBe(breaks);
  });

  it('concedes nothing of what its device has asked for, unless it was pushed as well', () => {
    const asked: SecretOrigin = { how: 'request', user: alice, device: 'LAPTOP' };
    const answered = [comes(phone, 'evil'), has(phone, 'evil', asked)];
    expect(said([...answered, ...goesTo('evil')], robbed)).toBe(breaks);
    expect(said([...answered, has(phone, 'evil', pushed), ...goesTo('evil')], robbed)).toBe(`accepted by ${argument}`);
  });
});
