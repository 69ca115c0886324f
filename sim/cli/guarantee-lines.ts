/** A guarantee in the words of the ledger, as lines for the terminal. */
import { type GuaranteeId, guaranteeIds, guaranteeText, isGuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Verdict } from '../engine/types.ts';
import { bold, dim, misnamed } from './terminal.ts';

/** The guarantee a word means. Throws a `Mistake` that names the nearest. */
export const guaranteeNamed = (word: string): GuaranteeId => {
  if (isGuaranteeId(word)) return word;
  throw misnamed(`no guarantee “${word}”`, word, guaranteeIds, ': npx hearsay guarantees lists them');
};

/** All that the ledger says of one. */
export const guaranteeLines = (id: GuaranteeId): readonly string[] => {
  const { short, promise, ifBroken, forWhom, shadow } = guaranteeText(id);
  return [
    `${bold(id)}  ${short}`,
    `  ${promise}`,
    `  ${dim('for whom:')} ${forWhom}`,
    `  ${dim('if it breaks:')} ${ifBroken}`,
    `  ${dim('its shadow:')} ${shadow}`,
  ];
};

type Judged = { readonly guarantee: GuaranteeId; readonly verdict: Verdict };

/** What it means that some of these do not hold: each of them once, in the order of the ledger; nothing where all hold. */
export const meaningLines = (judged: readonly Judged[]): readonly string[] => {
  const fallen = new Set(
    judged.flatMap(({ guarantee, verdict }) => (verdict === 'breaks' || verdict === 'accepted' ? [guarantee] : [])),
  );
  return guaranteeIds
    .filter((id) => fallen.has(id))
    .flatMap((id) => {
      const { promise, ifBroken, forWhom } = guaranteeText(id);
      return [`${bold(id)}: ${promise}`, `  ${dim('if it breaks:')} ${ifBroken}`, `  ${dim('for whom:')} ${forWhom}`];
    });
};
