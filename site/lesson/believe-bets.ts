/** The six bets of “What may a device believe?”, from a thief's letter to one in which nobody lies. */
import type { Bet } from './lesson.ts';

const thief: Bet = {
  title: 'The thief’s tablet',
  scenario: 'secret-push/a-stolen-token-cannot-plant-a-backup-key',
  turned: null,
  about: 'secret-authenticity',
  words: ['push', 'room key', 'key backup', 'cross-signing', 'identity'],
  story: [
    'Mallory has stolen Alice’s access token. That is what an app shows the server in place of a password: whoever has it can log in as Alice. So Mallory logs in a tablet of her own. To the server it is one more device of Alice’s.',
    'Alice keeps a key backup. Her laptop has just made a new one and has sent its key to her phone, although the phone had not asked: that is a push, and it is allowed. Now Mallory makes a backup whose key only she has, and pushes that key to the phone as well.',
    'One thing the thief cannot do. Alice’s devices are signed with keys of hers (cross-signing), which are not in the token. Nobody has signed the tablet.',
  ],
  short:
    'Mallory has stolen the token with which Alice’s app logs in. She logs in a tablet as Alice, which nobody has signed, and pushes a backup key of her own to Alice’s phone.',
  question: 'The phone opens the letter with Mallory’s key. What becomes of it?',
  choices: [
    { text: 'The phone keeps the key as one of Alice’s', claim: { is: 'breaks', guarantee: 'secret-authenticity' } },
    { text: 'The phone throws it away, and nothing breaks', claim: { is: 'nothing breaks' } },
    {
      text: 'The phone tries the key, and puts Alice’s room keys into Mallory’s backup',
      claim: { is: 'breaks', guarantee: 'backup-key-integrity' },
    },
  ],
  why: [
    'In step {next} the letter comes sealed, from a device that is logged in as Alice. It is thrown away all the same: {clause}.',
    'Where a client skips that one clause, the same letter is believed in step {elsewhere}, and from then on the phone hands its room keys to Mallory.',
  ],
  home: 'To be logged in is not to be trusted. The server says who is logged in; only Alice’s own keys say who is hers.',
  notes: {
    story: [
      'Tell it as a theft: a laptop left open in a café, a token copied in a minute.',
      'Point at the picture: red is who lies. The first push, from the laptop, is honest and is taken.',
    ],
    bet: [
      'Let all raise a hand for one choice before anybody explains. Ask one voice for each.',
      'If nobody asks: yes, the letter is sealed. Sealing says that nobody read it on the way, not that its sender is a friend.',
    ],
    why: ['Open the bench and turn the clause off: the same story, and three guarantees break.'],
  },
  heard: [
    { said: 'But it is encrypted.', reply: 'Encrypted by whom? Mallory can seal a letter as well as anybody.' },
    {
      said: 'The server would notice.',
      reply: 'The server saw a good token. It is the phone that has to decide.',
    },
  ],
};

const server: Bet = {
  title: 'A secret nobody asked for',
  scenario: 'secret-push/a-server-cannot-push-in-the-clear',
  turned: null,
  about: 'secret-authenticity',
  words: [],
  story: [
    'This time nothing was stolen: it is the server that lies, and Mallory runs it. She puts a backup of her own into Alice’s account.',
    'Then she lays a letter into the phone’s post. It is a push with the key of that backup. It is not sealed, and as its sender it names Alice’s laptop. It even shows the laptop’s true keys and signatures: those are public, anybody can copy them.',
  ],
  short:
    'Mallory runs the server. She lays an unsealed push with a key of hers into the phone’s post, and writes on it that it comes from Alice’s signed laptop.',
  question: 'The phone throws the letter away. Which clause makes the difference?',
  choices: [
    { claim: { is: 'stops', clause: '4385-push-same-user' } },
    { claim: { is: 'stops', clause: '4385-push-cross-signed-only' } },
    { claim: { is: 'stops', clause: '4385-push-reject-plaintext' } },
    { claim: { is: 'stops', clause: '4385-push-works-test' } },
  ],
  why: [
    'A name on a letter is a claim. A seal is a proof: only who has the laptop’s own key can have made it. In step {next} it is this clause that asks for one: {clause}.',
    'The others ask good questions as well, but about a sender whose name the server wrote. With any of them off, the letter is still thrown away. With this one off, it is believed.',
  ],
  home: 'First ask how you know who sent it. Every other check stands on that answer.',
  notes: {
    story: ['Ask what a postman could do who also keeps the address book. That is a server.'],
    bet: [
      'All four are clauses of the same text, and all are in force here. The run was played once more for each, with that clause off.',
    ],
    why: ['The clause that saved Alice in the first bet is in force here too, and does not help. Ask why.'],
  },
  heard: [
    {
      said: 'The laptop is signed, so that check should do it.',
      reply: 'It checks the laptop. The laptop is fine; it just never wrote this.',
    },
  ],
};

const bundle: Bet = {
  title: 'A gift with something in it',
  scenario: 'key-bundle/an-invitation-to-one-room-opens-no-other',
  turned: '4268-relevant-room-only',
  about: 'cache-integrity',
  words: ['bundle', 'pointer', 'session'],
  story: [
    'Mallory invites Bob into a room, the den. With an invitation may come a bundle: a file of room keys, so that Bob can read what was written before he came.',
    'Bob also talks with Alice in another room, the attic, where Mallory has never been. The key in her bundle says that it belongs to the attic, and that Alice made it.',
    'Bob’s client skips one clause: {turned}.',
  ],
  short:
    'Mallory invites Bob into the den. The key in her bundle says that it is for the attic, another room, and that Alice made it. Bob’s client skips: {turned}.',
  question: '{promise} breaks here: Bob’s phone keeps the key as Alice’s. From which step on can nothing mend that?',
  choices: [
    { claim: { is: 'too late', step: 'mallory poisons bob' } },
    { claim: { is: 'too late', step: 'bob.phone syncs' } },
    { claim: { is: 'too late', step: 'bob joins den' } },
  ],
  why: [
    'The trap is laid in step {cause}. But Bob’s phone only remembers where the bundle lies: it fetches nothing for an invitation that he has not accepted.',
    'He joins in step {certain}. The phone opens the bundle and stores what it finds. In force, the clause would have dropped the key at that moment.',
  ],
  home: 'When a thing is done and when it is too late are two moments. A good check stands between them.',
  notes: {
    story: [
      'The new thing is the file: someone hands you keys to the past. Bob wants it, so he cannot just refuse all of it.',
    ],
    bet: ['Have them say the sentence: “After this step, whatever Bob does, the key is there.”'],
    why: [
      'Cause and certain are two words of this site. The bench marks both: a dot where it is done, a cross where it is too late.',
    ],
  },
  heard: [
    {
      said: 'It was over when she sent it.',
      reply: 'What if Bob says no to the invitation? Then the bundle is never opened.',
    },
  ],
};

const vouching: Bet = {
  title: 'On whose word?',
  scenario: 'key-bundle/what-an-inviter-makes-up-is-on-their-word',
  turned: null,
  about: 'attribution-honesty',
  words: [],
  story: [
    'Mallory invites Bob again, into a room in which Alice really is. The bundle is for the right room. But Mallory made the key in it herself, and wrote beside it: made by Alice.',
    'Oscar, who runs the server, is her friend. Once Bob is in the room, he puts a message there that opens with this key, as if it came from Alice: “Bob is a fool”.',
    'Bob’s phone follows every clause. It knows who gave it the key, and will say so beside the message.',
  ],
  short:
    'Mallory’s bundle holds a key that she made, marked as Alice’s. Oscar’s server puts a message under that key into the room, as from Alice. Bob’s phone follows every clause.',
  question: 'What does the run say of {promise}?',
  choices: [
    { text: 'It holds: some clause finds out that Alice never wrote it', claim: { is: 'nothing breaks' } },
    {
      text: 'It breaks, and the text itself says that it may',
      claim: { is: 'accepted', guarantee: 'attribution-honesty' },
    },
    {
      text: 'It breaks, and the text did not see that coming',
      claim: { is: 'breaks', guarantee: 'attribution-honesty' },
    },
  ],
  why: [
    'In step {certain} Bob reads words as Alice’s that she never wrote. No check could have told: of an old key there is nobody to ask but the one who brings it.',
    'The text knows that. It does not promise more than it can, and has a clause for it: {clause}. So the phone adds on whose word it rests. A break that a text owns is called accepted.',
  ],
  home: 'Some things cannot be checked, only told. Then the honest thing is to say on whose word they stand.',
  notes: {
    story: ['Two people lie together here. Ask what each of them alone could not do.'],
    bet: ['The difference between the choices is not what happens, but whether the text had said so before.'],
    why: [
      'On the bench, turn off the clause by which the phone shows who brought the key: the same break, and no text accepts it.',
    ],
  },
  heard: [
    {
      said: 'Alice should have signed her keys.',
      reply: 'Then she could never deny what she wrote. Somebody decided that this is worth more.',
    },
    { said: 'Then bundles are useless.', reply: 'If your friend tells you what you missed, is that useless?' },
  ],
};

const wish: Bet = {
  title: 'A yes she never said',
  scenario: 'backup-preference/a-forged-yes-is-not-confirmed',
  turned: null,
  about: 'preference-fidelity',
  words: ['wish for backup'],
  story: [
    'Alice turns key backup off: no copies of her keys on the server. Her laptop writes that wish into her account, so that every device of hers knows.',
    'The account lies on the server, and the server is Oscar’s. To Alice’s next device he will show the opposite: backup on. Nobody signs such a wish, so that no device can tell his from hers.',
    'Then Alice logs in a new tablet.',
  ],
  short:
    'Alice turns key backup off, and her laptop notes that in her account. Oscar’s server shows her new tablet the opposite. Nobody signs such a wish.',
  question: 'In this run the tablet does not back up. Which clause makes the difference?',
  choices: [
    { claim: { is: 'stops', clause: '4287-signin-may-confirm' } },
    { claim: { is: 'stops', clause: '4287-show-when-affecting' } },
    { claim: { is: 'stops', clause: '4287-monitor-caution' } },
    { claim: { is: 'stops', clause: '4287-enabled-boolean' } },
  ],
  why: [
    'The tablet cannot know what Alice wants, so it asks her: {clause}. She says no.',
    'Mind the word “may”. The text allows the question and does not demand it. Where the tablet does not ask, it backs up in step {elsewhere}, on Oscar’s word.',
  ],
  home: 'What nobody signed, nobody can check. Ask the one who knows.',
  notes: {
    story: ['Ask who in the class has ever been asked “Is this still right?” and clicked yes.'],
    bet: ['Hint: two of the clauses tell Alice something. Only one waits for her answer.'],
    why: ['If there is time: what if she is asked ten times a day? The library has that scenario as well.'],
  },
  heard: [
    {
      said: 'Just encrypt the wish.',
      reply: 'Good idea. Which device gives the new tablet the key, and when? That is the first bet again.',
    },
  ],
};

const race: Bet = {
  title: 'Nobody lies',
  scenario: 'secret-push/a-late-answer-undoes-a-push',
  turned: null,
  about: 'secret-convergence',
  words: ['question'],
  story: [
    'No thief, no lying server: only bad timing. Alice’s phone asks her other devices for the key of her backup.',
    'Before an answer comes, the laptop makes a new backup, and pushes the new key to phone and tablet. The phone takes it.',
    'The tablet has not read that yet. It reads the phone’s question first, and answers it, with the key that it has: the old one.',
  ],
  short:
    'Alice’s phone asks for the backup key. The laptop pushes a new key, and the phone takes it. Then the tablet answers the phone’s question, with the old key.',
  question:
    'The text does not say whether a push answers a question that is still open. Reading A: {A}. Reading B: {B}. Which of them leaves the phone with the key that works?',
  choices: [
    { claim: { is: 'kept by', question: 'q09', readings: ['A', 'B'] } },
    { claim: { is: 'kept by', question: 'q09', readings: ['A'] } },
    { claim: { is: 'kept by', question: 'q09', readings: ['B'] } },
    { claim: { is: 'kept by', question: 'q09', readings: [] } },
  ],
  why: [
    'This run reads it as B. The phone’s question is still open, so that the late answer counts: in step {cause} the old key takes the place of the new one, and {promise} breaks. The old key opens nothing any more.',
    'Read as A, the push has closed the question, and the same answer is thrown away.',
    'Both readings are good ones. Two people can build two apps from one text, and only one of them works.',
  ],
  home: 'A text can also break where it is silent. “And if it comes late?” is a check, too.',
  notes: {
    story: [
      'Act it out: three students are phone, laptop and tablet; letters are slips of paper. Deliver one slip late.',
    ],
    bet: ['Nobody is red in this picture. Ask who is to blame before you ask what happens.'],
    why: [
      'This is how the site is used by those who write the texts: the question has a page of its own, with both runs.',
    ],
  },
  heard: [
    {
      said: 'The newest key should win.',
      reply: 'How does the phone know which is newest? Neither letter says when its key was made.',
    },
  ],
};

export const bets: readonly Bet[] = [thief, server, bundle, vouching, wish, race];
