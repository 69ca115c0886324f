/**
 * Keys that do not belong together: what a dishonest homeserver lists of devices and hands out, when it takes a public key from one and what
 * signs it from another ("Device keys" and "One-time and fallback keys" of the client-server API). It has the private half of neither but of
 * its own.
 */
import { withSignature } from '../../../machines/core/own-keys.ts';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { KeyPair } from '../../../machines/suite.ts';
import { withGhost } from '../../attackers/account.ts';
import { about, isVeiled, laid } from '../../attackers/equivocation.ts';
import { addressOf, handOf, lied, serverOf } from '../../attackers/forging.ts';
import { addressOf as castAddressOf, userOf } from '../../engine/acting.ts';
import type { Stage } from '../../engine/stage.ts';
import { quiet } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import type { OneTimeKey } from '../../homeserver/types.ts';
import { lyingServer } from '../actors.ts';
import { device, oneOf, optional, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { verb } from '../verb.ts';
import { hasGhost } from './devices.ts';

type Address = { readonly user: string; readonly device: string };

/** Device keys with that key of that device in the place of what is there, unsigned. */
const withKey = (
  keys: JsonObject,
  { device }: Address,
  algorithm: 'curve25519' | 'ed25519',
  key: string,
): JsonObject => {
  const { signatures: _old, ...bare } = keys;
  return { ...bare, keys: { ...objectAt(bare, 'keys'), [`${algorithm}:${device}`]: key } };
};

/** What a device of that user and name would have signed, if that signing key were its own. */
const signedAs = (stage: Stage, name: string, { user, device }: Address, { secret }: KeyPair) => ({
  keys: (bare: JsonObject): JsonObject => withSignature(stage.envOf(name), bare, user, `ed25519:${device}`, secret),
  oneTime: (keys: readonly OneTimeKey[]): readonly OneTimeKey[] =>
    keys.map(({ id, key }) => ({
      id,
      key: withSignature(stage.envOf(name), { key: stringAt(key, 'key') ?? '' }, user, `ed25519:${device}`, secret),
    })),
});

/** Whoever writes to the device that it runs seals for the other. */
export const lendKeyOf = verb('lend key of', {
  by: lyingServer,
  text: 'Lists the device it runs with the identity key of another, and its next one-time key.',
  takes: device,
  ofServer: ['lend key of'],
  does: (stage, world, act) => {
    const { server } = serverOf(world, act.who);
    const hand = handOf(world, act.who);
    const lender = addressOf(world, first(act));
    const lent = stringAt(
      objectAt(tamper.deviceKeys(server, lender.user, lender.device), 'keys'),
      `curve25519:${lender.device}`,
    );
    const listed = hand === undefined ? null : tamper.deviceKeys(server, hand.me.user, hand.me.device);
    const [oneTime, ...others] = tamper.oneTimeKeys(server, lender.user, lender.device);
    if (hand === undefined || listed === null || lent === undefined || oneTime === undefined) return quiet(world);
    const { user, device } = hand.me;
    const signed = signedAs(stage, act.who, hand.me, hand.store.account.ed25519);
    const keys = signed.keys(withKey(listed, hand.me, 'curve25519', lent));
    const kept = tamper.setOneTimeKeys(server, lender.user, lender.device, others);
    const given = tamper.setOneTimeKeys(kept, user, device, signed.oneTime([oneTime]));
    const what = `lists ${hand.player} with the identity key of ${first(act)}`;
    return lied(world, act.who, what, {
      server: tamper.setDeviceKeys(given, user, device, keys),
      before: listed,
      after: keys,
    });
  },
});

/**
 * One-time keys too. `whole`: both keys, signed as they ought to be; `half`: the identity key alone, beside the signing key and under the
 * signatures of the device itself.
 */
export const swapKeysOf = verb('swap keys of', {
  by: lyingServer,
  text: "Lists a device with keys of the one it runs: both of them, or the identity key beside the other's signing key.",
  takes: device,
  more: { lie: optional(oneOf('whole', 'half')) },
  does: (stage, world, act) => {
    const isHalf = arg(act, 'lie') === 'half';
    const { server } = serverOf(world, act.who);
    const hand = handOf(world, act.who);
    const of = addressOf(world, first(act));
    const truth = tamper.deviceKeys(server, of.user, of.device);
    if (hand === undefined || truth === null) return quiet(world);
    const { curve25519, ed25519 } = hand.store.account;
    const signed = signedAs(stage, act.who, of, ed25519);
    const half = withKey(truth, of, 'curve25519', curve25519.public);
    const keys = isHalf
      ? { ...truth, keys: objectAt(half, 'keys') }
      : signed.keys(withKey(half, of, 'ed25519', ed25519.public));
    const oneTime = signed.oneTime(tamper.oneTimeKeys(server, hand.me.user, hand.me.device));
    const given = tamper.setOneTimeKeys(server, of.user, of.device, oneTime);
    const what = `lists ${first(act)} with ${isHalf ? 'an identity key' : 'keys'} of ${hand.player}`;
    return lied(world, act.who, what, {
      server: tamper.setDeviceKeys(given, of.user, of.device, keys),
      before: truth,
      after: keys,
    });
  },
});

export const listMasterKeyOf = verb('list master key of', {
  by: lyingServer,
  text: 'Lists a device that it runs, and calls it as the master key of its user.',
  takes: user,
  does: (stage, world, act) => {
    const user = userOf(stage, first(act));
    const { server } = serverOf(world, act.who);
    const device = tamper.crossSigningKey(server, user, 'master');
    return device === null || tamper.hasDevice(server, user, device)
      ? quiet(world)
      : withGhost(
          stage,
          world,
          act.who,
          { user, device },
          'master',
          `a device to ${user} that is called as their master key`,
        );
  },
});

export const swapOneTimeKey = verb('swap one-time key', {
  by: lyingServer,
  text: "Gives one device a wrong one-time key of another: its own device's, or a copy of the one that the next to ask is given.",
  takes: device,
  more: { for: device, by: optional(oneOf('own', 'copy')) },
  ofServer: ['for'],
  offers: {
    sibling: (spot) => {
      const { world, server, device, sibling } = spot;
      const { user, device: id } = addressOf(world, sibling);
      const key = world.devices[sibling]?.store.account.curve25519.public ?? '';
      // Once there is a session nobody claims a key for another.
      const isMet = (world.devices[device]?.store.olm[key] ?? []).length > 0;
      if (isMet || isVeiled(world, device, about.oneTimeKeys(sibling))) return [];
      const ways = [
        ...(hasGhost(spot) ? ['own'] : []),
        ...(tamper.nextOneTimeKey(server, user, id) === null ? [] : ['copy']),
      ];
      return ways.map((by) => ({ 'swap one-time key': sibling, for: device, by }));
    },
  },
  // `own`: one of its device, signed by that. `copy`: the one that the next to claim would be given, and is given too.
  does: (_stage, world, act) => {
    const [of, victim, isCopy] = [first(act), arg(act, 'for'), arg(act, 'by') === 'copy'];
    const { server } = serverOf(world, act.who);
    const { user, device } = addressOf(world, of);
    const truth = tamper.nextOneTimeKey(server, user, device);
    const own = handOf(world, act.who)?.me;
    const key = isCopy ? truth : own === undefined ? null : tamper.nextOneTimeKey(server, own.user, own.device);
    if (key === null) return quiet(world);
    const at = ['one_time_keys', user, device];
    const lie = { method: 'POST', path: paths.keysClaim, asked: at, edits: [{ at, put: key }] };
    const veil = { player: victim, about: about.oneTimeKeys(of), ...lie };
    const what = `gives out ${isCopy ? 'one key twice' : 'a key of its own'} for ${of}`;
    return lied(laid(world, veil), act.who, what, { to: victim, before: truth, after: key });
  },
});

export const exhaustOneTimeKeys = verb('exhaust one-time keys', {
  by: lyingServer,
  text: 'Throws away the one-time keys of a device, and its fallback key where it says so.',
  takes: device,
  more: { fallback: optional(oneOf('kept', 'gone')) },
  ofServer: ['exhaust one-time keys'],
  // What whoever writes to the device for the first time would be given.
  does: (stage, world, act) => {
    const keepsFallback = arg(act, 'fallback') !== 'gone';
    const { user, device } = castAddressOf(stage, world, first(act));
    const what = `throws away the one-time keys of ${first(act)}${keepsFallback ? '' : ' and the fallback key'}`;
    const { server } = serverOf(world, act.who);
    return lied(world, act.who, what, { server: tamper.withoutOneTimeKeys(server, user, device, keepsFallback) });
  },
});
