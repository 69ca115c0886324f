/** What is said of a run that a player chose: of the guarantees that its story asks about, and of others where they were judged. */
import type { Verdict } from '../../sim/engine/types.ts';
import { counted } from '../../sim/runs/figures/counted.ts';
import { badgeOf, isBroken } from '../badges.ts';

/** What became of a guarantee, by its name. */
export type Fared = { readonly name: string; readonly verdict: Verdict };

/** `“Nobody is surprised” breaks`. */
export const faredWords = ({ name, verdict }: Fared): string => `“${name}” ${badgeOf(verdict)[1]}`;

/** What is otherwise than as written; that nothing is, of the guarantees that were judged. @param inFull whether all were */
export const changesWords = (changes: readonly string[], inFull: boolean): string =>
  changes.length > 0 ? changes.join(', ') : `${inFull ? 'all' : 'these'} verdicts are the same`;

/** Where nothing breaks of what is asked about, and every guarantee was judged. @param besides those nobody asks about */
export const notTheOne = (besides: readonly Fared[]): { readonly tone: 'ok' | 'warn'; readonly words: string } =>
  besides.length === 0
    ? { tone: 'ok', words: 'Nothing breaks. Try another.' }
    : {
        tone: 'warn',
        words: `Not what is asked about, but another guarantee: ${besides.map(faredWords).join(', ')}. Try another.`,
      };

/** Of a story that is defended with so many clauses kept. @param asked the guarantees that it asks about, and no others */
export const keptWords = (
  asked: readonly Fared[],
  count: number,
): { readonly tone: 'ok' | 'bad'; readonly words: string } => {
  const named = (some: readonly Fared[]): string => some.map(({ name }) => `“${name}”`).join(', ');
  const broken = asked.filter(isBroken);
  if (broken.length > 0)
    return { tone: 'bad', words: `✕ ${named(broken)} ${broken.length === 1 ? 'breaks' : 'break'}.` };
  const owned = asked.filter(({ verdict }) => verdict === 'accepted');
  const but = owned.length === 0 ? '' : ` but for what the text accepts (${named(owned)})`;
  const rest = asked.filter(({ verdict }) => verdict !== 'accepted');
  return {
    tone: 'ok',
    words: `✓ None of the guarantees asked about here breaks${but}, with ${counted(count, 'clause')} kept${rest.length === 0 ? '' : `: ${named(rest)}`}.`,
  };
};
