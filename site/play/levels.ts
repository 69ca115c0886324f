/**
 * The levels of Mallory, from easy to hard. A level is data: where it is played, what is turned there, which guarantee is to break, and words.
 * Whether it can be won, and in how few steps, is found by the explorer (`pars.json`).
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Turn } from '../../sim/engine/types.ts';

export type Level = {
  /** Its address below `/play/`. */
  readonly id: string;
  readonly title: string;
  /** Who the player is, and how things stand. */
  readonly story: string;
  /** What to do, to be read after “Your goal:”. */
  readonly goal: string;
  readonly hint: string;
  /** What there is to take away, once it is over. */
  readonly lesson: string;
  /** A scenario with a free part, by its id. */
  readonly ground: string;
  readonly turns: readonly Turn[];
  /** What is to break; any one of them does where there are several. */
  readonly guarantees: readonly GuaranteeId[];
};

const off = (clause: string): Turn => ({ turn: 'off', clause });

export const levels: readonly Level[] = [
  {
    id: 'somebody-else',
    title: 'Somebody else',
    story:
      'You are Mallory, with an account of your own and a cross-signed device, and you know that Alice has a phone and a laptop. Their client forgets one clause: it does not ask whether whoever pushes a secret is the same user.',
    goal: 'have a device of Alice’s keep a secret of yours as its own.',
    hint: 'Anybody may send a letter to anybody. A device takes it when it syncs.',
    lesson: 'Being cross-signed says whose device it is, not that it is one’s own.',
    ground: 'arenas/another-user',
    turns: [off('4385-push-same-user')],
    guarantees: ['secret-authenticity'],
  },
  {
    id: 'a-wish-of-your-own',
    title: 'A wish of your own',
    story:
      'You are Mallory, and have the access token of Alice’s account. Her clients watch the wish for backup that stands in the account data. They should ask Alice before they follow a change of it, and forget to.',
    goal: 'have a device of Alice’s stop backing up, which Alice did not choose.',
    hint: 'With a token you log in a device. What stands in the account data any device may write.',
    lesson: 'Account data have no author: what is written there may be anybody’s wish.',
    ground: 'play/a-thief-and-clients-that-watch',
    turns: [off('4287-monitor-caution')],
    guarantees: ['server-distrust'],
  },
  {
    id: 'in-the-clear',
    title: 'In the clear',
    story:
      'You are Mallory, and run Alice’s homeserver. You carry every letter, and can make some up, but you cannot seal one as a device of Alice’s. Her client forgets to throw away pushes that are not sealed.',
    goal: 'have a device of Alice’s upload its room keys to a backup that you can read.',
    hint: 'A pushed backup key is kept only where it fits the backup there is. Whose server is it?',
    lesson: 'A check against what the server says is no check against the server.',
    ground: 'arenas/a-lying-server',
    turns: [off('4385-push-reject-plaintext')],
    guarantees: ['backup-key-integrity'],
  },
  {
    id: 'the-next-sign-in',
    title: 'The next sign-in',
    story:
      'You are Mallory, and have the access token of Alice’s account. No clause is off: her clients do all that the text of MSC4287 asks. Alice is about to log in a new device.',
    goal: 'have the new device go by a wish that Alice did not have.',
    hint: 'The new device asks once, when it is signed in. Be there before it.',
    lesson: 'The text concedes that servers forge the wish. Of thieves with a token it says nothing.',
    ground: 'play/a-thief-who-writes-the-choice',
    turns: [],
    guarantees: ['server-distrust'],
  },
  {
    id: 'another-room',
    title: 'Another room',
    story:
      'You are Mallory, a member of two rooms, and ask Bob into one of them. Whoever invites writes the bundle of keys that the newcomer reads history with. Bob’s client forgets to ask of each key whether it belongs to the room.',
    goal: 'have Bob’s phone keep a key of another room out of your bundle.',
    hint: 'He takes the bundle once he has joined, and when he syncs.',
    lesson: 'A bundle is for one room. What it says of others nobody has asked for.',
    ground: 'arenas/an-inviter-elsewhere',
    turns: [off('4268-relevant-room-only')],
    guarantees: ['room-scoping'],
  },
  {
    id: 'a-device-of-hers',
    title: 'A device of hers',
    story:
      'You are Mallory, and have the access token of Alice’s account. With it you can log in a device, and nobody signs that. Her client forgets to ask whether whoever pushes a secret is cross-signed.',
    goal: 'have a device of Alice’s upload its room keys to a backup that you can read.',
    hint: 'You need three things: a device, a backup whose key you chose, and a push that says so.',
    lesson: 'A token is worth as much as the clients allow that believe its device.',
    ground: 'arenas/a-stolen-token',
    turns: [off('4385-push-cross-signed-only')],
    guarantees: ['backup-key-integrity'],
  },
  {
    id: 'a-pointer-from-nowhere',
    title: 'A pointer from nowhere',
    story:
      'You are Mallory, and in no room that matters. Alice has invited Bob to hers. Bob’s client forgets to ask whether whoever points to a bundle is whoever invited.',
    goal: 'have Bob’s phone keep a key as Alice’s that Alice never made.',
    hint: 'Your letter waits for him until he is in the room.',
    lesson: 'An invitation is from somebody. What comes along with it must be from the same.',
    ground: 'arenas/a-stranger-who-points',
    turns: [off('4268-inviter-match')],
    guarantees: ['cache-integrity'],
  },
  {
    id: 'back-unseen',
    title: 'Back unseen',
    story:
      'You are Mallory, a member of Alice’s room, and Oscar, who runs its server, is your friend. You may leave; he may lie once about who is in the room. No clause is off.',
    goal: 'be able to read what Alice writes after you have left.',
    hint: 'Clients go by what their server says of who is in a room.',
    lesson: 'Membership is what the server says it is. Two together do what neither could.',
    ground: 'arenas/a-departed-member-and-a-server',
    turns: [],
    guarantees: ['forward-exclusion'],
  },
  {
    id: 'an-older-text',
    title: 'An older text',
    story:
      'You are Mallory, and run the server of Bob, whom Alice is about to invite. Her client goes by the specification as it was before MSC4268 said to whom history may be given.',
    goal: 'read the history of Alice’s room.',
    hint: 'Your server says which devices Bob has, and which identity vouches for them.',
    lesson: 'Who has pinned nobody’s identity gives history to whoever the server says is Bob.',
    ground: 'arenas/the-server-of-the-newcomer',
    turns: [{ turn: 'revision', proposal: 'MSC4268', revision: 'spec-v1.19' }],
    guarantees: ['history-confidentiality'],
  },
  {
    id: 'borrowed-keys',
    title: 'Borrowed keys',
    story:
      'You are Mallory, and run the server of Alice, who has invited Bob. Bob’s client forgets two checks of a sealed letter: that its sender key is known, and that the device keys enclosed are those of its sender.',
    goal: 'have Bob’s phone believe that a bundle of yours is Alice’s.',
    hint: 'You need a device that can write at all, and the keys of another to write under.',
    lesson: 'Device keys that go along prove something only if they are held against the letter.',
    ground: 'arenas/letters-under-borrowed-keys',
    turns: [off('spec-olm-sender-keys'), off('4147-curve25519-match')],
    guarantees: ['device-authenticity'],
  },
  {
    id: 'nothing-to-read',
    title: 'Nothing to read',
    story:
      'You are Mallory, and have Alice’s laptop, cross-signed and with all its keys. Her phone has invited Bob. No clause is off, and you have one move.',
    goal: 'have Bob, once he is in, read none of what he was invited to read.',
    hint: 'Of two pointers a client follows one. Alice may come to think better of her laptop, or too late.',
    lesson: 'What a signed device says is believed until it is removed, and once too often.',
    ground: 'arenas/a-stolen-device-in-a-room',
    turns: [],
    guarantees: ['history-liveness'],
  },
  {
    id: 'an-answer-nobody-gave',
    title: 'An answer nobody gave',
    story:
      'You are Mallory, and have the access token of Alice’s account. Her phone is about to ask her devices for the key of her backup. It forgets to check who answers.',
    goal: 'have her phone keep a backup key that you made.',
    hint: 'Only a device that is asked can answer, and only once it has read the question. Who asks whom is settled when the phone knows of you.',
    lesson: 'That it was asked for does not make an answer true.',
    ground: 'arenas/a-stolen-token-is-asked',
    turns: [off('1946-verify-responder')],
    guarantees: ['secret-authenticity'],
  },
  {
    id: 'every-clause-kept',
    title: 'Every clause kept',
    story:
      'You are Mallory, and have the access token of Alice’s account, as in “A device of hers”. This time her clients keep every clause.',
    goal: 'make a device of Alice’s believe or give away a secret, or use a backup that is yours.',
    hint: 'There may be no way. The explorer has tried all of them.',
    lesson: 'That nothing was found says something only beside how much was searched.',
    ground: 'arenas/a-stolen-token',
    turns: [],
    guarantees: ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity'],
  },
];
