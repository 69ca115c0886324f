/** What attackers can do wrong with key bundles, letters and secrets, by the words that stories have for it. */

/** What is wrong with a bundle, or with the pointer to it; each in turn in a bundle that has nothing else wrong. */
export const poisons = [
  'false owner',
  'other room',
  'both lists',
  'false session id',
  'junk key',
  'huge',
  'foreign media',
  'no device keys',
  'plain pointer',
  'later index',
  'worse copy',
] as const;
export type Poison = (typeof poisons)[number];
export const isPoison = (text: string): text is Poison => poisons.some((one) => one === text);

/** How the keys that are shown are false. */
export const pretences = ['borrowed', 'other ed25519', 'unsigned', 'other user', 'empty'] as const;
export type Pretence = (typeof pretences)[number];
export const isPretence = (text: string): text is Pretence => pretences.some((one) => one === text);

/** What may stand in the `request_id` of a secret that answers no request. */
export const strayIds = ['nothing', 'empty', 'number', 'made up'] as const;
export type StrayId = (typeof strayIds)[number];
export const isStrayId = (text: string): text is StrayId => strayIds.some((one) => one === text);
