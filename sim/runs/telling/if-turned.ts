/** What becomes of guarantees when settings of a scenario are turned, and how that is said beside the settings. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Run, Turn, Verdict } from '../../engine/types.ts';
import { switchName } from './setting-words.ts';
import { inQuotes, listed, quotedGuarantee } from './speech.ts';

export type Fate = {
  readonly words: string;
  readonly tone: 'bad' | 'warn' | 'ok' | 'open';
};

const isKept = (verdict: Verdict | undefined): boolean => verdict === 'holds' || verdict === 'happens';

const named = (all: readonly GuaranteeId[]): string =>
  listed([...all.slice(0, 2).map(quotedGuarantee), ...(all.length > 2 ? [`${all.length - 2} more`] : [])]);

/** What becomes of which guarantees in the turned run, the worst first; one that says so where nothing changes, of those judged and no others. */
export const fatesOf = (base: Pick<Run, 'judgements'>, turned: Pick<Run, 'judgements'>): readonly Fate[] => {
  const changes = base.judgements.flatMap(({ guarantee, verdict }) => {
    const there = turned.judgements.find((one) => one.guarantee === guarantee)?.verdict;
    return there === undefined || isKept(verdict) === isKept(there) ? [] : [{ guarantee, there }];
  });
  const among = (isSo: (verdict: Verdict) => boolean): readonly GuaranteeId[] =>
    changes.filter(({ there }) => isSo(there)).map(({ guarantee }) => guarantee);
  const fates: readonly (readonly [all: readonly GuaranteeId[], words: string, tone: Fate['tone']])[] = [
    [among((verdict) => verdict === 'breaks' || verdict === 'never'), 'would not hold', 'bad'],
    [among((verdict) => verdict === 'accepted'), 'would not hold, which the text accepts', 'warn'],
    [among(isKept), 'would hold', 'ok'],
    [among((verdict) => verdict === 'unsettled'), 'would be left open', 'open'],
  ];
  const told = fates.flatMap(([all, words, tone]) =>
    all.length === 0 ? [] : [{ words: `${named(all)} ${words}`, tone }],
  );
  return told.length === 0 ? [{ words: 'these verdicts would be the same', tone: 'open' }] : told;
};

/** What the settings are called together: `Only …`, of more than one `“Only …” and “Keep …”`. */
export const switchNames = (turns: readonly Turn[]): string =>
  turns.length === 1
    ? turns.map(switchName).join()
    : listed(
        turns.map((turn) => inQuotes(switchName(turn))),
        turns.length,
      );

/** How they stand in the run as written, up to what becomes of it: `is in force. Without it`, `are both in force; without both`. */
export const standWords = (turns: readonly Turn[]): string => {
  const off = turns.filter(({ turn }) => turn === 'off').length;
  const all = turns.length === 2 ? 'both' : 'all';
  if (off === turns.length) return off === 1 ? 'is in force. Without it' : `are ${all} in force; without ${all}`;
  if (off === 0) return turns.length === 1 ? 'is not chosen. With it' : `are not chosen; with ${all}`;
  return `stand otherwise here; with ${all} turned`;
};
