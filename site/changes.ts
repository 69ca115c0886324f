/** How players stand, and what of it is otherwise after a step: states of their charts, and what they hold. */
import { shortRoom } from '../sim/engine/names.ts';
import type { Moment, PlayerId, Run } from '../sim/engine/types.ts';
import { shortTerm } from '../sim/runs/export/short.ts';
import { toldIn } from '../sim/runs/figures/sides.ts';
import { capitalised, chartWords, secretWords } from '../sim/runs/figures/words.ts';

/** `Backup key: none → pushed by LAPTOP`. */
export type Change = { readonly name: string; readonly before: string; readonly after: string };
export type Changed = { readonly player: PlayerId; readonly changes: readonly Change[] };

/** One thing that is so of a player. `before` is how it stood where nothing was said of it. */
type Fact = { readonly player: PlayerId; readonly name: string; readonly before: string; readonly after: string };
type Stored = Extract<Moment, { readonly kind: 'stored' }>;

const secretFact = ({ patch, player }: Stored): Fact | null => {
  if (patch.patch === 'forget secret')
    return { player, name: secretWords(patch.name), before: 'none', after: 'forgotten' };
  if (patch.patch !== 'secret') return null;
  const { origin, public: key } = patch.held;
  const how = origin.how === 'push' ? `pushed by ${origin.device ?? 'an unknown device'}` : origin.how;
  const which = key === null ? '' : `${shortTerm(key)}, `;
  return { player, name: secretWords(patch.name), before: 'none', after: `${which}${how}` };
};

/** What a device keeps of one kind: `2 of den`, which grows by what is named. */
const countFact = (player: PlayerId, name: string, kept: Set<string>, found: readonly string[]): Fact => {
  const before = `${kept.size}`;
  for (const one of found) kept.add(one);
  return { player, name, before, after: `${kept.size}` };
};

/** Names of room keys and of notices that players hold so far: as the facts are read, in order. */
type Kept = (player: PlayerId, what: string) => Set<string>;

const factOf = (moment: Moment, kept: Kept): Fact | null => {
  if (moment.kind === 'state')
    return { player: moment.player, name: chartWords(moment.chart), before: moment.from, after: moment.to };
  if (moment.kind !== 'stored') return null;
  const { patch, player } = moment;
  switch (patch.patch) {
    case 'secret':
    case 'forget secret':
      return secretFact(moment);
    case 'backup': {
      const after = patch.backup === null ? 'nothing' : `version ${patch.backup.version}`;
      return { player, name: 'backs up to', before: 'nothing', after };
    }
    case 'backup preference':
      return { player, name: 'is to back up', before: 'not said', after: patch.isOn ? 'yes' : 'no' };
    case 'pin':
      return { player, name: `identity of ${patch.user}`, before: 'none', after: shortTerm(patch.master) };
    case 'room keys':
      return countFact(player, 'room keys', kept(player, 'keys'), Object.keys(patch.keys));
    case 'withheld':
      return countFact(player, 'keys told withheld', kept(player, 'withheld'), Object.keys(patch.entries));
    case 'room visibility':
      return { player, name: `history of ${shortRoom(patch.room)}`, before: 'as made', after: patch.visibility };
    case 'backed up':
    case 'room key given':
    case 'history shared':
    case 'room made':
    case 'room member':
      return null;
  }
};

const keeper = (): Kept => {
  const all = new Map<string, Set<string>>();
  return (player, what) => {
    const key = `${player} ${what}`;
    const found = all.get(key) ?? new Set<string>();
    all.set(key, found);
    return found;
  };
};

/** For each step of a run the players that stand otherwise after it than before it, with what is otherwise. What came and went is not. */
export const changesOf = (run: Run): readonly (readonly Changed[])[] => {
  const told = toldIn(run);
  const kept = keeper();
  const now = new Map<string, string>();
  return run.steps.map(({ moments }) => {
    const before = new Map(now);
    const facts = moments.flatMap((moment) => factOf(moment, kept) ?? []);
    const first = new Map(facts.toReversed().map((fact) => [`${fact.player} ${fact.name}`, fact]));
    for (const { player, name, after } of facts) now.set(`${player} ${name}`, after);
    const changed = [...first].toReversed().flatMap(([key, { player, name, before: stood }]) => {
      const [was, is] = [before.get(key) ?? stood, now.get(key) ?? ''];
      return was === is
        ? []
        : [{ player, change: { name: capitalised(told(name)), before: told(was), after: told(is) } }];
    });
    return [...Map.groupBy(changed, ({ player }) => player)].map(([player, own]) => ({
      player,
      changes: own.map(({ change }) => change),
    }));
  });
};
