/**
 * What can happen at a place of a story: acts of people and servers that could be tried there and would not be refused, and the moves
 * that attackers would be offered. Worked out with symbols, in the world that the story has come to.
 */
import { ledgerClauses } from '../../machines/ledger.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { ownerIn } from '../engine/player.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import type { Act, Scenario } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { actorsOf, type Names, ownDevices, verbsFor } from '../scenario/story.ts';
import { actText } from '../scenario/story-edits.ts';
import type { Arg } from '../verbs/arguments.ts';
import { formsNamed, newDeviceOf } from '../verbs/forms.ts';
import { stageWith } from '../verbs/port.ts';
import type { Form } from '../verbs/verb.ts';
import { worldBefore } from './playing.ts';

/** An act that can come next: its verb, as people read it, and as a line of the story without its dash. */
export type Insertable = { readonly verb: string; readonly sentence: string; readonly line: string };

/** Ways to say one verb, and acts of one actor: more than these nobody reads through. */
const [waysMax, actsMax] = [40, 300] as const;
/** What the devices and rooms are called that an act brings into being. */
const newDevices = ['tablet', 'watch', 'desktop', 'spare'];
const newRooms = ['attic', 'cellar', 'garden'];

type Value = string | number;
type Args = Readonly<Record<string, Value>>;

/** What may stand for an argument, as an act has it. */
const valuesFor = (arg: Arg, who: string, names: Names, { about }: Scenario): readonly Value[] => {
  const servers = names.cast.servers.filter((server) => server !== who);
  switch (arg.is) {
    case 'device':
      return names.devices;
    case 'own device':
      return [...new Set(ownDevices(names, who).values())];
    case 'new device':
      return newDevices.filter((name) => !names.devices.includes(`${ownerIn(who)}.${name}`)).slice(0, 1);
    case 'user':
      return names.users;
    case 'room':
      return [...new Set(names.rooms.values())];
    case 'new room':
      return newRooms.filter((name) => !names.rooms.has(name)).slice(0, 1);
    case 'server':
      return servers;
    case 'asker':
      return [...names.devices, ...servers];
    case 'duration':
      return ['1h', '25h', '7d'];
    case 'clause':
      return ledgerClauses.flatMap(({ id }) => (about.some((msc) => id.startsWith(msc.slice(3))) ? [id] : []));
    case 'word':
      return arg.suggest.length > 0 ? arg.suggest : ['hello'];
    case 'content':
      return arg.suggest.map((one) => one.replaceAll("'", ''));
    case 'one of':
      return arg.words;
    case 'endpoint':
      return ['keys/query', 'keys/claim', 'sync', 'sendToDevice'];
    case 'count':
      return [1];
  }
};

/** Every way to say a verb with what it needs. What may be left out is. */
const waysOf = (form: Form, who: string, names: Names, scenario: Scenario): readonly Args[] => {
  const needed = [
    ...(form.takes === null || form.takes.optional === true ? [] : [[form.verb, form.takes] as const]),
    ...Object.entries(form.more).filter(([, arg]) => arg.optional !== true),
  ];
  return needed.reduce<readonly Args[]>(
    (ways, [name, arg]) =>
      ways
        .flatMap((way) => valuesFor(arg, who, names, scenario).map((value) => ({ ...way, [name]: value })))
        .slice(0, waysMax),
    [{}],
  );
};

/** What attackers are offered when they may make every kind of move. */
const movesOf = (stage: Stage, world: World, who: string): readonly Act[] => {
  const attacker = world.attackers[who];
  if (attacker === undefined) return [];
  const { moves } = roleOf(stage, attacker);
  const budget = { ...Object.fromEntries(verbsIn(moves).map((verb) => [verb, 1])), moves: 1 };
  const rich = { ...world, budgets: { ...world.budgets, [who]: budget } };
  return stage.verbs.offers(stage, rich, attacker, moves).slice(0, actsMax);
};
const verbsIn = (moves: ReturnType<typeof roleOf>['moves']): readonly string[] =>
  moves.flatMap((move) => (typeof move === 'string' ? [move] : 'each' in move ? verbsIn(move.moves) : [move.told]));

/** Whether it would be done there, and not be refused. */
const wouldBeDone = (stage: Stage, world: World, act: Act): boolean =>
  stage.verbs.whyNot(stage, world, act) === null &&
  stage.verbs.perform(stage, world, act, true).moments.every(({ kind }) => kind !== 'refused');

/** Names as people write them: a room without its server, a device of one's own without its owner. */
const asWritten = (act: Act, names: Names): Act => {
  const short = new Map([...names.rooms].flatMap(([name, id]) => (name.startsWith('!') ? [] : [[id, name] as const])));
  const written = Object.entries(act.args).map(([name, value]) => {
    const kinds = formsNamed(act.verb).map(({ takes, more }) => (name === act.verb ? takes : more[name])?.is);
    if (typeof value !== 'string') return [name, value] as const;
    if (kinds.includes('room')) return [name, short.get(value) ?? value] as const;
    const isOwn = kinds.includes('own device') && ownerIn(value) === ownerIn(act.who);
    return [name, isOwn ? value.slice(ownerIn(value).length + 1) || value : value] as const;
  });
  return { ...act, args: Object.fromEntries(written) };
};

/** Whether the device that it makes has its name to itself in all of the story. */
const isNew = ({ who, verb, args }: Act, names: Names): boolean => {
  const made = newDeviceOf({ who, verb, args });
  return made === null || !names.devices.includes(made);
};

/**
 * What `who` can do before line `nth` of the story (counted from 0; as many as there are lines: at its end). Names are those of the
 * file (`namesIn`); nothing where nobody of that name acts.
 */
export const insertable = (scenario: Scenario, names: Names, nth: number, who: string): readonly Insertable[] => {
  if (!actorsOf(names).includes(who)) return [];
  const stage = stageWith(scenario, { suite: makeSymbolicSuite('1'), free: true });
  const world = worldBefore(stage, nth);
  const own = verbsFor(names, who)
    .filter(({ offers }) => offers === undefined || world.attackers[who] === undefined)
    .flatMap((form) => waysOf(form, who, names, scenario).map((args): Act => ({ who, verb: form.verb, args })));
  const seen = new Set<string>();
  return [...movesOf(stage, world, who), ...own].flatMap((act) => {
    const line = actText(asWritten(act, names));
    if (seen.has(line) || !isNew(act, names) || !wouldBeDone(stage, world, act)) return [];
    seen.add(line);
    return [{ verb: act.verb, sentence: stage.verbs.said(act), line }];
  });
};
