/** What is read of data that anybody may have written. */
import { type GuaranteeId, isGuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Verdict } from '../../engine/types.ts';

const verdicts: Readonly<Record<Verdict, true>> = {
  holds: true,
  breaks: true,
  happens: true,
  never: true,
  unsettled: true,
  accepted: true,
};
export const isVerdict = (value: unknown): value is Verdict =>
  typeof value === 'string' && Object.hasOwn(verdicts, value);

export const isGuarantee = (value: unknown): value is GuaranteeId => typeof value === 'string' && isGuaranteeId(value);
export const isGuarantees = (value: unknown): value is readonly GuaranteeId[] =>
  Array.isArray(value) && value.every(isGuarantee);

export const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** A whole number from 1 on. */
export const isCount = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;

export const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Whether a line replays a run of what is written so (`formatWritten`). */
export const isLineOf = (line: string, written: string): boolean =>
  line === written || line.startsWith(`${written}&run=`);

/** A word as a shell takes it for one. */
export const inShell = (word: string): string =>
  /^[\w./:~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A number of things, also of none. */
export const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
