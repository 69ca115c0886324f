import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { JsonObject } from '../json.ts';
import { open } from './decrypt.ts';
import { userOf } from './facts.ts';
import { listingOf, meets, type Person, person, withIdentity, withKeys } from './testing.ts';

const suite = makeSymbolicSuite('open');
const bob = withIdentity(person(suite, '@bob:x', 'LAPTOP'));
const eve = withIdentity(person(suite, '@eve:x', 'PHONE'));
const alice = meets(withKeys(withIdentity(person(suite, '@alice:x', 'PHONE'))), [bob, eve]);

const opened = (who: Person, raw: JsonObject) => {
  const found = open(who.env, who.store, raw, 7);
  if ('discarded' in found) throw new Error(found.discarded);
  return found;
};

describe('an event in the clear', () => {
  const clear = (content: JsonObject, sender = '@bob:x') => opened(alice, { type: 'm.test', sender, content }).event;

  it('is told as it came, encrypted or what a device claims to be proved by nothing', () => {
    const event = clear({ room_id: '!den:x' });
    expect(event).toEqual({
      type: 'to-device m.test',
      sender: '@bob:x',
      content: { room_id: '!den:x' },
      room: '!den:x',
      atMs: 7,
      facts: {
        encrypted: false,
        claimedSender: '@bob:x',
        ownUser: false,
        sender: null,
        secretPublic: null,
        publishedPublic: null,
      },
    });
    expect(clear({}, '@alice:x').facts.ownUser).toBe(true);
    expect(opened(alice, { type: 'm.test', sender: '@bob:x', content: 'text' }).event.content).toEqual({});
  });

  it('comes from the device it says it does, by name or by keys shown, if the list of its sender has that', () => {
    const keys = listingOf(bob);
    expect(clear({ requesting_device_id: 'LAPTOP' }).facts.sender).toMatchObject({
      device: 'LAPTOP',
      source: 'listed',
    });
    expect(clear({ from_device: 'LAPTOP' }).facts.sender).toMatchObject({ device: 'LAPTOP' });
    expect(clear({ requesting_device_id: 'TABLET', from_device: 'LAPTOP' }).facts.sender).toBeNull();
    expect(clear({ from_device: 'constructor' }).facts.sender).toBeNull();
    expect(clear({ sender_device_keys: keys }).facts.sender).toMatchObject({ device: 'LAPTOP', source: 'both' });
    expect(clear({ sender_device_keys: keys }, '@eve:x').facts.sender).toBeNull();
    const other = { ...keys, keys: { 'curve25519:LAPTOP': 'c', 'ed25519:LAPTOP': 'e' } };
    const tablet = { ...keys, device_id: 'TABLET', keys: { 'curve25519:TABLET': 'c', 'ed25519:TABLET': 'e' } };
    expect(clear({ sender_device_keys: tablet }).facts.sender).toMatchObject({ device: 'TABLET', source: 'embedded' });
    expect(clear({ sender_device_keys: {} }).facts.sender).toBeNull();
    expect(clear({ sender_device_keys: other }).facts.sender).toMatchObject({ ed25519: 'e', source: 'embedded' });
    expect(clear({ sender_device_keys: 'text', from_device: 'LAPTOP' }).facts.sender).toMatchObject({
      source: 'listed',
    });
  });

  it('tells the public half of a secret in it, by its name or as the answer to a request', () => {
    const backup = suite.backupKey('b');
    const signing = suite.signingKey('s');
    const half = (content: JsonObject) => clear(content).facts.secretPublic;
    expect(half({ name: 'm.megolm_backup.v1', secret: backup.secret })).toBe(backup.public);
    expect(half({ name: 'm.cross_signing.master', secret: signing.secret })).toBe(signing.public);
    expect(half({ request_id: 'r', secret: backup.secret })).toBe(backup.public);
    expect(half({ request_id: 'r', name: 'm.other', secret: backup.secret })).toBeNull();
    expect(half({ secret: backup.secret })).toBeNull();
    const { facts } = clear({ name: 'm.cross_signing.master' });
    expect(facts.publishedPublic).toBe(userOf(alice.store, '@alice:x').identity.pinned);
  });
});
