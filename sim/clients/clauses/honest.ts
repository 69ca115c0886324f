/** Letters of honest people: that a client refuses a hostile one says something only where it takes others of its kind. */
import type { StorePatch } from '../../../machines/store.ts';
import { deviceId } from '../../engine/names.ts';
import { deviceNameIn, type PlayerId } from '../../engine/player.ts';
import type { Moment, Scenario } from '../../engine/types.ts';
import type { PlayedBy } from '../seat/played.ts';

type Control = {
  /** The types under which such a letter goes. */
  readonly types: readonly string[];
  /** A story in which a letter of that kind comes to that device from somebody honest. */
  readonly story: string;
  readonly seat: PlayerId;
  /** Whether what is stored somewhere shows that the device took it. */
  readonly shows: (patch: StorePatch, at: PlayerId, seat: PlayerId) => boolean;
};

const secretBy =
  (how: 'push' | 'request'): Control['shows'] =>
  (patch, at, seat) =>
    at === seat && patch.patch === 'secret' && patch.held.origin.how === how;
const keyBy =
  (how: 'room_key' | 'forwarded' | 'bundle'): Control['shows'] =>
  (patch, at, seat) =>
    at === seat && patch.patch === 'room keys' && Object.values(patch.keys).some(({ origin }) => origin.how === how);

const controls: readonly Control[] = [
  {
    types: ['m.secret.push', 'io.element.msc4385.secret.push'],
    story: 'secret-push/a-reset-backup-reaches-every-sibling',
    seat: 'alice.phone',
    shows: secretBy('push'),
  },
  {
    types: ['m.secret.send'],
    story: 'secret-request/a-new-device-is-given-what-it-asks-for',
    seat: 'alice.tablet',
    shows: secretBy('request'),
  },
  {
    types: ['m.secret.request'],
    story: 'secret-request/a-new-device-is-given-what-it-asks-for',
    seat: 'alice.laptop',
    // Another device has what this one was asked for.
    shows: (patch, at, seat) =>
      at !== seat &&
      patch.patch === 'secret' &&
      patch.held.origin.how === 'request' &&
      patch.held.origin.device === deviceId(deviceNameIn(seat) ?? ''),
  },
  {
    types: ['m.room_key'],
    story: 'key-bundle/history-comes-along-with-an-invitation',
    seat: 'carol.phone',
    shows: keyBy('room_key'),
  },
  {
    types: ['m.room_key_bundle', 'io.element.msc4268.room_key_bundle'],
    story: 'key-bundle/history-comes-along-with-an-invitation',
    seat: 'bob.phone',
    shows: keyBy('bundle'),
  },
  {
    types: ['m.forwarded_room_key'],
    story: 'room-keys/a-forwarded-key-has-no-flag-of-its-own',
    seat: 'alice.laptop',
    shows: keyBy('forwarded'),
  },
];

const isTaken = ({ run }: PlayedBy, { shows, seat }: Control): boolean =>
  run.steps.some(({ moments }) =>
    moments.some((moment: Moment) => moment.kind === 'stored' && shows(moment.patch, moment.player, seat)),
  );

/** Whether a client takes a letter of that type from somebody honest; `null`: no story of ours shows it. */
export type TakesHonest = (type: string) => boolean | null;

/** @param play a story with the client in a seat: each is played once */
export const takesHonest = (
  storyOf: (id: string) => Scenario | undefined,
  play: (scenario: Scenario, seat: PlayerId) => PlayedBy,
): TakesHonest => {
  const known = new Map<Control, boolean>();
  return (type) => {
    const control = controls.find(({ types }) => types.includes(type));
    if (control === undefined) return null;
    const before = known.get(control);
    if (before !== undefined) return before;
    const story = storyOf(control.story);
    if (story === undefined) throw new Error(`${control.story} is no story: was it renamed?`);
    const isSo = isTaken(play(story, control.seat), control);
    known.set(control, isSo);
    return isSo;
  };
};
