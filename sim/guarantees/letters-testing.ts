/** Letters of steps made by hand: what is given goes out sealed, and room keys that come. */
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts, Recipient } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { bob, curveOf, den, keyText, request, sealsFor, server } from './testing.ts';

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

type KeyLetter = {
  readonly type?: string;
  readonly sender?: string;
  readonly index?: number;
  /** Where its reader knows the sending device from. */
  readonly source?: 'listed' | 'embedded' | 'both';
};
/** A room key comes, sealed, from somebody's phone. */
export const keyComes = (player: PlayerId, sessionId: string, letter: KeyLetter = {}): Moment => {
  const { type = 'm.room_key', sender = bob, index = 0, source = 'both' } = letter;
  return {
    kind: 'delivery',
    from: server,
    to: player,
    event: { type: 'm.room.encrypted', content: { body: `${type} ${sender} ${index}` } },
    opened: { type, content: { room_id: den, session_id: sessionId, session_key: keyText(sessionId, index) } },
    facts: { claimedSender: sender, sender: { user: sender, device: 'PHONE', source } } as EnvelopeFacts,
  };
};

/** A device asks for one-time keys ("Claiming one-time keys"). */
export const claims = (player: PlayerId, of: readonly Recipient[], status = 200): Moment => {
  const byUser = Map.groupBy(of, ({ user }) => user);
  const wanted = [...byUser].map(([user, devices]) => [
    user,
    Object.fromEntries(devices.map(({ device }) => [device, 'signed_curve25519'])),
  ]);
  const body = { one_time_keys: Object.fromEntries(wanted) };
  return request(player, { method: 'POST', path: paths.keysClaim, body, status });
};
