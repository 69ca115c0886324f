/** A scenario in which other things go wrong than its file has: faults of its story spared, accidents put in, free play dealt others. */
import type { Verbs } from './stage.ts';
import type { Act, FaultTurn, FilePlace, Scenario, Turn } from './types.ts';

type Placed = { readonly act: Act; readonly place: FilePlace | null };
type Line = readonly Placed[];
type Of<K extends FaultTurn['turn']> = Extract<FaultTurn, { readonly turn: K }>;

const linesOf = ({ story, places }: Scenario): readonly Line[] =>
  story.map((line, nth) => line.map((act, one) => ({ act, place: places?.[nth]?.[one] ?? null })));

/** Who acts in a story of that cast is no attacker: what those do they mean. */
const isMeant = ({ cast }: Pick<Scenario, 'cast'>, { who }: Act): boolean =>
  cast.attackers.some(({ name }) => name === who);

/** The places, counted from 0, of the acts in a line of a scenario that are faults. */
export const faultsAt = (
  isFault: Verbs['isFault'],
  scenario: Pick<Scenario, 'cast' | 'story'>,
  line: number,
): readonly number[] =>
  (scenario.story[line - 1] ?? []).flatMap((act, nth) => (isFault(act) && !isMeant(scenario, act) ? [nth] : []));

/** Without the faults of some lines, nor what ends them: a device that has not gone offline does not come back. */
const sparing = (verbs: Verbs, scenario: Scenario, spared: readonly Of<'spared'>[]): readonly Line[] => {
  const lines = new Set(spared.map(({ line }) => line));
  let ends: readonly Pick<Act, 'who' | 'verb'>[] = [];
  return linesOf(scenario).map((line, nth) => {
    const faults = lines.has(nth + 1) ? faultsAt(verbs.isFault, scenario, nth + 1) : [];
    return line.flatMap((placed, one): Line => {
      const { who, verb } = placed.act;
      if (faults.includes(one)) {
        const accident = verbs.accidents.find((known) => known.verb === verb);
        if (accident?.ends !== undefined) ends = [...ends, { who, verb: accident.ends }];
        return accident?.spared === undefined ? [] : [{ ...placed, act: { who, verb: accident.spared, args: {} } }];
      }
      const end = ends.find((known) => known.who === who && known.verb === verb);
      ends = ends.filter((known) => known !== end);
      return end === undefined ? [placed] : [];
    });
  });
};

/** Around each line the accidents that strike before it; what they end with comes behind it. */
const striking = ({ accidents }: Verbs, lines: readonly Line[], struck: readonly Of<'struck'>[]): readonly Line[] => {
  const acts = (line: number, part: 'verb' | 'ends'): readonly Line[] =>
    struck
      .filter((one) => one.line === line)
      .flatMap(({ fault, at }) => {
        const verb = accidents.find(({ name }) => name === fault)?.[part];
        return verb === undefined ? [] : [[{ act: { who: at, verb, args: {} }, place: null }]];
      });
  return lines.flatMap((line, nth) => [...acts(nth + 1, 'verb'), line, ...acts(nth + 1, 'ends')]);
};

type Faults = Pick<Scenario, 'faults' | 'explore'>;
const dealing = ({ faults, explore }: Faults, { fault, times }: Of<'dealt'>): Faults =>
  explore === null || fault in faults
    ? { faults: { ...faults, [fault]: times }, explore }
    : { faults, explore: { ...explore, faults: { ...explore.faults, [fault]: times } } };

/** The scenario as it is told with some faults turned: itself where none is. */
export const faulted = (verbs: Verbs, scenario: Scenario, turns: readonly Turn[]): Scenario => {
  const of = <K extends FaultTurn['turn']>(kind: K): readonly Of<K>[] =>
    turns.filter((one): one is Of<K> => one.turn === kind);
  const [spared, struck, dealt] = [of('spared'), of('struck'), of('dealt')];
  if (spared.length + struck.length + dealt.length === 0) return scenario;
  const told = { ...scenario, ...dealt.reduce<Faults>(dealing, scenario) };
  if (spared.length + struck.length === 0) return told;
  // A line in which nothing is left would never be over.
  const lines = striking(verbs, sparing(verbs, scenario, spared), struck).filter((line) => line.length > 0);
  return {
    ...told,
    story: lines.map((line) => line.map(({ act }) => act)),
    ...(scenario.places === undefined
      ? {}
      : { places: lines.map((line) => line.flatMap(({ place }) => (place === null ? [] : [place]))) }),
  };
};
