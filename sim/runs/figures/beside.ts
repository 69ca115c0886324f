/**
 * Steps whose order is nobody's: next to each other in a run, and nobody in it could tell which came first. What orders two steps is
 * whoever takes part in both: a device, an attacker behind several, a person who is shown something, and a server that the one
 * changes and the other asks. When in doubt they are in order.
 */
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { markOf } from './folding.ts';
import type { Row } from './row.ts';
import { isAttacker } from './sides.ts';

/** Who takes part in a step, which servers it asks, and which it changes. */
type Part = {
  readonly minds: ReadonlySet<string>;
  readonly asks: ReadonlySet<PlayerId>;
  readonly changes: ReadonlySet<PlayerId>;
};

/** Asks, and leaves everything as it was for everybody else. */
const isMereQuestion = ({ method, path }: Extract<Moment, { kind: 'request' }>): boolean =>
  method === 'GET' || (method === 'POST' && path.endsWith('/keys/query'));

/** Attackers may be in league, and each knows what all that it has sees: they are one mind. */
const attackers = 'attackers';

/**
 * `null`: not known. Only devices that sync and servers that send do so when they please; people act when the story has them act, often
 * on each other's word, and time and accidents are for everybody.
 */
const partOf = (run: Run, { choice, moments }: Step): Part | null => {
  if (choice.kind !== 'sync' && choice.kind !== 'deliver') return null;
  const players = new Map(run.players.map((player) => [player.id, player]));
  const isServer = (id: PlayerId): boolean => players.get(id)?.kind === 'homeserver';
  // A server that an attacker runs takes note of what it is asked, and when.
  const isWatched = run.scenario.cast.attackers.some(({ of }) => of !== null && isServer(of));
  const minds = new Set<string>();
  const [asks, changes] = [new Set<PlayerId>(), new Set<PlayerId>()];
  let isKnown = true;
  const takesPart = (id: PlayerId, isQuestion: boolean, isPerson = false): void => {
    const player = players.get(id);
    if (player === undefined) isKnown = false;
    else if (player.kind === 'homeserver') (isQuestion && !isWatched ? asks : changes).add(id);
    else if (isAttacker(player)) minds.add(attackers);
    else for (const mind of isPerson ? [id, player.of] : [id]) minds.add(mind);
  };
  takesPart(choice.who, choice.kind === 'sync');
  for (const moment of moments)
    switch (moment.kind) {
      case 'request': {
        // Servers that ask each other keep what they were told.
        const isQuestion = isMereQuestion(moment) && !isServer(moment.from);
        takesPart(moment.from, isQuestion);
        takesPart(moment.to, isQuestion);
        break;
      }
      case 'delivery':
        takesPart(moment.from, true);
        takesPart(moment.to, true);
        break;
      case 'learned':
      case 'forged':
      case 'fault':
        isKnown = false;
        break;
      default:
        takesPart(moment.player, false, moment.kind === 'shown' || moment.kind === 'acted');
    }
  return isKnown ? { minds, asks, changes } : null;
};

const meet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].some((mind) => other.has(mind));

/** Whether somebody in the run could tell which of two neighbouring steps (indices) came first. */
export const areOrdered = (run: Run, one: number, other: number): boolean => {
  const parts = [one, other].flatMap((nth) => run.steps[nth] ?? []).flatMap((step) => partOf(run, step) ?? []);
  const [first, second] = parts;
  if (first === undefined || second === undefined) return true;
  return (
    meet(first.minds, second.minds) ||
    meet(first.changes, second.changes) ||
    meet(first.changes, second.asks) ||
    meet(first.asks, second.changes)
  );
};

/** What breaks, is learned or is stopped has a place of its own on the time axis. */
const isPlainRow = (row: Row): boolean =>
  row.verdicts.length + row.causes.length + row.learned.length === 0 && (markOf(row) ?? 'open') === 'open';

/**
 * The steps (indices) that share a row of the picture with the one before: any two of those that share one are in no order, and are
 * right next to each other.
 */
export const besideIn = (run: Run, rows: readonly Row[]): ReadonlySet<number> => {
  const beside = new Set<number>();
  let sharing: readonly number[] = [];
  for (const [step, own] of Map.groupBy(rows, (row) => row.step)) {
    if (!own.every(isPlainRow)) sharing = [];
    else if (sharing.at(-1) === step - 1 && sharing.every((one) => !areOrdered(run, one, step))) {
      beside.add(step);
      sharing = [...sharing, step];
    } else sharing = [step];
  }
  return beside;
};
