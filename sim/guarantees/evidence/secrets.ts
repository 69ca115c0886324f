/** What guarantees about secrets remember alike: which values are genuine, and who holds what. */
import type { StorePatch } from '../../../machines/store.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import { filed } from './accounts.ts';

/** User → secret name → the values made (or entered) by devices of that user while they were honest, oldest first. */
export type Genuine = { readonly [user: string]: { readonly [name: string]: readonly string[] } };

type SecretPatch = Extract<StorePatch, { patch: 'secret' }>;
export const secretStored = (moment: Moment): { readonly player: PlayerId; readonly patch: SecretPatch } | null =>
  moment.kind === 'stored' && moment.patch.patch === 'secret' ? { player: moment.player, patch: moment.patch } : null;

/** Genuine values after `moment`. Before the story everybody is honest; in it, what a stolen device makes is not genuine. */
export const genuineAfter = (genuine: Genuine, moment: Moment, step: Step, witness: Witness): Genuine => {
  const stored = secretStored(moment);
  if (stored === null) return genuine;
  const { how } = stored.patch.held.origin;
  const user = witness.ownerOf(stored.player);
  if (user === null || (how !== 'made' && how !== 'entered')) return genuine;
  if (isStory(step) && !witness.honest(stored.player)) return genuine;
  const ofUser = named(genuine, user) ?? {};
  const values = named(ofUser, stored.patch.name) ?? [];
  return {
    ...genuine,
    [user]: {
      ...ofUser,
      [stored.patch.name]: [...values.filter((one) => one !== stored.patch.held.secret), stored.patch.held.secret],
    },
  };
};

export const isGenuine = (genuine: Genuine, user: string, name: string, secret: string): boolean =>
  named(named(genuine, user) ?? {}, name)?.includes(secret) === true;

/** Under which users and names `text` is a genuine secret. */
export const ownersOfSecret = (
  genuine: Genuine,
  text: string,
): readonly { readonly user: string; readonly name: string }[] =>
  Object.entries(genuine).flatMap(([user, names]) =>
    Object.entries(names).flatMap(([name, values]) => (values.includes(text) ? [{ user, name }] : [])),
  );

/** User → secret name → public half → the value that has it, whoever stored that. */
export type Halves = { readonly [user: string]: { readonly [name: string]: { readonly [half: string]: string } } };

/** Public halves after a moment; the same object where it tells nothing new. */
export const halvesAfter = (halves: Halves, moment: Moment, witness: Witness): Halves => {
  const stored = secretStored(moment);
  if (stored === null) return halves;
  const { name, held } = stored.patch;
  const user = witness.ownerOf(stored.player);
  if (user === null || held.public === null) return halves;
  const ofUser = named(halves, user) ?? {};
  const ofName = named(ofUser, name) ?? {};
  return ofName[held.public] === held.secret
    ? halves
    : filed(halves, user, filed(ofUser, name, filed(ofName, held.public, held.secret)));
};
