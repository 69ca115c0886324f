/** A seat of `hearsay clients`: a scenario with a real client in a device's place, beside the model's own. */
import { isObject } from '../../../../machines/json.ts';
import { type Compared, compareSeat } from '../../../clients/compare/compare.ts';
import { isSeed } from '../../../runs/trace.ts';
import type { Kind } from '../kind.ts';
import { inShell, isGuarantee, isTextOrNull, isTexts, isVerdict } from '../reads.ts';
import { builtInNamed, builtInOnce, type Seated, sameVersion } from './seated.ts';

/** `client`: one that is built in; what somebody hands out never names a command. `version`: what it says of itself. */
export type SeatTask = {
  readonly scenario: string;
  readonly seat: string;
  readonly client: string;
  readonly version: string;
  readonly seed: string;
};

const isFound = (value: unknown): boolean =>
  isObject(value) && isVerdict(value.verdict) && isTextOrNull(value.at) && isTextOrNull(value.why);
const isRow = (value: unknown): boolean =>
  isObject(value) &&
  isGuarantee(value.guarantee) &&
  isFound(value.model) &&
  (value.is === 'not measured'
    ? typeof value.because === 'string'
    : (value.is === 'agree' || value.is === 'differ') && isFound(value.real));
const isCompared = (value: unknown, seat: string): value is Compared =>
  isObject(value) &&
  value.seat === seat &&
  ((value.is === 'not played' && isTexts(value.reasons)) ||
    (value.is === 'played' &&
      Array.isArray(value.rows) &&
      value.rows.every(isRow) &&
      Array.isArray(value.notes) &&
      value.notes.every(isObject) &&
      isTexts(value.explained)));

const again = ({ scenario, seat, client, seed }: SeatTask): string =>
  `npx hearsay clients ${inShell(scenario)} --seat ${seat} --client ${inShell(client)} --seed ${seed}`;

/** @param seatedFor who sits there, by the name in the task; `null`: nobody of that name */
const kindWith = (
  isKnown: (client: string) => boolean,
  seatedFor: (client: string) => Seated,
  fewest: number,
): Kind<SeatTask, Compared> => ({
  id: 'seat',
  nameOf: ({ scenario, seat, client, version, seed }) =>
    JSON.stringify(['seat', scenario, seat, client, version, seed]),
  again,
  readTask: (value) => {
    if (!isObject(value)) return null;
    const { scenario, seat, client, version, seed } = value;
    return typeof scenario === 'string' &&
      typeof seat === 'string' &&
      typeof client === 'string' &&
      isKnown(client) &&
      typeof version === 'string' &&
      typeof seed === 'string' &&
      isSeed(seed)
      ? { scenario, seat, client, version, seed }
      : null;
  },
  work: ({ scenario, seat, client, version, seed }, shelf) => {
    const { seating, hello, kind } = sameVersion(client, seatedFor(client), version);
    return compareSeat({ scenario: shelf.scenario(scenario), seat, seating, hello, kind, seed });
  },
  readCame: (value, { seat }) => (isCompared(value, seat) ? value : null),
  isBreak: (came) => came.is === 'played' && came.rows.some(({ is }) => is === 'differ'),
  patienceSeconds: 600,
  portionMax: 1,
  fewest,
});

export const seatKind = kindWith((client) => builtInNamed(client) !== null, builtInOnce, 6);

/** The same with a command in the seat: within this process alone. */
export const seatKindOf = (name: string, seated: Seated): Kind<SeatTask, Compared> =>
  kindWith(
    (client) => client === name,
    () => seated,
    Number.POSITIVE_INFINITY,
  );
