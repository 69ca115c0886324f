/** What was measured of real clients, as it is checked in (`scenarios/clients.json` and those beside it), and what the differences come from. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, PlayerId, Verdict } from '../../engine/types.ts';

export type MeasuredVerdict = { readonly verdict: Verdict; readonly at: PlayerId | null };
type ModelRow = { readonly guarantee: GuaranteeId; readonly model: MeasuredVerdict };
/** A guarantee of which both verdicts are known. */
export type ComparedRow = ModelRow & {
  readonly is: 'agree' | 'differ';
  readonly real: MeasuredVerdict;
  /** On which evidence, where the two differ. */
  readonly why?: { readonly model: string | null; readonly real: string | null };
};
export type MeasuredRow = ComparedRow | (ModelRow & { readonly is: 'not measured'; readonly because: string });
export const isCompared = (row: MeasuredRow): row is ComparedRow => row.is !== 'not measured';
export type MeasuredSeat =
  | { readonly is: 'not played'; readonly reasons: readonly string[] }
  | {
      readonly is: 'played';
      readonly rows: readonly MeasuredRow[];
      readonly explained: readonly string[];
      /** The line that has it again. */
      readonly line: string;
    };
export type MeasuredSeats = Readonly<Record<PlayerId, MeasuredSeat>>;
/** One client, in every seat of every scenario that was asked of it. */
export type Measured = {
  readonly client: { readonly name: string; readonly version: string };
  /** When, as 2026-11-30; where not all of it was measured on one day, the last of these days. */
  readonly day: string;
  /** The first of these days. */
  readonly since?: string;
  readonly seed: string;
  readonly names: string;
  readonly scenarios: Readonly<Record<string, MeasuredSeats>>;
};

/** Where a difference comes from. `layer`: above the library, and so ours; `cast`: what is before the story; `untraced`: nobody knows yet. */
export type DifferenceOrigin = 'library' | 'layer' | 'cast' | 'untraced';
/** Differences that come from the same (`scenarios/client-differences.json`). */
export type DifferenceKind = {
  readonly kind: string;
  readonly of: DifferenceOrigin;
  readonly clauses: readonly ClauseId[];
  readonly evidence: string;
  /** What could hurt its users and is not public waits for its maintainers (`SECURITY.md`). */
  readonly disclosure: 'public' | 'pending';
  /** `scenario/id alice.phone`. */
  readonly seats: readonly string[];
};

/** How a kind names a seat of a scenario. */
export const seatName = (scenario: string, seat: PlayerId): string => `${scenario} ${seat}`;

/**
 * What was measured before, with what was measured now in its place. Seats that were not measured now stay; scenarios and seats that are
 * no longer there go.
 *
 * @param seatsThere the seats of a scenario, in their order; none where there is no such scenario
 * @returns or why one cannot stand beside the other: it was another client, another version of it, or another seed
 */
export const mergedWith = (
  before: Measured,
  now: Measured,
  seatsThere: (scenario: string) => readonly PlayerId[],
): { readonly ok: true; readonly measured: Measured } | { readonly ok: false; readonly why: string } => {
  const called = ({ client, seed }: Measured): string => `${client.name} ${client.version} with seed ${seed}`;
  if (called(before) !== called(now))
    return { ok: false, why: `has what was measured of ${called(before)}, and this is ${called(now)}` };
  const ids = [...new Set([...Object.keys(before.scenarios), ...Object.keys(now.scenarios)])].sort();
  let isAllNew = true;
  const scenarios = ids.flatMap((id): readonly (readonly [string, MeasuredSeats])[] => {
    const seats = seatsThere(id).flatMap((seat) => {
      const fresh = now.scenarios[id]?.[seat];
      const found = fresh ?? before.scenarios[id]?.[seat];
      if (found !== undefined && fresh === undefined) isAllNew = false;
      return found === undefined ? [] : [[seat, found] as const];
    });
    return seats.length === 0 ? [] : [[id, Object.fromEntries(seats)]];
  });
  const since = isAllNew ? now.day : (before.since ?? before.day);
  const { client, day, seed, names } = now;
  return {
    ok: true,
    measured: {
      client,
      day,
      ...(since === day ? {} : { since }),
      seed,
      names,
      scenarios: Object.fromEntries(scenarios),
    },
  };
};
