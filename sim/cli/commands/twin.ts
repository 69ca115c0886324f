/** `explore --twin`: the search engine on a model that also stands in Promela, side by side with SPIN where it is installed. */
import { type Counted, median, searched, sizes } from '../../bench/measure.ts';
import { missingForSpin, withSpin } from '../../bench/spin.ts';
import { nearest } from '../../scenario/nearest.ts';
import { bold, dim, Mistake, print, progress, verdictWord } from '../terminal.ts';

const rounds = 3;
const thousands = (count: number): string => String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

/** What a checker found and what it took: `ms` for the search alone. */
type Row = {
  readonly who: string;
  readonly verdict: 'holds' | 'breaks' | 'unsettled';
  readonly worlds: number;
  readonly transitions: number;
  readonly ms: number;
  readonly bytes: number;
};

const ours = (size: Counted): Row => {
  const runs = Array.from({ length: rounds }, () => searched(size));
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was searched');
  return { who: 'this engine', ...first.outcome, ms: median(runs.map(({ ms }) => ms)) };
};

const spins = (size: Counted): readonly Row[] =>
  (['depth first', 'breadth first'] as const).map((order) =>
    withSpin(size, true, order, size.states, ({ run }) => {
      const runs = Array.from({ length: rounds }, run);
      const { states = 0, transitions = 0, errors = 0, bytes = 0 } = runs[0] ?? {};
      return {
        who: `SPIN, ${order}`,
        verdict: errors === 0 ? 'holds' : 'breaks',
        worlds: states,
        transitions: transitions - 1, // it counts reaching the first state as one
        ms: median(runs.map(({ searchMs }) => searchMs)),
        bytes,
      };
    }),
  );

const printRow = ({ who, verdict, worlds, transitions, ms, bytes }: Row): void =>
  print(
    `  ${who.padEnd(20)} ${verdictWord(verdict)}: ${thousands(worlds)} worlds, ${thousands(transitions)} transitions, ${thousands((worlds / ms) * 1000)} worlds a second, ${(bytes / worlds).toFixed(1)} bytes a world`,
  );

/**
 * @param words the size's name, or none for the usual one
 * @returns 0 when all searches agree, 1 when they do not. Throws a `Mistake` for a size there is not.
 */
export const twin = (words: readonly string[]): number => {
  const [name = '10^5', ...more] = words;
  const size = sizes.find((one) => one.name === name);
  const names = sizes.map((one) => one.name);
  if (size === undefined || more.length > 0) {
    const near = more.length > 0 ? null : nearest(name, names);
    throw new Mistake(
      `--twin ${words.join(' ')}: one of ${names.join(', ')} expected${near === null ? '' : `: did you mean ${near}?`}`,
    );
  }
  const { versions, room, losses, repeats, forgeries } = size;
  print(bold('A secret pushed among three devices, beside a rogue one'));
  print(
    dim(
      `  ${name}: ${versions} version(s), inboxes of ${room}, ${losses} loss(es), ${repeats} repetition(s), ${forgeries} forgery(ies)`,
    ),
  );
  const mine = ours(size);
  printRow(mine);
  const missing = missingForSpin();
  if (missing.length > 0) {
    print(dim(`  not compared with SPIN, which takes what is not installed: ${missing.join(', ')}`));
    return 0;
  }
  progress('SPIN compiles …');
  const theirs = spins(size);
  progress('');
  theirs.forEach(printRow);
  const agrees = theirs.every(
    ({ verdict, worlds, transitions }) =>
      verdict === mine.verdict && worlds === mine.worlds && transitions === mine.transitions,
  );
  print(agrees ? '  the same worlds and transitions in all' : '  these do not agree: a bug of ours, please report it');
  return agrees ? 0 : 1;
};
