/** How much a search saw, in words. */
import { counted, large } from '../../sim/runs/figures/counted.ts';
import type { ExploreAnswered } from './searching.ts';

const limitWords: Readonly<Record<NonNullable<ExploreAnswered['limit']>, string>> = {
  depth: 'the bound of depth',
  worlds: 'the bound of worlds',
  memory: 'what a page may hold',
  stopped: 'being stopped',
  chance: 'chance',
};

/** `1 world`, `20 000 worlds`. */
const largely = (worlds: number): string => counted(worlds, 'world').replace(/^\d+/, large(worlds));

/** That a guarantee holds in so many worlds, and whether its shadow happened in any of them. */
export const holdsWords = ({ shadow }: { readonly shadow: boolean }, worlds: number): string =>
  `holds in all ${large(worlds)} worlds${shadow ? '' : ', but its shadow never happened'}`;

/** How many worlds were seen, and whether these are all there are. */
export const endWords = ({
  worlds,
  depth,
  limit,
  end,
  bounds,
}: Pick<ExploreAnswered, 'worlds' | 'depth' | 'limit' | 'end' | 'bounds'>): string => {
  const cut = limit === null ? 'every world there is' : `cut short by ${limitWords[limit]}`;
  const how = end === 'all broken' ? 'until nothing was left to break; there may be more worlds' : cut;
  return `${largely(worlds)}, depth ${depth}: ${how} (the bounds were at most ${bounds.depthMax} deep and ${largely(bounds.worldsMax)}).`;
};

/** What a search tried and what it did not, as sentences. */
export const triedLines = (tried: readonly string[]): readonly string[] =>
  tried.map((line) => `${line.slice(0, 1).toUpperCase()}${line.slice(1)}.`);

/** The same where something holds: it says what that speaks of. */
export const triedOf = ({ found, tried }: Pick<ExploreAnswered, 'found' | 'tried'>): readonly string[] =>
  found.some(({ verdict }) => verdict === 'holds') ? triedLines(tried) : [];
