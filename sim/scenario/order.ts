/** What cannot happen in a story whatever comes of it, as far as its lines alone show. */

import { hasAccount, isAtServer } from '../attackers/roles/index.ts';
import { phoneOf } from '../engine/attacker.ts';
import { ownerIn } from '../engine/player.ts';
import { homeOf } from '../engine/rooms.ts';
import type { Act, Cast, PlayerId } from '../engine/types.ts';
import { devicesNamedBy, needs, newDeviceOf, ownOfServer } from '../verbs/forms.ts';
import type { Report } from './reader.ts';
import type { Offset } from './yaml.ts';

export type PlacedAct = { readonly act: Act; readonly at: Offset };

/** Devices that are there before the first line. */
const atStart = ({ users, attackers }: Cast): readonly PlayerId[] => [
  ...users.flatMap(({ name, devices }) => devices.map((device) => `${name}.${device.name}`)),
  ...attackers.filter(hasAccount).map(({ name }) => phoneOf(name)),
];

/** The devices that an act logs out, or may. */
const goneBy = (act: Act): readonly PlayerId[] =>
  act.verb === 'log out'
    ? [act.who.includes('.') ? act.who : phoneOf(act.who)]
    : act.verb === 'remove'
      ? devicesNamedBy(act)
      : [];

/**
 * Reports acts of and with devices that come later only, devices that come twice, and lies about what a server does not have. What
 * depends on how the run goes (whether a device is still logged in, what a server allows) is left to the run.
 */
export const checkOrder = (report: Report, cast: Cast, lines: readonly (readonly PlacedAct[])[]): void => {
  const there = new Set(atStart(cast));
  /** Names that a device may bear once more. */
  const free = new Set<PlayerId>();
  for (const line of lines) {
    for (const { act, at } of line) {
      const device = newDeviceOf(act);
      // One whose log in is expected to be refused does not come.
      if (device === null || act.refused !== undefined) continue;
      if (there.has(device) && !free.has(device))
        report(at, `${device} is there already`, 'a name of its own, or a line before that logs it out or removes it');
      there.add(device);
      free.delete(device);
    }
    // Acts of one line may come in any order: what one of them brings may be there for the others.
    for (const { act, at } of line) {
      const missing = needed(cast, act).find((player) => !there.has(player));
      if (missing !== undefined)
        report(at, `${missing} is not there yet`, 'a line after the one that logs it in or adds it');
      checkServer(report, cast, act, at);
      for (const gone of goneBy(act)) free.add(gone);
    }
  }
};

/** The devices that have to be there for an act. */
const needed = ({ servers }: Cast, act: Act): readonly PlayerId[] => [
  ...(act.who.includes('.') && !servers.includes(act.who) ? [act.who] : []),
  ...needs(act),
];

/** Whoever sits at a server lies about what is there, to whom is there. */
const checkServer = (report: Report, cast: Cast, act: Act, at: Offset): void => {
  const attacker = cast.attackers.find(({ name }) => name === act.who);
  if (attacker === undefined || !isAtServer(attacker)) return;
  const home = homeOf(cast, attacker.name);
  const foreign = ownOfServer(act).find((name) => homeOf(cast, ownerIn(name)) !== home);
  if (foreign !== undefined)
    report(at, `${attacker.name} sits at ${home}, and ${foreign} is not there`, `a user or a device of ${home}`);
};
