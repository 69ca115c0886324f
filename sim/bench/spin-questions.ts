/** What the explorer and SPIN are both asked: a protocol's question, of an arena here and of a Promela text of the same protocol there. */
import { existsSync, readFileSync } from 'node:fs';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { ClauseId } from '../../machines/types.ts';

export type Question = {
  readonly arena: string;
  readonly guarantee: GuaranteeId;
  /** The clause that is left out; `null`: all are in force. */
  readonly without: ClauseId | null;
};

const ask = (arena: string, guarantee: GuaranteeId, ...without: readonly (ClauseId | null)[]): readonly Question[] =>
  without.map((clause) => ({ arena: `arenas/${arena}`, guarantee, without: clause }));

export const questions: readonly Question[] = [
  ...ask('a-stolen-token', 'secret-authenticity', null, '4385-push-cross-signed-only'),
  ...ask('two-resets', 'secret-convergence', null, '4385-push-works-test'),
  ...ask('a-choice', 'preference-fidelity', null, '4287-signin-consider'),
  ...ask('a-choice', 'preference-convergence', null),
  ...ask('an-inviter-elsewhere', 'room-scoping', null, '4268-relevant-room-only'),
  ...ask('a-room-is-closed', 'history-confidentiality', null, '4268-check-visibility-on-send'),
];

/** As it is told: `arenas/two-resets: secret-convergence without 4385-push-works-test`. */
export const toldQuestion = ({ arena, guarantee, without }: Question): string =>
  `${arena}: ${guarantee}${without === null ? '' : ` without ${without}`}`;

/** The folder of the Promela texts, beside this file. Each is named as the arena is. */
export const promela = new URL('promela/', import.meta.url);
export const modelOf = ({ arena }: Question): URL => new URL(`${arena.replace('arenas/', '')}.pml`, promela);
export const isModelled = (question: Question): boolean => existsSync(modelOf(question));

const macro = (word: string, id: string): string => `${word}_${id.replaceAll('-', '_')}`;

/** What is defined for the preprocessor when a question is asked of its model: which guarantee, where the model has several, and what is left out. */
export const definedFor = (question: Question): readonly string[] => {
  const about = macro('ABOUT', question.guarantee);
  return [
    ...(readFileSync(modelOf(question), 'utf8').includes(about) ? [about] : []),
    ...(question.without === null ? [] : [macro('WITHOUT', question.without)]),
  ];
};
