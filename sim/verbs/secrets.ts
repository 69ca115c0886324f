/** Secrets: asked for, pushed, answered, typed in. */
import { strayIds } from '../attackers/words.ts';
import { asDevice } from './actors.ts';
import { device, oneOf, optional, secret, word } from './arguments.ts';
import { whyUnknown } from './being-there.ts';
import { arg, attackers, first, tells } from './telling.ts';
import { form, letter, verb, verbOf } from './verb.ts';

export const requestSecret = verbOf(
  'request secret',
  form(['device'], 'Asks the own devices for a secret.', {
    takes: secret,
    asks: [letter],
    does: tells((_stage, act) => ({ type: 'user.request secret', name: first(act) })),
  }),
  form(asDevice, 'Asks a device for a secret.', {
    takes: secret,
    more: { from: device },
    asks: [letter],
    isUsualMove: true,
    does: attackers('request secret'),
  }),
);

export const pushSecret = verbOf(
  'push secret',
  form(['device'], 'Shares a secret it holds, once more.', {
    takes: secret,
    asks: [letter],
    does: tells((_stage, act) => ({ type: 'user.push secret', name: first(act) })),
  }),
  form(asDevice, 'Pushes a secret: its own, the real one it knows, or an empty one.', {
    takes: secret,
    more: {
      to: device,
      value: optional(oneOf('own', 'known', 'empty')),
      'request id': optional(oneOf(...strayIds)),
    },
    asks: [letter],
    cannot: whyUnknown(),
    isUsualMove: true,
    does: attackers('push secret'),
  }),
);

export const enterSecret = verb('enter secret', ['device'], 'Its person types in a secret of that name.', {
  takes: secret,
  more: { value: word('what it says', 'a new key') },
  does: tells((_stage, act) => ({ type: 'user.enters secret', name: first(act), secret: arg(act, 'value') })),
});

export const answerRequest = verb('answer request', asDevice, 'Answers a request it has seen.', {
  takes: secret,
  more: { to: device, value: optional(oneOf('own', 'known')) },
  asks: [letter],
  cannot: whyUnknown(),
  isUsualMove: true,
  does: attackers('answer request'),
});
