/** The lexicon of all verbs there are, attackers' own among them: for whoever reads and writes stories, or plays freely. */
import type { Act } from '../engine/types.ts';
import { attackerVerbs } from './attackers/index.ts';
import { verbs } from './index.ts';
import { lexiconOf } from './lexicon.ts';

export const wholeLexicon = lexiconOf([...verbs, ...attackerVerbs]);
export const {
  forms,
  formsOf,
  formsNamed,
  accidents,
  faults,
  strikable,
  isFault,
  namedBy,
  devicesNamedBy,
  needs,
  newDeviceOf,
} = wholeLexicon;

/** What a budget can count: moves of any kind, and each verb by itself. */
export const budgetKinds = (plays: string): readonly string[] => [
  'moves',
  ...new Set(formsOf(plays).map(({ verb }) => verb)),
];

/** The users and devices of an act of somebody at a server that have to be that server's own. */
export const ownOfServer = (act: Pick<Act, 'verb' | 'args'>): readonly string[] =>
  formsNamed(act.verb).flatMap(({ ofServer }) =>
    (typeof ofServer === 'function' ? ofServer(act) : ofServer).flatMap((name) => {
      const value = act.args[name];
      return typeof value === 'string' ? [value] : [];
    }),
  );
