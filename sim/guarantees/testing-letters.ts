/** Letters of steps made by hand: what is given goes out sealed. */
import type { Recipient } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { curveOf, sealsFor } from './testing.ts';

type Given = { readonly at: PlayerId; readonly to: readonly Recipient[] };
const givenIn = (moment: Moment): Given | null => {
  if (moment.kind === 'heard' && moment.event.type === 'envelope.outgoing') {
    const { message } = moment.event;
    return typeof message === 'object' ? { at: moment.player, to: message.to } : null;
  }
  if (moment.kind !== 'stored') return null;
  const { player: at, patch } = moment;
  if (patch.patch === 'room key given') return { at, to: patch.to };
  if (patch.patch !== 'history shared') return null;
  return { at, to: patch.devices.map((device) => ({ user: patch.user, device })) };
};

/** A user's device as the stories made by hand name its player: `@bob:a.example`, `PHONE` is `bob.phone`. */
const playerOf = ({ user, device }: Recipient): PlayerId =>
  `${user.slice(1, user.indexOf(':'))}.${device.toLowerCase()}`;

/** The same step, in which a letter leaves for each device that something is given to, sealed for that one's keys. */
export const withLetters = (step: Step): Step => ({
  ...step,
  moments: step.moments.flatMap((moment) => {
    const given = givenIn(moment);
    const letters = given?.to.map((to) => sealsFor(given.at, to.user, to.device, curveOf(playerOf(to)))) ?? [];
    return [moment, ...letters];
  }),
});
