/** Whom and what the acts of a story name, by the kinds of their verbs' arguments. */
import { ownerIn, playerId } from '../engine/player.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { ArgKind } from './arguments.ts';
import { verbs } from './verbs.ts';

/** Verb → its arguments of each kind. Verbs of one name agree in what their arguments are. */
const kindsByVerb: ReadonlyMap<string, ReadonlyMap<string, ArgKind['is']>> = (() => {
  const all = new Map<string, Map<string, ArgKind['is']>>();
  for (const { verb, takes, more } of verbs) {
    const kinds = all.get(verb) ?? new Map<string, ArgKind['is']>();
    if (takes !== null) kinds.set(verb, takes.is);
    for (const [name, arg] of Object.entries(more)) kinds.set(name, arg.is);
    all.set(verb, kinds);
  }
  return all;
})();

/** The values of an act's arguments of these kinds. */
export const namedBy = (
  { verb, args }: Pick<Act, 'verb' | 'args'>,
  ...kinds: readonly ArgKind['is'][]
): readonly string[] => {
  const of = kindsByVerb.get(verb);
  return Object.entries(args).flatMap(([name, value]) => {
    const kind = of?.get(name);
    return kind !== undefined && kinds.includes(kind) && typeof value === 'string' ? [value] : [];
  });
};

/** The devices an act names, in full: `verify: tablet` on `alice.laptop` names `alice.tablet`. */
export const devicesNamedBy = (act: Pick<Act, 'who' | 'verb' | 'args'>): readonly PlayerId[] =>
  namedBy(act, 'device', 'own device').map((name) => (name.includes('.') ? name : playerId(ownerIn(act.who), name)));

/** What may be laid for a device that is not there yet. */
const aheadOfTime: readonly string[] = ['fail', 'lose answer of', 'repeat', 'show account data'];
export const isAheadOfTime = (verb: string): boolean => aheadOfTime.includes(verb);

/** The device that an act brings into being; `null` for acts that bring none. */
export const newDeviceOf = (act: Pick<Act, 'who' | 'verb' | 'args'>): PlayerId | null => {
  const [name] = namedBy(act, 'new device');
  return name === undefined ? null : `${act.who}.${name}`;
};

/** Verb of a server's operator → the argument with the user of whom it changes what the server itself holds. */
const holdsOf: Readonly<Record<string, string>> = {
  'add device': 'to',
  'swap identity': 'swap identity',
  'create backup': 'of',
  'bring back backup': 'bring back backup',
  'give backup number again': 'give backup number again',
  'plant room key': 'of',
  'exhaust one-time keys': 'exhaust one-time keys',
  'lend key of': 'lend key of',
  'swap entries of': 'swap entries of',
};
/** Verb of somebody who sits at a server → the argument with the device to which the server hands something. */
const handsTo: Readonly<Record<string, string>> = {
  'hold back': 'hold back',
  release: 'release',
  inject: 'to',
  'rewrite sender': 'to',
  replay: 'to',
  reorder: 'reorder',
  drop: 'drop',
  'hide device': 'from',
  'show device': 'to',
  'swap one-time key': 'for',
  'hide backup': 'hide backup',
  'show backup': 'show backup',
  'show entries': 'to',
  'show account data': 'to',
  'tell the truth': 'tell the truth',
  'hide membership': 'from',
  'swap identity': 'for',
  'add device': 'only',
  'forge membership': 'for',
  'forge history': 'for',
};
/** The users and devices of an act of somebody at a server that have to be that server's own. */
export const ownOfServer = ({ verb, args }: Pick<Act, 'verb' | 'args'>): readonly string[] => {
  const at = (arguments_: Readonly<Record<string, string>>): readonly string[] => {
    const name = Object.hasOwn(arguments_, verb) ? arguments_[verb] : undefined;
    const value = name === undefined ? undefined : args[name];
    return typeof value === 'string' ? [value] : [];
  };
  // Another server's user may be lied about to one device: that is a matter of what the device is told.
  return verb === 'swap identity' && args.for !== undefined ? at(handsTo) : [...at(holdsOf), ...at(handsTo)];
};
