/** What is read off the register of verbs: by actor, by name, and what the acts of a story name. */
import { ownerIn, playerId } from '../engine/player.ts';
import type { Accident } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { ArgKind } from './arguments.ts';
import { verbs } from './index.ts';
import type { Actor, Form } from './verb.ts';

/** People's forms come first, operators' last; accidents are nobody's. */
const rankOf = ({ by: [actor = ''] }: Form): number =>
  ['device', 'person', 'everyone'].includes(actor) ? 0 : actor === 'server' ? 2 : 1;

/** Every form of every verb, in the order in which they are listed. */
export const forms: readonly Form[] = verbs
  .flat()
  .filter(({ by }) => by.length > 0)
  .toSorted((one, other) => rankOf(one) - rankOf(other));

/** The forms an actor of that kind may act. */
export const formsOf = (actor: Actor): readonly Form[] => forms.filter(({ by }) => by.includes(actor));

const byName: ReadonlyMap<string, readonly Form[]> = Map.groupBy(verbs.flat(), ({ verb }) => verb);

/** All forms of the verb of that name; none where there is no such verb. */
export const formsNamed = (verb: string): readonly Form[] => byName.get(verb) ?? [];

/** What free play and random walks may have go wrong, each so many times at most. */
export const accidents: readonly Accident[] = verbs
  .flat()
  .flatMap(({ verb, accident }) => (accident === undefined ? [] : [{ ...accident, verb }]));

/** Accident → what happens. */
export const faults: ReadonlyMap<string, string> = new Map(accidents.map(({ name, text }) => [name, text]));

/** Whether a verb is something that goes wrong, which nobody means, or lays it. */
export const isFault = (verb: string): boolean =>
  formsNamed(verb).some(({ accident, laid }) => accident !== undefined || laid !== undefined);

/** Accidents that can be put before a line of a story, by name: those that strike a device, wherever it is in its steps. */
export const strikable: ReadonlyMap<string, string> = new Map(
  accidents.flatMap(({ name, text, strikes }) =>
    strikes === 'device' || strikes === 'news' ? [[name, text] as const] : [],
  ),
);

/** What a budget can count: moves of any kind, and each verb by itself. */
export const budgetKinds = (plays: string): readonly string[] => [
  'moves',
  ...new Set(formsOf(plays).map(({ verb }) => verb)),
];

type Named = Pick<Act, 'who' | 'verb' | 'args'>;

/** The values of an act's arguments of these kinds. Forms of one verb agree in what their arguments are. */
export const namedBy = (
  { verb, args }: Pick<Act, 'verb' | 'args'>,
  ...kinds: readonly ArgKind['is'][]
): readonly string[] =>
  Object.entries(args).flatMap(([name, value]) => {
    const isOfKind = ({ takes, more }: Form): boolean => {
      const arg = name === verb ? takes : Object.hasOwn(more, name) ? more[name] : null;
      return arg != null && kinds.includes(arg.is);
    };
    return typeof value === 'string' && formsNamed(verb).some(isOfKind) ? [value] : [];
  });

/** The devices an act names, in full: `verify: tablet` on `alice.laptop` names `alice.tablet`. */
export const devicesNamedBy = (act: Named): readonly PlayerId[] =>
  namedBy(act, 'device', 'own device').map((name) => (name.includes('.') ? name : playerId(ownerIn(act.who), name)));

/** The devices that have to be there for an act, besides the one that acts. */
export const needs = (act: Named): readonly PlayerId[] =>
  formsNamed(act.verb).some(({ isAheadOfTime }) => isAheadOfTime) ? [] : devicesNamedBy(act);

/** The device that an act brings into being; `null` for acts that bring none. */
export const newDeviceOf = (act: Named): PlayerId | null => {
  const [name] = namedBy(act, 'new device');
  return name === undefined ? null : playerId(act.who, name);
};

/** The users and devices of an act of somebody at a server that have to be that server's own. */
export const ownOfServer = (act: Pick<Act, 'verb' | 'args'>): readonly string[] =>
  formsNamed(act.verb).flatMap(({ ofServer }) =>
    (typeof ofServer === 'function' ? ofServer(act) : ofServer).flatMap((name) => {
      const value = act.args[name];
      return typeof value === 'string' ? [value] : [];
    }),
  );
