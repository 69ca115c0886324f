import { realSuite } from '../../crypto/node/suite.ts';
import type { Scenario } from '../../engine/types.ts';
import { type Missed, type Row, silentIn, switchableIn } from '../../explorer/ablate.ts';
import { type Ablation, ablationOf, differences, plainOf } from '../../explorer/ablate-data.ts';
import { type Told, toldBy, unconfirmed } from '../../explorer/ablate-stories.ts';
import { ablateWhole, type Whole } from '../../explorer/ablate-whole.ts';
import type { Arena, Arenas } from '../../explorer/arena.ts';
import { layOut } from '../../scenario/layout.ts';
import { devicesOf } from '../../scenario/turns.ts';
import { withThreads } from '../ablation-workers.ts';
import { ablationFile, filedAblation, readArenas } from '../arenas.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { anAblation } from '../file-kinds.ts';
import { scenariosFor } from '../library.ts';
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

const findAll = async (wanted: Asked, given: Given): Promise<Ablation> => {
  const stories = scenariosFor([]).map(({ scenario }) => scenario);
  const found: Whole = await withThreads(wanted.all, (doAll) => ablateWhole(wanted, doAll));
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
    const ablation = await findAll(wanted, given);
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
