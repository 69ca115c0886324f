import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import {
  type Ablated,
  ablatePair,
  baseline,
  devices,
  type Missed,
  pairsToTry,
  type Row,
  standingOf,
  switchable,
  ablate as switchOff,
  unconfirmed,
  type Who,
} from '../../explorer/ablate.ts';
import { type Ablation, ablationOf, differences, plainOf } from '../../explorer/ablate-data.ts';
import { nearest } from '../../scenario/nearest.ts';
import { layOut } from '../../scenario/schema.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { root } from '../library.ts';
import { realSuite } from '../suite.ts';
import { bold, dim, green, Mistake, print, progress, red, yellow } from '../terminal.ts';

const known = join(root, 'scenarios/ablation.json');

const notOneOf = (what: string, word: string, words: readonly string[]): Mistake => {
  const near = nearest(word, words);
  return new Mistake(`no ${what} “${word}”${near === null ? '' : `: did you mean ${near}?`}`);
};

const clausesAsked = ({ words }: Given): readonly string[] => {
  for (const word of words) if (!switchable.includes(word)) throw notOneOf('clause to switch off', word, switchable);
  return words.length === 0 ? switchable : switchable.filter((clause) => words.includes(clause));
};

const whoAsked = (given: Given): readonly Who[] => {
  const all = ['everyone', ...devices];
  const word = textFlag(given, 'for');
  if (word === undefined) return all;
  if (!all.includes(word)) throw notOneOf('device in the arenas', word, all);
  return [word];
};

const hurt = ({ guarantee, verdict, steps, attacker, arena }: Missed): string =>
  `${verdict === 'breaks' ? red(guarantee) : `${yellow(guarantee)} (accepted)`} in ${steps} ${dim(`(${attacker ?? 'nobody attacks'}, ${arena.replace('arena/', '')})`)}`;

const line = ({ clauses, who, missed, unsettled }: Row): string => {
  const name = who === 'everyone' ? bold(clauses.join(' + ')) : `  for ${who} alone`;
  const found = missed.length === 0 ? dim('nobody misses it in these arenas') : missed.map(hurt).join(', ');
  return `${name}: ${found}${unsettled.length === 0 ? '' : dim(` (unsettled: ${unsettled.join(', ')})`)}`;
};

/** A break found with terms is only told once real bytes have broken in the same place. */
const confirmed = (row: Row): Row => {
  const [wrong] = unconfirmed(row, realSuite);
  if (wrong === undefined) return row;
  throw new Error(
    `a break found with terms does not replay with bytes. This is a bug of ours; please report:\n${wrong}`,
  );
};

/** All rows asked for, told as they are found. `whole`: every clause and everybody, so that pairs are tried too. */
const findAll = (
  given: Given,
  tell: (text: string) => void,
): { readonly ablation: Ablation; readonly whole: boolean } => {
  const clauses = clausesAsked(given);
  const whos = whoAsked(given);
  const whole = clauses.length === switchable.length && given.flags.for === undefined;
  const suite = makeSymbolicSuite('1');
  progress('every clause in force');
  const before = baseline(suite);
  const standing = standingOf(before);
  const alone = new Map<string, Ablated>();
  const rows: Row[] = [];
  let worlds = 0;
  clauses.forEach((clause, nth) => {
    for (const who of whos) {
      progress(`${nth + 1} of ${clauses.length}  ${clause} off for ${who}`);
      const ablated = switchOff({
        suite,
        before: standing,
        clauses: [clause],
        who,
        mattered: (arena) => before.get(arena)?.mattered,
      });
      const row = confirmed(ablated.row);
      rows.push(row);
      worlds += ablated.worlds;
      if (who === 'everyone') alone.set(clause, ablated);
      progress('');
      if (who === 'everyone' || whos.length === 1 || row.missed.length > 0) tell(line(row));
    }
  });
  const pairs = whole ? pairsToTry(alone) : [];
  if (whole) tell(`\n${bold('Pairs that mask each other')}`);
  const masks = pairs.flatMap((pair, nth) => {
    progress(`pair ${nth + 1} of ${pairs.length}  ${pair.join(' + ')}`);
    const ablated = ablatePair(suite, pair, alone, before);
    const row = confirmed(ablated.row);
    worlds += ablated.worlds;
    progress('');
    if (row.missed.length > 0) tell(line(row));
    return row.missed.length > 0 ? [row] : [];
  });
  if (whole) tell(dim(`${pairs.length} pairs tried, ${masks.length} break what neither clause breaks alone there`));
  return { ablation: ablationOf(before, [...rows, ...masks], pairs.length, worlds), whole };
};

const readKnown = (): Ablation => {
  try {
    return JSON.parse(readFileSync(known, 'utf8')) as Ablation;
  } catch {
    throw new Mistake(`${known} cannot be read: write it with --out ${known}`);
  }
};

export const ablate: Command = {
  usage: 'ablate [clause …] [--for everyone|DEVICE] [--json] [--out FILE] [--check]',
  text: 'Switches clauses off in turn: which promise breaks, by which shortest way, and by which weakest attacker. All of them take minutes.',
  flags: {
    for: {
      type: 'string',
      value: 'WHO',
      text: `off for everyone, or for one device alone: ${devices.join(', ')} (the usual: each in turn)`,
    },
    json: { type: 'boolean', text: 'what was found, as JSON' },
    out: { type: 'string', value: 'FILE', text: 'the same, to a file' },
    check: {
      type: 'boolean',
      text: 'compare with scenarios/ablation.json: what differs, and exit code 1 if anything does',
    },
  },
  run: (given) => {
    clausesAsked(given);
    whoAsked(given);
    const was = given.flags.check === true ? readKnown() : null;
    const quiet = given.flags.json === true || was !== null;
    const { ablation, whole } = findAll(given, quiet ? () => undefined : print);
    const text = `${layOut(plainOf(ablation))}\n`;
    const out = textFlag(given, 'out');
    if (out !== undefined) writeFileSync(out, text);
    if (given.flags.json === true) print(text.trimEnd());
    if (was === null) return 0;
    const differ = differences(was, ablation, whole);
    const { length } = ablation.rows;
    const told =
      differ.length === 0 ? [green(`${length === 1 ? '1 row' : `${length} rows`}, all as in the file`)] : differ;
    if (given.flags.json !== true) for (const one of told) print(one);
    return differ.length === 0 ? 0 : 1;
  },
};
