/** A clause of `hearsay clients --clauses`: the known ways to a break without it, with a real client in the seat of whoever left it out. */
import { isObject } from '../../../../machines/json.ts';
import type { ClauseId } from '../../../../machines/types.ts';
import { type Sources, scenarioIn, tryClause } from '../../../clients/clauses/clauses.ts';
import type { KnownRow } from '../../../clients/clauses/counterexamples.ts';
import { type Company, companyOf, type Outcome, type Tried } from '../../../clients/clauses/tried.ts';
import type { PlayerId } from '../../../engine/types.ts';
import { isSeed } from '../../../runs/trace.ts';
import type { Kind } from '../kind.ts';
import { inShell, isGuarantee, isTextOrNull, isTexts, isVerdict } from '../reads.ts';
import type { Shelved } from '../shelf.ts';
import { builtInNamed, builtInOnce, type Seated, sameVersion } from './seated.ts';

/** A way that an ablation found, and for whom the clause was off there. */
type Found = Pick<KnownRow, 'who'> & KnownRow['missed'][number];

/** `seat`: that one alone; `null`: all. `found`: what an ablation knows of the clause; what stories say is in those that are handed out. */
export type ClauseTask = {
  readonly clause: ClauseId;
  readonly seat: PlayerId | null;
  readonly client: string;
  readonly version: string;
  readonly seed: string;
  readonly found: readonly Found[];
};

/** What a task is to know of an ablation. */
export const foundOf = (rows: readonly KnownRow[], clause: ClauseId): readonly Found[] =>
  rows
    .filter(({ clauses }) => clauses.length === 1 && clauses[0] === clause)
    .flatMap(({ who, missed }) =>
      missed.map(({ guarantee, verdict, by, line }) => ({ who, guarantee, verdict, by, line })),
    );

const sourcesOf = ({ clause, found }: ClauseTask, shelf: Shelved): Sources => ({
  rows: found.map(({ who, ...missed }) => ({ clauses: [clause], who, missed: [missed] })),
  stories: shelf.all(),
  arenas: [],
});

const isBad = (value: unknown): boolean => value === 'breaks' || value === 'accepted';
const isBy = (value: unknown): boolean => value === 'arena' || value === 'story';
const isFound = (value: unknown): value is Found =>
  isObject(value) &&
  typeof value.who === 'string' &&
  isGuarantee(value.guarantee) &&
  isBad(value.verdict) &&
  isBy(value.by) &&
  typeof value.line === 'string';

const isCame = (value: unknown): boolean =>
  isObject(value) &&
  isTexts(value.asked) &&
  ['letters', 'opened', 'events'].every((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every((one) => isObject(one) && Object.values(one).every(isText));
  });
const isText = (value: unknown): boolean => typeof value === 'string';

const isOutcome: Readonly<Record<Outcome['is'], (value: Readonly<Record<string, unknown>>) => boolean>> = {
  enforces: ({ came }) => isCame(came),
  'does not enforce': ({ came, at, why }) => isCame(came) && isTextOrNull(at) && isTextOrNull(why),
  'one of several': ({ others, why }) => isTexts(others) && isTextOrNull(why),
  'not measured': ({ because }) => isText(because),
};
const isTried = (value: unknown, { clause, seat }: ClauseTask): value is Tried => {
  if (!isObject(value) || typeof value.is !== 'string' || !Object.hasOwn(isOutcome, value.is)) return false;
  return (
    value.clause === clause &&
    (seat === null ? isTextOrNull(value.seat) : value.seat === seat) &&
    isGuarantee(value.guarantee) &&
    isVerdict(value.verdict) &&
    isBy(value.by) &&
    isText(value.line) &&
    isOutcome[value.is as Outcome['is']](value)
  );
};

/** Each story is played once with a client in a seat, whichever clauses ask about it: so who plays is kept, as long as it is the same. */
const companyFor = (seatedFor: (client: string) => Seated) => {
  let last: { readonly shelf: Shelved; readonly who: string; readonly company: Company } | null = null;
  return ({ client, version, seed }: ClauseTask, shelf: Shelved): Company => {
    const who = JSON.stringify([client, seed]);
    const seated = sameVersion(client, seatedFor(client), version);
    if (last?.shelf === shelf && last.who === who) return last.company;
    const storyOf = scenarioIn({ stories: shelf.all(), arenas: [] });
    const company = companyOf(seated.seating, { ...seated, seed }, storyOf);
    last = { shelf, who, company };
    return company;
  };
};

/** @param seatedFor who sits there, by the name in the task */
const kindWith = (
  isKnown: (client: string) => boolean,
  seatedFor: (client: string) => Seated,
  fewest: number,
): Kind<ClauseTask, readonly Tried[]> => {
  const company = companyFor(seatedFor);
  return {
    id: 'clause',
    nameOf: ({ clause, seat, client, version, seed, found }) =>
      JSON.stringify(['clause', clause, seat, client, version, seed, found]),
    again: ({ clause, seat, client, seed }) =>
      `npx hearsay clients --clauses ${inShell(clause)}${seat === null ? '' : ` --seat ${inShell(seat)}`} --client ${inShell(client)} --seed ${seed}`,
    readTask: (value) => {
      if (!isObject(value)) return null;
      const { clause, seat, client, version, seed, found } = value;
      return typeof clause === 'string' &&
        isTextOrNull(seat) &&
        typeof client === 'string' &&
        isKnown(client) &&
        typeof version === 'string' &&
        typeof seed === 'string' &&
        isSeed(seed) &&
        Array.isArray(found) &&
        found.every(isFound)
        ? { clause, seat, client, version, seed, found }
        : null;
    },
    work: (task, shelf) => tryClause(task.clause, sourcesOf(task, shelf), company(task, shelf), task.seat ?? undefined),
    // Of each clause that is handed out a way is known; nothing comes of it only for a seat that has none.
    readCame: (value, task) =>
      Array.isArray(value) && (value.length > 0 || task.seat !== null) && value.every((one) => isTried(one, task))
        ? value
        : null,
    isBreak: (came) => came.some(({ is }) => is === 'does not enforce'),
    patienceSeconds: 1200,
    portionMax: 1,
    fewest,
  };
};

export const clauseKind = kindWith((client) => builtInNamed(client) !== null, builtInOnce, 6);

/** The same with a command in the seat: within this process alone. */
export const clauseKindOf = (name: string, seated: Seated): Kind<ClauseTask, readonly Tried[]> =>
  kindWith(
    (client) => client === name,
    () => seated,
    Number.POSITIVE_INFINITY,
  );
