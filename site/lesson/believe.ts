/** “What may a device believe?”: forty-five minutes, for people who have never heard of Matrix. */
import { bets } from './believe-bets.ts';
import type { Lesson } from './lesson.ts';

export const believe: Lesson = {
  id: 'what-may-a-device-believe',
  title: 'What may a device believe?',
  lede: 'Forty-five minutes and six bets. People lie to Alice’s devices, and you bet on what happens before you see it. Nobody needs to know anything about encryption to begin.',
  opening: [
    {
      id: 'start',
      title: 'A letter from your laptop',
      minutes: 2,
      text: [
        'Your phone is told: “This comes from your laptop.” How does it know? Somebody else might like it to think so.',
        'Matrix is a way to send encrypted messages, on servers that anybody can run. New rules for it are being written now, in public. What you will see are real runs of these rules: a program played them with real cryptography, and wrote down each step. Nobody drew the pictures to make a point.',
        'You get six stories. Each stops just before it is decided. Place your bet, then look.',
      ],
      words: ['device', 'step'],
      notes: [
        'Hand out the two sheets. Everybody ticks one box for each bet, before the answer is shown.',
        'Say once that a wrong bet is the point: what surprises is what stays.',
      ],
    },
    {
      id: 'know',
      title: 'What you need to know',
      minutes: 3,
      text: [
        'Alice has a phone and a laptop. Each has keys of its own. What is sealed for the phone is opened by the phone alone.',
        'The server carries the letters. What is sealed it cannot read. But it can hold letters back, bring its own, and lie about who is there.',
        'Two words come again and again. What Alice relies on is a guarantee, such as “Secrets are genuine”. One rule of the text that protects it is a clause. If a clause is skipped, a guarantee may break.',
        'In the pictures time goes down. Each arrow is a message, two lines are a sealed one. Red is who lies.',
      ],
      words: ['guarantee', 'clause', 'secret'],
      notes: [
        'Draw phone, server and laptop on the board; leave them there.',
        'No mathematics. If somebody asks: sealing and signing work, and nobody here breaks them.',
      ],
    },
  ],
  bets,
  minutes: { story: 2, bet: 2, why: 2 },
  closing: [
    {
      id: 'home',
      title: 'What you take home',
      minutes: 4,
      text: [
        'Six stories, and the cryptography was never broken. What failed, or held, was what a device took somebody’s word for.',
      ],
      words: [],
      notes: [
        'Ask each for one sentence: which bet would you lose again?',
        'Whoever wants more: every scenario of the site can be stepped through, and every clause turned off.',
      ],
    },
  ],
  glossary: [
    'guarantee',
    'clause',
    'secret',
    'push',
    'room key',
    'key backup',
    'cross-signing',
    'bundle',
    'wish for backup',
    'question',
  ],
  plainly: {
    device: 'A phone, a laptop, a browser: each place where somebody is logged in.',
    step: 'One thing that somebody does, with all that comes of it at once. Steps are counted.',
    guarantee: 'What people rely on, said as a promise.',
    clause: 'One rule of a text, with a name to say it by.',
    push: 'A secret that a device sends to its user’s other devices without having been asked for it.',
    identity: 'A user’s own signing keys, taken together.',
    session: 'One room key in use, with its number.',
    bundle: 'The file of room keys that an inviter leaves for whoever is invited, so that they can read the past.',
    'wish for backup': 'Whether somebody wants a key backup, as it stands in their account for all of their devices.',
    question: 'A place where a text can be read in two ways: reading A and reading B.',
  },
};
