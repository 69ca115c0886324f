/** Verbs of people who know each other by address only ("Third-party invites"). */
import { inRoom, word } from './arguments.ts';
import { type Actor, type Verb, verb } from './verb.ts';

const mail = word('an e-mail address', 'bob@example.com');

/** @param people whoever acts in rooms */
export const mailVerbs = (people: readonly Actor[]): readonly Verb[] => [
  verb('invite by mail', people, 'Asks into a room whoever an e-mail address turns out to belong to.', mail, {
    to: inRoom,
  }),
  verb(
    'bind mail',
    people,
    'Has an e-mail address bound to their account: whoever asked it in on that homeserver has asked in them.',
    mail,
  ),
];
