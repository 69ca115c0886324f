/** `shared_history`: how it is written, and how it is read (MSC4268, "`shared_history` property in `m.room_key` messages"). */
import type { ChartInput } from '../chart.ts';
import type { Rules } from '../clauses.ts';
import { isObject, type JsonObject } from '../json.ts';
import { allNames, type Identifiers, readNames, writesUnstable, writtenName, writtenNames } from '../names.ts';
import type { FlagForms, HeldRoomKey } from '../room-types.ts';
import { readingOf } from './options.ts';

/** The specification's name, and MSC3061's. */
const STABLE = writtenName('flag', 'stable');
const UNSTABLE = writtenName('flag', 'unstable');

/** The names to write under. */
export const flagNames = (identifiers: Identifiers): readonly string[] => writtenNames('flag', identifiers);

/**
 * Question q22, which names the flag has in `m.room_key`: the specification's alone from the first day (A), or MSC3061's (B). Who has
 * chosen neither writes as set and understands all of them.
 */
export const flagNamesInKeys = (me: Pick<ChartInput, 'readings' | 'identifiers'>) =>
  ({ A: [STABLE], B: [UNSTABLE], none: flagNames(me.identifiers) })[readingOf(me, 'q22') ?? 'none'];

/** What an `m.room_key` comes to for whoever reads it so: flags under other names are not seen, and the one that is has a name it knows. */
export const flagsSeen = (me: Pick<ChartInput, 'readings' | 'identifiers'>, content: JsonObject): JsonObject => {
  const names = readingOf(me, 'q22');
  if (names === undefined) return content;
  const seen = content[names === 'A' ? STABLE : UNSTABLE];
  const [known = STABLE] = readNames('flag', me.identifiers);
  return { ...withoutFlag(content), ...(seen === undefined ? {} : { [known]: seen }) };
};

/** An object as though no flag had been written into it. */
export const withoutFlag = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !allNames('flag').includes(name)));

export const noFlags: FlagForms = { names: [], keepsTrue: true, keepsFalse: true, means: 'shareable' };

/** How the flag is written where it is kept, if the format that `has` names says that it is written there at all. */
export const flagFormsFor = (me: ChartInput, rules: Rules, has: string): FlagForms =>
  rules.does(has)
    ? {
        names: flagNames(
          writesUnstable('flag', me.identifiers) && !rules.does('4268-unstable-flag-name') ? 'stable' : me.identifiers,
        ),
        keepsTrue: rules.does('4268-flag-preserve-true'),
        keepsFalse: rules.does('4268-flag-preserve-false'),
        // Question q20: the proposal's words (A) or the specification's (B).
        means:
          rules.does('4268-flag-stored-is-shareable') && readingOf(me, 'q20') !== 'A' ? 'shareable' : 'came flagged',
      }
    : noFlags;

/** The sentences about a flag that is kept, for a chart whose part `isDoneBy` writes it by `flagFormsFor`. */
export const keptFlagParts = <const D extends string>(isDoneBy: D) =>
  ({
    '4268-unstable-flag-name': { kind: 'format', isDoneBy, isImplied: true },
    '4268-flag-preserve-true': { kind: 'duty', isDoneBy, isImplied: true },
    '4268-flag-preserve-false': { kind: 'duty', isDoneBy, isImplied: true },
    /** Client-server API, `BackedUpSessionData`: the flag says that the session is shareable, whoever made it. */
    '4268-flag-stored-is-shareable': { kind: 'format', isDoneBy, isImplied: true },
  }) as const;

/** Fields with the flag of `key`, as `forms` has it. */
export const flagFields = (forms: FlagForms, key: Pick<HeldRoomKey, 'sharedHistory' | 'origin'>): JsonObject => {
  const cameFlagged = key.origin.how !== 'made' && key.origin.how !== 'bundle';
  const is = key.sharedHistory && (forms.means === 'shareable' || cameFlagged);
  const written = is ? forms.keepsTrue : !forms.keepsFalse;
  return Object.fromEntries(forms.names.map((name) => [name, written]));
};

/** What an object says of the flag, under any of the names that a client with these identifiers knows. One `true` is enough. */
export const flagOf = (object: unknown, identifiers: Identifiers): 'true' | 'false' | 'absent' | 'not boolean' => {
  if (!isObject(object)) return 'absent';
  const values = readNames('flag', identifiers).flatMap((name) => (object[name] === undefined ? [] : [object[name]]));
  if (values.includes(true)) return 'true';
  if (values.some((value) => typeof value !== 'boolean')) return 'not boolean';
  return values.length === 0 ? 'absent' : 'false';
};
