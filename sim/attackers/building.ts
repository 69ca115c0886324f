/** What an attacker can build from what it knows: secrets it can say, keys it can sign with. */
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../../machines/algorithms.ts';
import type { Term } from '../../machines/suite.ts';
import { named } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { attackerOf, circleIn } from './knowledge.ts';

/** The name of the secret whose published half fits this one; `null` when none does. */
export const fitting = (stage: Stage, world: World, name: PlayerId, term: Term): string | null =>
  [BACKUP_SECRET, ...CROSS_SIGNING_SECRETS].find((secretName) =>
    publishedOf(world, name, secretName).includes(publicHalf(stage, secretName, term) ?? ''),
  ) ?? null;

const publicHalf = (stage: Stage, secretName: string, term: Term): Term | null =>
  secretName === BACKUP_SECRET ? stage.suite.backupPublic(term) : stage.suite.signingPublic(term);

/** The public halves that users of the attacker's server publish now for a secret of that name. */
const publishedOf = (world: World, name: PlayerId, secretName: string): readonly Term[] => {
  const server = world.servers[attackerOf(world, name).server];
  const usage = usages.find((one) => secretName === `m.cross_signing.${one}`);
  return Object.keys(server?.users ?? {}).flatMap((user) => {
    if (server === undefined) return [];
    if (secretName === BACKUP_SECRET) return tamper.currentBackupKey(server, user) ?? [];
    return usage === undefined ? [] : (tamper.crossSigningKey(server, user, usage) ?? []);
  });
};
const usages = ['master', 'self_signing', 'user_signing'] as const;

/**
 * The secret of that name that an attacker can say: what it or those who share with it learned or hold. Of several it is one that
 * works now, if any does. `null`: it knows none.
 */
export const knownSecret = (stage: Stage, world: World, name: PlayerId, secretName: string): Term | null => {
  const held = circleIn(stage, world, name)
    .flatMap(({ runs }) => Object.values(runs))
    .flatMap((player) => named(world.devices[player]?.store.secrets ?? {}, secretName)?.secret ?? []);
  const learned = attackerOf(world, name).knows.flatMap(({ what, term }) => (what === secretName ? [term] : []));
  const terms = [...held, ...learned];
  if (terms.length < 2) return terms[0] ?? null;
  const published = publishedOf(world, name, secretName);
  return terms.find((term) => published.includes(publicHalf(stage, secretName, term) ?? '')) ?? terms.at(-1) ?? null;
};

/** Things made of what one knows. */
export type Buildable =
  /** A message that says this secret. */
  | { readonly build: 'secret'; readonly name: string }
  /** A signature that a user's own keys would make: their self-signing key on a device, their master key on a backup. */
  | { readonly build: 'signature'; readonly with: 'self_signing' | 'master'; readonly user: string };

/** Whether an attacker can build it: it knows, holds or shares the private key that this takes. */
export const canBuild = (stage: Stage, world: World, name: PlayerId, thing: Buildable): boolean =>
  thing.build === 'secret'
    ? knownSecret(stage, world, name, thing.name) !== null
    : signingKeyOf(stage, world, name, thing.user, thing.with) !== null;

/**
 * The private half of a user's cross-signing key as their server publishes it now, where somebody of the circle knows it.
 * Whoever learned a key under whatever name can tell by its public half whose it is.
 */
export const signingKeyOf = (
  stage: Stage,
  world: World,
  name: PlayerId,
  user: string,
  usage: 'self_signing' | 'master',
): { readonly secret: Term; readonly public: Term } | null => {
  const server = world.servers[attackerOf(world, name).server];
  const published = server === undefined ? null : tamper.crossSigningKey(server, user, usage);
  if (published === null) return null;
  const secret = knownSecret(stage, world, name, `m.cross_signing.${usage}`);
  const terms = [...(secret === null ? [] : [secret]), ...attackerOf(world, name).knows.map(({ term }) => term)];
  const found = terms.find((term) => stage.suite.signingPublic(term) === published);
  return found === undefined ? null : { secret: found, public: published };
};
