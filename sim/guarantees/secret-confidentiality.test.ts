/** Who comes to have a secret, and by which letter, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts, SecretOrigin } from '../../machines/types.ts';
import type { Derivation, Moment, PlayerId } from '../engine/types.ts';
import { withLetters } from './letters-testing.ts';
import { secretConfidentiality } from './secret-confidentiality.ts';
import { alice, bob, everybody, request, server, step, stores, verdict, watched, witness } from './testing.ts';

const [phone, laptop, ghost] = ['alice.phone', 'alice.laptop', 'alice.tablet'];
const name = 'm.megolm_backup.v1';
const about = { is: 'secret', user: 'alice', name };

const has = (player: PlayerId, secret: string, origin: SecretOrigin = { how: 'made' }): Moment =>
  stores(player, { patch: 'secret', name, held: { secret, public: null, origin } });
const sends = (secret: string, more: Record<string, string> = {}): Moment =>
  request(phone, {
    method: 'PUT',
    path: paths.sendToDevice('m.secret.send', 't'),
    body: { messages: { [bob]: { PHONE: { request_id: 'r', ...more, secret } } } },
  });
const learns = (term: string, by: Derivation['by'], through?: readonly PlayerId[]): Moment => ({
  kind: 'learned',
  player: 'mallory',
  what: 'a secret',
  term,
  how: { by, from: [], text: 'reads it', ...(through === undefined ? {} : { through }) },
});
const comes = (to: PlayerId, secret: string, isSealed = true): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type: isSealed ? 'm.room.encrypted' : 'm.secret.send', content: { secret } },
  opened: isSealed ? { type: 'm.secret.send', content: { secret } } : null,
  facts: {} as EnvelopeFacts,
});
const start = { ...everybody(), moments: [...everybody().moments, has(phone, 'old')] };
const broken = (moment: Moment, who = witness()) => watched(secretConfidentiality, [start, step(moment)], who).breaks;
const said = (moment: Moment, who = witness()) => verdict(secretConfidentiality, [start, step(moment)], who);

describe('secret-confidentiality', () => {
  it('breaks where a secret goes out for whoever carries the letter to read', () => {
    expect(broken(sends('old'))).toMatchObject([{ at: phone, about, acceptedBy: null }]);
    expect(broken(sends('no secret of anybody'))).toEqual([]);
    expect(broken(request(phone, { method: 'GET', path: paths.sync }))).toEqual([]);
    expect(broken(request(phone, { method: 'PUT', path: paths.sendToDevice('m.dummy', 't'), body: {} }))).toEqual([]);
  });

  it('names the secret that somebody learns, and the letter that was opened for it, if there was one', () => {
    const [inLetter] = broken(learns('old', 'opened', [laptop]));
    expect(inLetter).toMatchObject({ at: 'mallory', about, origin: { brought: 'secret', to: laptop, secret: 'old' } });
    for (const [by, through] of [['opened'], ['opened', []], ['saw', [laptop]]] as const)
      expect(broken(learns('old', by, through))).toEqual([
        { at: 'mallory', about, why: expect.stringContaining('learns'), acceptedBy: null },
      ]);
    expect(broken(learns('a message', 'opened', [laptop]))).toEqual([]);
  });

  it('names the secret that opens at a device which nobody has signed, and the letter that held it', () => {
    expect(broken(comes(ghost, 'old'))).toMatchObject([
      { at: ghost, about, acceptedBy: null, origin: { brought: 'secret', to: ghost, secret: 'old' } },
    ]);
    expect(broken(comes(ghost, 'old', false))).toEqual([]);
    expect(broken(comes(ghost, 'no secret of anybody'))).toEqual([]);
    expect(broken(comes(laptop, 'old'))).toEqual([]);
    expect(said(comes(ghost, 'old'), witness({ stolen: [ghost] }))).toBe('holds');
  });

  it('asks whether a device was signed when one of its siblings sent the secret, not when it reads it', () => {
    const sealed = (secret: string, device = 'LAPTOP'): Moment => ({
      kind: 'heard',
      player: phone,
      chart: 'envelope',
      event: { type: 'envelope.outgoing', message: { content: { secret }, to: [{ user: alice, device }] } } as never,
    });
    const renewed = request(phone, {
      method: 'POST',
      path: paths.deviceSigningUpload,
      body: { master_key: { keys: { 'ed25519:next': 'next' } } },
    });
    const read = (...before: readonly Moment[]) =>
      verdict(
        secretConfidentiality,
        [start, ...before.map((one) => withLetters(step(one))), step(comes(laptop, 'old'))],
        witness(),
      );
    expect(read(sealed('old'), renewed)).toBe('holds');
    for (const before of [
      [renewed],
      [renewed, sealed('old')],
      [sealed('older'), renewed],
      [sealed('old', 'TABLET'), renewed],
    ])
      expect(read(...before)).toBe(`breaks at ${laptop}`);
    // Nothing could be sealed for it then: what comes to it now was sent since.
    const unsent = [start, step(sealed('old')), step(renewed), step(comes(laptop, 'old'))];
    expect(verdict(secretConfidentiality, unsent, witness())).toBe(`breaks at ${laptop}`);
  });

  it('happens where a secret that somebody made comes to an honest device by letter', () => {
    const by = (how: 'push' | 'request'): SecretOrigin => ({ how, user: alice, device: 'PHONE' });
    expect(said(has(laptop, 'old', by('push')))).toBe('holds (it happens)');
    expect(said(has(laptop, 'old', by('request')))).toBe('holds (it happens)');
    expect(said(has(laptop, 'old', { how: 'entered' }))).toBe('holds');
    expect(said(has(laptop, 'evil', by('push')))).toBe('holds');
    expect(said(has(laptop, 'old', by('push')), witness({ stolen: [laptop] }))).toBe('holds');
  });
});
