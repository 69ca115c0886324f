/** What a world costs a search of the full model: of few worlds beside many, and beside SPIN in a minute. */
import { type ModelName, models, type Searched, searchApart, thiefsMoves } from '../full.ts';
import { type Part, rounds } from '../measure.ts';
import { askSpinFor, howToInstall, spinHere } from '../spin.ts';

const count = (many: number): string => Math.round(many).toLocaleString('en').replaceAll(',', ' ');
const toldSearch = ({ worlds, depth, ms, bytes, residentBytes }: Searched): string =>
  `${count(worlds)} worlds in ${(ms / 1000).toFixed(1)} s, ${count(worlds / (ms / 1000))} a second, depth ${depth}, ${count(bytes / worlds)} bytes a world, ${count(residentBytes / 2 ** 20)} MiB resident`;
const microsecondsEach = ({ ms, worlds }: Searched): number => (ms * 1000) / worlds;

const [few, some, many] = [10_000, 100_000, 1_000_000] as const;

export const growth: Part = {
  name: 'growth',
  title: 'A world of the full model, on one thread',
  async *measure({ isLong }) {
    for (const name of ['lies', 'rooms'] as const)
      for (const worlds of isLong ? [some, many] : [some]) {
        const [first, larger] = [searchApart(name, few), searchApart(name, worlds)];
        yield {
          what: `one of ${count(worlds)}: ${models[name].text}`,
          ours: `one of ${count(worlds)}`,
          other: `one of ${count(few)}`,
          unit: 'µs',
          pairs: [{ ours: microsecondsEach(larger), other: microsecondsEach(first) }],
          note: toldSearch(larger),
        };
      }
  },
};

const secondsMax = 60;
/** More than anybody sees in that time. */
const noBound = 100_000_000;

export const minute: Part = {
  name: 'minute',
  title: 'Worlds in a minute and a gigabyte, on one thread (more is better)',
  isLongOnly: true,
  async *measure() {
    const searched = (name: ModelName): Searched => searchApart(name, noBound, secondsMax);
    for (const name of ['lies', 'rooms'] as const) {
      const one = searched(name);
      yield {
        what: models[name].text,
        ours: 'the full model',
        other: 'a million',
        unit: 'worlds',
        pairs: [{ ours: one.worlds, other: 1_000_000 }],
        note: toldSearch(one),
      };
    }
    const tools = spinHere();
    const what = `arenas/a-stolen-token with ${thiefsMoves} moves, breadth first`;
    if (tools === null) {
      yield { what, why: `SPIN or gcc is not installed: ${howToInstall}` };
      return;
    }
    const pairs = await rounds(1, () => {
      const spin = askSpinFor('a-stolen-token', [`MOVES=${thiefsMoves}`], 1);
      return { ours: searched('token'), spin };
    });
    const [first] = pairs;
    if (first === undefined) return;
    yield {
      what,
      ours: 'the full model: charts, homeserver, terms',
      other: 'the Promela text, a few bytes of it a world',
      unit: 'worlds',
      pairs: pairs.map(({ ours, spin }) => ({ ours: ours.worlds, other: spin.worlds })),
      note: `ours ${toldSearch(first.ours)}; SPIN depth ${first.spin.depth}, ${count(first.spin.bytes / 2 ** 20)} MiB (${tools})`,
    };
  },
};
