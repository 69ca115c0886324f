import { realSuite } from '../../crypto/node/suite.ts';
import type { Scenario } from '../../engine/types.ts';
import { type Missed, type Row, silentIn, switchableIn } from '../../explorer/ablate.ts';
import { type Ablation, ablationOf, differences, plainOf } from '../../explorer/ablate-data.ts';
import { type Told, toldBy, unconfirmed } from '../../explorer/ablate-stories.ts';
import { ablateWhole, type DoAll, type Whole } from '../../explorer/ablate-whole.ts';
import type { Arena, Arenas } from '../../explorer/arena.ts';
import { layOut } from '../../scenario/layout.ts';
import { devicesOf } from '../../scenario/turns.ts';
import { ablationFile, filedAblation, readArenas } from '../arenas.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { anAblation } from '../file-kinds.ts';
import { load, scenariosFor } from '../library.ts';
import { arenaFiles } from '../places.ts';
import { type Crew, crewFlags, shareOf, tellSetAside, withCrew } from '../sweep/crew.ts';
import { jobOf } from '../sweep/kind.ts';
import { outcomesOf, type SearchCame, type SearchTask, searchKind, taskOf } from '../sweep/kinds/search.ts';
import { planDigest } from '../sweep/plan.ts';
import { shelfOf } from '../sweep/shelf.ts';
import { bold, dim, green, Mistake, misnamed, plural, print, progress, red, yellow } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

const notOneOf = (what: string, word: string, words: readonly string[], otherwise?: string): Mistake =>
  misnamed(`no ${what} “${word}”`, word, words, otherwise ?? `: one of ${words.join(', ')} expected`);

const shortName = (id: string): string => id.replace('arenas/', '');

/** What is asked for. */
type Asked = {
  readonly all: Arenas;
  readonly clauses: readonly string[];
  readonly arenas: readonly Arena[];
  readonly who: string | null;
  readonly pairs: boolean;
  /** Whether that is all there is. */
  readonly whole: boolean;
};

const asked = (given: Given, all: Arenas): Asked => {
  const arenas = [...all.values()];
  const switchable = switchableIn(all);
  const flagged = textFlag(given, 'clause');
  const words = [...given.words, ...(flagged === undefined ? [] : [flagged])];
  for (const word of words)
    if (!switchable.includes(word))
      throw notOneOf('clause to switch off', word, switchable, ': npx hearsay clauses lists them');
  const name = textFlag(given, 'arena');
  // A file's name means what it says with another text as well.
  const isNamed = ({ id, scenario }: Arena): boolean =>
    name === undefined || [id, scenario.id].map(shortName).includes(shortName(name));
  if (!arenas.some(isNamed)) throw notOneOf('arena', name ?? '', [...all.keys()].map(shortName));
  const who = textFlag(given, 'for') ?? null;
  const devices = [...new Set(arenas.flatMap(({ scenario }) => devicesOf(scenario)))];
  if (who !== null && who !== 'everyone' && !devices.includes(who))
    throw notOneOf('device in the arenas', who, ['everyone', ...devices]);
  const clauses = words.length === 0 ? switchable : switchable.filter((clause) => words.includes(clause));
  const places = arenas.filter((arena) => {
    const silent = silentIn(arena);
    return isNamed(arena) && clauses.some((clause) => !silent.has(clause));
  });
  const whole = words.length === 0 && name === undefined && who === null;
  if (given.flags.check === true && name !== undefined)
    throw new Mistake('--check compares what all arenas say together: leave out --arena');
  return { all, clauses, arenas: places, who, pairs: whole || given.flags.pairs === true, whole };
};

const hurt = ({ guarantee, verdict, steps, attacker, scenario, by }: Missed): string =>
  `    ${verdict === 'breaks' ? red(guarantee) : `${yellow(guarantee)} (accepted)`}: ${attacker ?? 'nobody attacks'}, ${plural(steps, 'step')} ${dim(`(${by === 'arena' ? shortName(scenario) : `the story ${scenario}`})`)}`;

/** A row as people read it: what breaks, by whom and in how many steps, or how far nobody has found a way. */
const told = ({ clauses, who, missed, arenas: places, worlds, unsettled }: Row): string => {
  const name = who === 'everyone' ? bold(clauses.join(' + ')) : `  for ${who} alone`;
  const seen = `${plural(worlds, 'world')} of ${places === 1 ? 'one arena' : `${places} arenas`}`;
  const cut = unsettled.length === 0 ? '' : `, cut short in ${unsettled.map(shortName).join(', ')}`;
  if (missed.length > 0) return [name, ...missed.map(hurt)].join('\n');
  return `${name}: ${dim(places === 0 ? 'nobody speaks of it in any arena' : `nobody misses it within ${seen}${cut}`)}`;
};

/** A break found with terms is only told once real bytes have broken in the same place. */
const confirm = (rows: readonly Row[], scenarios: readonly Scenario[]): void => {
  const scenarioOf = (id: string) => scenarios.find((one) => one.id === id);
  rows.forEach((row, nth) => {
    progress(`replaying with real bytes: ${nth + 1} of ${rows.length}`);
    const [wrong] = unconfirmed(row, scenarioOf, realSuite);
    if (wrong !== undefined)
      throw new Error(
        `a break found with terms does not replay with bytes. This is a bug of ours; please report:\n${wrong}`,
      );
  });
  progress('');
};

/** What stories say of what is asked for: in the whole of it, and where no single arena is meant. */
const toldOf = ({ clauses, who }: Asked, given: Given, stories: readonly Scenario[]): readonly Told[] =>
  textFlag(given, 'arena') !== undefined
    ? []
    : toldBy(
        stories.map((story) => ({
          ...story,
          without: story.without.filter(({ turns }) =>
            turns.some((turn) => turn.turn === 'off' && clauses.includes(turn.clause)),
          ),
        })),
        'symbolic',
      ).filter(
        (one) =>
          (who === null || one.who === who) && (one.clauses.length === 2 || clauses.includes(one.clauses[0] ?? '')),
      );

/** Not all of it can be told, as searches are missing: those of other shares, or that were set aside. */
class Unfinished extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The first round, from which all others come, is searched in every share. */
const firstRound = 'every clause in force';

/** Searches by whoever the flags say. What comes of a round is wanted before the next can be known. */
const searchedBy =
  (crew: Crew<SearchTask, SearchCame>, isShared: boolean): DoAll =>
  async (words, searches) => {
    const jobs = searches.map((one) => jobOf(searchKind, taskOf(one)));
    const known = await crew.doAll(jobs, { words, isForAll: words === firstRound });
    tellSetAside(searchKind, jobs, known);
    const came = jobs.map(({ name }) => known.done.get(name));
    const missing = came.filter((one) => one === undefined).length;
    if (known.setAside.size > 0) throw new Unfinished('without these nothing can be said of the whole', 3);
    if (missing > 0 && isShared)
      throw new Unfinished(
        `${words}: ${jobs.length - missing} of ${plural(jobs.length, 'search', 'searches')} are in the record. hearsay merge --record puts records together, and the same command goes on from that one`,
        0,
      );
    return came.map((one) => outcomesOf(one ?? []));
  };

const findAll = async (wanted: Asked, given: Given): Promise<Ablation> => {
  const stories = scenariosFor([]).map(({ scenario }) => scenario);
  const shelf = shelfOf(arenaFiles().map(load));
  const plan = planDigest(
    [{ name: JSON.stringify([wanted.clauses, wanted.arenas.map(({ id }) => id), wanted.pairs]) }],
    shelf,
  );
  const found: Whole = await withCrew(given, { kind: searchKind, shelf, plan }, (crew) =>
    ablateWhole(wanted, searchedBy(crew, shareOf(given) !== null)),
  );
  const rows = found.rows.filter(({ who }) => wanted.who === null || who === wanted.who);
  const evidence = toldOf(wanted, given, stories).filter((one) => wanted.pairs || one.clauses.length === 1);
  const ablation = ablationOf(wanted.all, { ...found, rows }, evidence);
  confirm(
    [...ablation.rows, ...ablation.pairs],
    [...stories, ...[...wanted.all.values()].map(({ scenario }) => scenario)],
  );
  return ablation;
};

const tell = ({ rows, pairs, pairsTried, worlds }: Ablation, wanted: Asked): void => {
  for (const row of rows) print(told(row));
  if (wanted.pairs) print(`\n${bold('Pairs that mask each other')}`);
  for (const row of pairs) print(told(row));
  if (wanted.pairs) print(dim(`${plural(pairsTried, 'pair')} tried`));
  print(dim(plural(worlds, 'world')));
};

const readKnown = (): Ablation => {
  const known = filedAblation();
  if (known === null) throw new Mistake(`${ablationFile} cannot be read: write it with --out ${ablationFile}`);
  return known;
};

export const ablate: Command = {
  usage: 'ablate [clause …] [--arena ID] [--for everyone|DEVICE] [--pairs] [--json] [--out FILE] [--check]',
  text: 'Switches clauses off in turn: which guarantee breaks, by which weakest attacker, and by which shortest way. All of them, with the pairs that mask each other, take a few minutes.',
  flags: {
    clause: { type: 'string', value: 'ID', text: 'that clause alone (the usual: each in turn)' },
    arena: { type: 'string', value: 'ID', text: 'in that arena alone, and without what scenarios tell' },
    for: {
      type: 'string',
      value: 'WHO',
      text: 'off for everyone, or for one device alone (the usual: everyone, then each device that has it)',
    },
    pairs: { type: 'boolean', text: 'also pairs of which one is among these clauses' },
    json: { type: 'boolean', text: 'what was found, as JSON' },
    out: { type: 'string', value: 'FILE', text: 'the same, to a file' },
    ...crewFlags,
    check: {
      type: 'boolean',
      text: 'compare with scenarios/ablation.json: what differs, and exit code 1 if anything does',
    },
  },
  names: () => switchableIn(readArenas()),
  run: async (given) => {
    const wanted = asked(given, readArenas());
    const out = textFlag(given, 'out');
    if (out !== undefined) checkOut(anAblation, `--out ${out}`, out);
    const was = given.flags.check === true ? readKnown() : null;
    let ablation: Ablation;
    try {
      ablation = await findAll(wanted, given);
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      print(error.message);
      return error.status;
    }
    const text = `${layOut(plainOf(ablation))}\n`;
    const keep = (): void => {
      if (out !== undefined) writeOf(anAblation, `--out ${out}`, out, text);
    };
    if (given.flags.json === true) print(text.trimEnd());
    else if (was === null) tell(ablation, wanted);
    if (was === null) {
      keep();
      return 0;
    }
    const differ = differences(was, ablation, wanted.whole);
    const { length } = [...ablation.rows, ...ablation.pairs];
    const told = differ.length === 0 ? [green(`${plural(length, 'row')}, all as in the file`)] : differ;
    if (given.flags.json !== true) for (const one of told) print(one);
    keep();
    return differ.length === 0 ? 0 : 1;
  },
};
