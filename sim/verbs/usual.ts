/**
 * The lexicon of a story in which nobody lies with a verb of attackers' own (`attackers/index.ts`), as in three of four: who plays such a
 * story can do without those. All that goes wrong by itself, and every device that people log in, is in here.
 */
import { verbs } from './index.ts';
import { lexiconOf } from './lexicon.ts';
import { portOf } from './port-of.ts';

export const usual = lexiconOf(verbs);
export const usualPort = portOf(usual);
