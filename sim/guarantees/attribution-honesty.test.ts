/** What is said of whom, and where no memory is touched; the verdicts themselves are in `on-whose-word.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { PlayerId, Step } from '../engine/types.ts';
import { attributionHonesty } from './attribution-honesty.ts';
import * as t from './testing.ts';
import { alice, bob, everybody, isUntouchedBy, mallory, step, verdict, watched, witness } from './testing.ts';

const reader = 'charlie.phone';
const key = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const holds = (origin: RoomKeyOrigin) => step(t.holds(reader, key, origin));
const reads = (message: string, more: Record<string, string | null> = {}, player: PlayerId = reader) =>
  step(
    t.shown(player, 'message', {
      event: '$1',
      sender: bob,
      message,
      session: key,
      sharedBy: null,
      label: 'shared',
      warning: null,
      ...more,
    }),
  );
const story = (...steps: readonly Step[]) => [everybody(), step(...t.says('bob.phone', 'hello')), ...steps];
const whys = (...steps: readonly Step[]) => watched(attributionHonesty, story(...steps)).breaks.map(({ why }) => why);
const said = (steps: readonly Step[], who = witness()) => verdict(attributionHonesty, story(...steps), who);

describe('attribution-honesty', () => {
  it('says what is wrong with whose word a message rests on', () => {
    expect(whys(holds(t.fromBundle(bob)), reads('hello', { sharedBy: bob }))).toEqual([
      `${reader} is told that ${bob} shared what ${bob} wrote`,
    ]);
    expect(whys(holds({ how: 'export' }), reads('hello'))).toEqual([
      `${reader} has forgotten on whose word it rests that ${bob} wrote this`,
    ]);
    expect(whys(holds({ how: 'export' }), reads('hello', { sharedBy: alice }))).toEqual([
      `${reader} is told that ${alice} vouches for a message, and nobody has to`,
    ]);
    expect(whys(holds(t.fromBundle()), reads('hello'))).toEqual([
      `${reader} is not told that it rests on the word of ${alice} that ${bob} wrote this`,
    ]);
    expect(whys(holds(t.fromBundle()), reads('hello', { sharedBy: mallory }))).toEqual([
      `${reader} is told that ${mallory} vouches for a message for which ${alice} does`,
    ]);
  });

  it('says on whose word somebody is shown what nobody wrote', () => {
    expect(whys(holds(firstHand), reads('send money'))).toEqual([
      `${reader} is shown as ${bob}’s what ${bob} never wrote`,
    ]);
    expect(whys(holds(t.fromBundle()), reads('send money', { sharedBy: alice }))).toEqual([
      `${reader} is shown as ${bob}’s what ${bob} never wrote, on the word of ${alice}`,
    ]);
  });

  it('names the message', () => {
    const { breaks } = watched(attributionHonesty, story(holds(firstHand), reads('send money')));
    expect(breaks).toMatchObject([{ at: reader, about: { is: 'event', room: t.den, event: '$1' } }]);
  });

  it('does not know what strangers wrote, and so does not judge it', () => {
    expect(said([holds(firstHand), reads('send money', { sender: mallory })])).toBe('holds');
    expect(said([holds(firstHand), reads('send money', { sender: '@nobody:elsewhere.example' })])).toBe('holds');
  });

  it('excuses nothing that rests on no word', () => {
    expect(said([reads('send money')])).toBe(`breaks at ${reader}`);
    expect(said([reads('send money')], witness({ stolen: ['bob.phone'] }))).toBe(`breaks at ${reader}`);
  });

  it('goes by who was signed in the story', () => {
    const robbed = { ...witness({ stolen: ['bob.phone'] }), signedAtStart: (player: string) => player !== 'bob.phone' };
    const gone = step(t.request('bob.phone', { method: 'POST', path: paths.logout }));
    const lie = [holds(firstHand), gone, reads('send money')];
    expect(said(lie, robbed)).toBe(`breaks at ${reader}`);
    expect(said([step(t.signs('bob.phone', bob, 'PHONE')), ...lie], robbed)).toBe('accepted by 4147-stolen-device');
  });

  it('remembers nothing of a moment that tells nothing new', () => {
    const steps = story(holds(firstHand), reads('hello'));
    for (const moment of [t.syncs(reader, {}), t.heard(reader, { type: 'x' } as never)])
      expect(isUntouchedBy(attributionHonesty, steps, step(moment))).toBe(true);
    expect(isUntouchedBy(attributionHonesty, steps, reads('hello'))).toBe(true);
    expect(isUntouchedBy(attributionHonesty, steps, reads('hello', {}, 'alice.phone'))).toBe(false);
    expect(isUntouchedBy(attributionHonesty, steps, step(...t.says('bob.phone', 'hello')))).toBe(false);
  });
});
