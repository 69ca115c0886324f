/** Who did what, what broke, and what stopped it: a run at first sight. */
import { guaranteeText } from '../../machines/guarantee-texts.ts';
import { clauseName } from '../../machines/naming.ts';
import type { Run } from '../../sim/engine/types.ts';
import { firstScreen, type Verdict4 } from '../../sim/runs/telling/first-screen.ts';
import { type ScreenWords, screenWords } from '../../sim/runs/telling/screen-words.ts';
import { inQuotes } from '../../sim/runs/telling/speech.ts';
import { clauseHref, guaranteeHref } from '../hrefs.ts';
import { classes, type Element, el, type View } from './view.ts';

type Link = { readonly href: string; readonly title: string | null };
type Row = { readonly head: string; readonly lines: readonly string[]; readonly tone: string; readonly most: number };

/** What stands between quotes and leads somewhere: guarantees, each with what it promises, and clauses. */
const linksOf = (run: Run, { clauses }: ScreenWords): ReadonlyMap<string, Link> =>
  new Map<string, Link>([
    ...run.judgements.map(({ guarantee }): [string, Link] => {
      const { short, promise } = guaranteeText(guarantee);
      return [`“${short}”`, { href: guaranteeHref(guarantee), title: promise }];
    }),
    ...clauses.map((clause): [string, Link] => [
      inQuotes(clauseName(clause)),
      { href: clauseHref(clause), title: null },
    ]),
  ]);

const rowsOf = (verdict: Verdict4, words: ScreenWords, isCompared: boolean): readonly Row[] => {
  const isAttack = verdict.who.is === 'attacker';
  const isBroken = verdict.broke.some(({ accepted }) => accepted === null);
  const most = 3;
  return [
    { head: isAttack ? 'Attacker' : 'Who', lines: [words.who], tone: isAttack ? 'atk' : '', most },
    { head: 'Did', lines: words.did, tone: '', most },
    { head: 'Broke', lines: words.broke, tone: isBroken ? 'bad' : verdict.broke.length > 0 ? 'warn' : 'ok', most: 2 },
    ...(isCompared ? [{ head: words.stoppedHead, lines: [words.stoppedBy], tone: '', most }] : []),
  ];
};

/** The lines that open, in a fold of their own. */
const restView = (lines: readonly string[]): Element | null =>
  lines.length === 0
    ? null
    : el(
        'dd',
        {},
        el(
          'details',
          {},
          el('summary', {}, `and ${lines.length} more`),
          el(
            'ul',
            {},
            lines.map((line) => el('li', {}, line)),
          ),
        ),
      );

/**
 * @param siblings the other runs of its scenario, which tell what stopped it; `null`: they were not made, and nothing is said of what they tell
 */
export const sightView = (run: Run, siblings: readonly Run[] | null): Element => {
  const seen = firstScreen(run, siblings ?? []);
  // Whether something was at stake they tell as well.
  const verdict = siblings === null ? { ...seen, held: [...seen.held, ...seen.idle], idle: [] } : seen;
  const words = screenWords(run, verdict);
  const links = linksOf(run, words);
  const promised = new Set<string>();
  /** What a guarantee promises stands where it is first named. */
  const promisedOnce = (title: string | null): string | null => {
    if (title === null || promised.has(title)) return null;
    promised.add(title);
    return title;
  };
  /** A line in pieces, some of which are links: steps to where they stand, guarantees and clauses to their texts. */
  const linked = (line: string): readonly View[] =>
    line.split(/(“[^”]*”|\bsteps? \d+)/).map((text) => {
      const step = /^steps? (\d+)$/.exec(text)?.[1];
      if (step !== undefined) return el('a', { href: `#s${step}` }, text);
      const link = links.get(text);
      return link === undefined ? text : el('a', { href: link.href, title: promisedOnce(link.title) }, text);
    });
  return el(
    'dl',
    { class: 'first-screen' },
    rowsOf(verdict, words, siblings !== null).map(({ head, lines, tone, most }) =>
      el(
        'div',
        { class: classes(tone) },
        el('dt', {}, head),
        lines.slice(0, most).map((line) => el('dd', {}, linked(line))),
        restView(lines.slice(most)),
      ),
    ),
  );
};
