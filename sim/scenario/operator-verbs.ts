/** What honest operators do, and what goes wrong at a server and between servers. */
import { asker, between, endpoint, optional, otherServer, word } from './arguments.ts';
import { type Actor, type Verb, verb } from './verb.ts';

/** @param wire whoever sits at a server, whether or not they run it */
export const operatorVerbs = (wire: readonly Actor[]): readonly Verb[] => [
  // What honest operators do.
  verb(
    'deliver to',
    ['server'],
    'Sends another server the next of what waits for it, also of what is held.',
    otherServer,
  ),
  verb(
    'lose transaction to',
    ['server'],
    'The next it sends another server never arrives, and is sent no more.',
    otherServer,
    {
      about: optional(between),
    },
  ),
  verb(
    'hold transactions to',
    ['server'],
    'Sends another server nothing, until they are released: what waits is late.',
    otherServer,
  ),
  verb('release transactions to', ['server'], 'Sends another server what it held, and what comes.', otherServer),
  verb(
    'keep device lists',
    ['server'],
    'Answers for users of other servers out of its own copy, until their servers tell it of a change. It asks them each time otherwise.',
  ),
  verb('expire media', ['server', 'lying-server'], 'All its files are gone.'),
  verb('limit uploads', ['server'], 'Takes no larger files than this, in bytes.', { is: 'count', max: 100_000_000 }),
  verb(
    'keep media at',
    ['server'],
    'Has its files with another media repository, under whose name they go.',
    word('a server name', 'media.example'),
  ),

  // Faults of a server, on the next request of that kind. Whoever sits on the wire can make one.
  verb(
    'fail',
    ['server', ...wire],
    'Answers the next such request of a device, or of another server, with an error, and does nothing.',
    endpoint,
    { for: asker },
  ),
  verb('lose answer of', ['server'], 'Does the next such request; the answer never arrives.', endpoint, { for: asker }),
  verb('repeat', ['server'], 'Receives the next such request twice.', endpoint, { for: asker }),
];
