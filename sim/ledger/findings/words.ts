/** How FINDINGS.md writes what it speaks of. */
import type { Verdict } from '../../engine/types.ts';

export const code = (text: string): string => `\`${text}\``;
/** A link to a scenario. */
export const linkTo = (title: string, id: string): string => `[${title}](scenarios/${id}.yaml)`;
/** A verdict behind the guarantee that it is of. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  breaks: '**breaks**',
  accepted: 'is _accepted_ as broken',
  unsettled: 'is unsettled',
  happens: 'happens',
  never: 'never happens',
};
