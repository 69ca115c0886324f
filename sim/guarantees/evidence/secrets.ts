/** What guarantees about secrets remember alike: which values are genuine, and who holds what. */
import type { StorePatch } from '../../../machines/types.ts';
import { named } from '../../names.ts';
import type { Moment, PlayerId, Step } from '../../types.ts';
import type { Witness } from '../types.ts';

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
  if (step.choice.id !== 'before' && !witness.honest(stored.player)) return genuine;
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

/** Some user and name under which `text` is a genuine secret. */
export const ownerOfSecret = (
  genuine: Genuine,
  text: string,
): { readonly user: string; readonly name: string } | null => {
  for (const [user, names] of Object.entries(genuine))
    for (const [name, values] of Object.entries(names)) if (values.includes(text)) return { user, name };
  return null;
};
