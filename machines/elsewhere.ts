/**
 * Sentences that no part of a chart stands for, and sentences that nobody misses, each with its reason: of `machines/ledger/`, and what
 * folders bring of proposals that it does not have. It is told, and nothing that runs goes by it.
 */
import told from './ledger/elsewhere.json' with { type: 'json' };
import { register } from './register.ts';
import type { ClauseId } from './types.ts';

/**
 * Sentences that have their place outside the charts, and which: no client here can skip them by itself, so that there is nothing to
 * switch off in a device.
 */
export const elsewhere: Readonly<Record<ClauseId, string>> = {
  ...told.elsewhere,
  ...Object.fromEntries(register.flatMap((folder) => Object.entries(folder.elsewhere ?? {}))),
};

/** Sentences in charts without which every verdict stays as it is, and why: each is a finding about the text. */
export const missedByNobody: Readonly<Record<ClauseId, string>> = {
  ...told.missedByNobody,
  ...Object.fromEntries(register.flatMap((folder) => Object.entries(folder.missedByNobody ?? {}))),
};
