/** What a person answers to a client that asks. */
import { devices } from './actors.ts';
import { tells } from './telling.ts';
import { letter, verb } from './verb.ts';

export const accept = verb('accept', {
  by: devices,
  text: 'Its person accepts what the open prompt asks.',
  does: tells({ type: 'user.accepts' }),
});

export const refuse = verb('refuse', {
  by: devices,
  text: 'Its person refuses what the open prompt asks.',
  does: tells({ type: 'user.refuses' }),
});

export const confirmSharing = verb('confirm sharing', {
  by: devices,
  text: 'Its person agrees to share the secret asked for.',
  asks: [letter],
  does: tells({ type: 'user.confirms sharing' }),
});

export const declineSharing = verb('decline sharing', {
  by: devices,
  text: 'Its person declines to share the secret asked for.',
  does: tells({ type: 'user.declines sharing' }),
});
