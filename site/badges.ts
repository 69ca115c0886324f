/** Verdicts as they are shown: a sign, a word, a tone. */
import type { Judgement, Verdict } from '../sim/engine/types.ts';

const badges: Readonly<Record<Verdict, readonly [symbol: string, word: string, tone: string]>> = {
  holds: ['✓', 'holds', 'ok'],
  happens: ['✓', 'happens', 'ok'],
  breaks: ['✕', 'breaks', 'bad'],
  never: ['✕', 'never happens', 'bad'],
  accepted: ['≈', 'accepted by the text', 'warn'],
  unsettled: ['?', 'unsettled', 'open'],
};
/** What holds in a world in which it had nothing to withstand. */
export const nothingAtStake = ['✓', 'holds, with nothing at stake', 'open'] as const;

export const badgeOf = (verdict: Verdict) => badges[verdict];

/** Whether something goes wrong: a guarantee breaks, or what has to be possible never happens. */
export const isBroken = ({ verdict }: Pick<Judgement, 'verdict'>): boolean =>
  verdict === 'breaks' || verdict === 'never';
