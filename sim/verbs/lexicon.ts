/** What is read off a list of verbs: its forms, by name and by actor, what goes wrong by itself, and what the acts of a story name. */
import { ownerIn, playerId } from '../engine/player.ts';
import type { Accident } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { ArgKind } from './arguments.ts';
import type { Actor, Form, Verb } from './verb.ts';

type Named = Pick<Act, 'who' | 'verb' | 'args'>;

export type Lexicon = {
  /** Every form of every verb, in the order in which they are listed. */
  readonly forms: readonly Form[];
  /** The forms an actor of that kind may act. */
  readonly formsOf: (actor: Actor) => readonly Form[];
  /** All forms of the verb of that name; none where there is no such verb. */
  readonly formsNamed: (verb: string) => readonly Form[];
  /** What free play and random walks may have go wrong, each so many times at most. */
  readonly accidents: readonly Accident[];
  /** Accident → what happens. */
  readonly faults: ReadonlyMap<string, string>;
  /** Accidents that can be put before a line of a story, by name: those that strike a device, wherever it is in its steps. */
  readonly strikable: ReadonlyMap<string, string>;
  /** Whether a verb is something that goes wrong, which nobody means, or lays it. */
  readonly isFault: (verb: string) => boolean;
  /** The values of an act's arguments of these kinds. Forms of one verb agree in what their arguments are. */
  readonly namedBy: (act: Pick<Act, 'verb' | 'args'>, ...kinds: readonly ArgKind['is'][]) => readonly string[];
  /** The devices an act names, in full: `verify: tablet` on `alice.laptop` names `alice.tablet`. */
  readonly devicesNamedBy: (act: Named) => readonly PlayerId[];
  /** The devices that have to be there for an act, besides the one that acts. */
  readonly needs: (act: Named) => readonly PlayerId[];
  /** The device that an act brings into being; `null` for acts that bring none. */
  readonly newDeviceOf: (act: Named) => PlayerId | null;
};

/** People's forms come first, operators' last; accidents are nobody's. */
const rankOf = ({ by: [actor = ''] }: Form): number =>
  ['device', 'person', 'everyone'].includes(actor) ? 0 : actor === 'server' ? 2 : 1;

export const lexiconOf = (verbs: readonly Verb[]): Lexicon => {
  const forms = verbs
    .flat()
    .filter(({ by }) => by.length > 0)
    .toSorted((one, other) => rankOf(one) - rankOf(other));
  const byName: ReadonlyMap<string, readonly Form[]> = Map.groupBy(verbs.flat(), ({ verb }) => verb);
  const formsNamed: Lexicon['formsNamed'] = (verb) => byName.get(verb) ?? [];
  const accidents = verbs
    .flat()
    .flatMap(({ verb, accident }) => (accident === undefined ? [] : [{ ...accident, verb }]));
  const namedBy: Lexicon['namedBy'] = ({ verb, args }, ...kinds) =>
    Object.entries(args).flatMap(([name, value]) => {
      const isOfKind = ({ takes, more }: Form): boolean => {
        const arg = name === verb ? takes : Object.hasOwn(more, name) ? more[name] : null;
        return arg != null && kinds.includes(arg.is);
      };
      return typeof value === 'string' && formsNamed(verb).some(isOfKind) ? [value] : [];
    });
  const devicesNamedBy: Lexicon['devicesNamedBy'] = (act) =>
    namedBy(act, 'device', 'own device').map((name) => (name.includes('.') ? name : playerId(ownerIn(act.who), name)));
  return {
    forms,
    formsOf: (actor) => forms.filter(({ by }) => by.includes(actor)),
    formsNamed,
    accidents,
    faults: new Map(accidents.map(({ name, text }) => [name, text])),
    strikable: new Map(
      accidents.flatMap(({ name, text, strikes }) =>
        strikes === 'device' || strikes === 'news' ? [[name, text] as const] : [],
      ),
    ),
    isFault: (verb) => formsNamed(verb).some(({ accident, laid }) => accident !== undefined || laid !== undefined),
    namedBy,
    devicesNamedBy,
    needs: (act) => (formsNamed(act.verb).some(({ isAheadOfTime }) => isAheadOfTime) ? [] : devicesNamedBy(act)),
    newDeviceOf: (act) => {
      const [name] = namedBy(act, 'new device');
      return name === undefined ? null : playerId(act.who, name);
    },
  };
};
