/**
 * Sabotage, Defend and Bet: which scenarios are asked about, and among what one chooses. What the right answer is stands nowhere here: it comes
 * of the runs.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { ClauseId, Turn } from '../../sim/engine/types.ts';

/** A story in which all holds: one of these clauses, forgotten, lets it go wrong. */
export type Sabotage = {
  readonly id: string;
  readonly scenario: string;
  readonly asks: string;
  readonly clauses: readonly ClauseId[];
};

export const sabotages: readonly Sabotage[] = [
  {
    id: 'planted-key',
    scenario: 'secret-push/a-stolen-token-cannot-plant-a-backup-key',
    asks: 'Mallory has Alice’s access token, logs in a device, and pushes the key of a backup that she made. All devices shrug. Which clause must Alice’s clients forget for the key to stick?',
    clauses: [
      '4385-push-reject-plaintext',
      '4385-push-same-user',
      '4385-push-works-test',
      '4385-push-cross-signed-only',
      '1219-confirm-new-version',
    ],
  },
  {
    id: 'forwarded-key',
    scenario: 'incidents/forwarded-by-anyone',
    asks: 'Somebody forwards a room key that nobody asked for, and it is thrown away. Which clause must be forgotten for it to be believed?',
    clauses: [
      '4147-owner-via-cross-signing',
      'spec-forwarded-keys-own',
      'spec-warn-unconfirmed-owner',
      '4268-cache-poisoning',
      '4268-flag-meaning',
    ],
  },
  {
    id: 'unsigned-device',
    scenario: 'key-bundle/a-device-that-nobody-signed-gets-no-history',
    asks: 'The server has made up a device of Bob’s, and Alice invites Bob. The history does not reach that device. Which clause keeps it from there?',
    clauses: [
      '4268-identity-pinning',
      '4268-only-cross-signed-devices',
      '4268-recipient-care',
      '4268-only-flagged-sessions',
      '4268-ui-sender-indicator',
    ],
  },
  {
    id: 'another-room',
    scenario: 'key-bundle/an-invitation-to-one-room-opens-no-other',
    asks: 'A bundle for one room has a key of another in it, which Bob’s phone leaves out. Which clause, forgotten, lets it in?',
    clauses: [
      '4268-inviter-match',
      '4268-cache-poisoning',
      '4268-relevant-room-only',
      '4268-defer-download',
      '4268-remember-provenance',
    ],
  },
  {
    id: 'a-thief-s-wish',
    scenario: 'backup-preference/a-thief-of-a-token-cannot-turn-backups-off',
    asks: 'A thief writes “no backup” into the account data, and Alice’s clients go on backing up. Which clause must they forget to stop?',
    clauses: [
      '4287-signin-only',
      '4287-monitor-caution',
      '4287-signin-consider',
      '4287-no-required-monitoring',
      '4287-notice-deleted-backup',
    ],
  },
];

/** An arena in which these clauses are off: whoever defends it switches some on, as few as can be. */
export type Defence = {
  readonly id: string;
  readonly ground: string;
  readonly asks: string;
  /** At most five: every set of them is searched. */
  readonly clauses: readonly ClauseId[];
  readonly guarantees: readonly GuaranteeId[];
};

export const defences: readonly Defence[] = [
  {
    id: 'pointers-in-the-clear',
    ground: 'arenas/pointers-in-the-clear',
    asks: 'A server writes to Bob’s phone in Alice’s name, in the clear. Keep it from believing a bundle that Alice never shared.',
    clauses: [
      '4268-pointer-olm-encrypted',
      '4268-sender-device-keys-required-rx',
      '4147-owner-via-cross-signing',
      '4268-inviter-match',
    ],
    guarantees: ['device-authenticity', 'cache-integrity'],
  },
  {
    id: 'a-stranger-who-points',
    ground: 'arenas/a-stranger-who-points',
    asks: 'A stranger points Bob, who was invited by Alice, to a bundle of false keys. Keep Bob’s key store clean, whenever he joins.',
    clauses: ['4268-inviter-match', '4268-defer-download', '4268-process-on-accept', '4268-remember-provenance'],
    guarantees: ['cache-integrity'],
  },
  {
    id: 'an-inviter-elsewhere',
    ground: 'arenas/an-inviter-elsewhere',
    asks: 'Whoever invites writes the bundle, with keys of another room and of people who never made them. Keep the key store clean, and every key in its room.',
    clauses: ['4268-relevant-room-only', '4268-remember-provenance', '4268-inviter-match', '4268-cache-poisoning'],
    guarantees: ['cache-integrity', 'room-scoping'],
  },
  {
    id: 'the-server-of-the-newcomer',
    ground: 'arenas/the-server-of-the-newcomer',
    asks: 'Bob’s server makes up devices and identities of his before Alice invites him. Keep it from the history.',
    clauses: [
      '4268-only-cross-signed-devices',
      '4268-identity-pinning',
      '4268-identity-change-alert',
      '4268-recipient-care',
    ],
    guarantees: ['history-confidentiality', 'device-authenticity'],
  },
  {
    id: 'a-lying-server',
    ground: 'arenas/a-lying-server',
    asks: 'Alice’s server makes up devices, identities, backups and pushes. Keep its key out of her devices. More than one least set does.',
    clauses: [
      '4385-push-reject-plaintext',
      '4385-push-cross-signed-only',
      '4385-push-same-user',
      '4385-push-works-test',
    ],
    guarantees: ['secret-authenticity', 'backup-key-integrity'],
  },
];

/** A story of which one sees what is done, and bets on what breaks. */
export type Bet = {
  readonly id: string;
  readonly scenario: string;
  readonly turns: readonly Turn[];
};
const off = (clause: string): readonly Turn[] => [{ turn: 'off', clause }];

export const bets: readonly Bet[] = [
  {
    id: 'held-back',
    scenario: 'secret-push/a-push-held-back-does-not-bring-the-old-key-back',
    turns: off('4385-push-works-test'),
  },
  {
    id: 'unsigned-sibling',
    scenario: 'secret-push/an-unsigned-sibling-gets-nothing-until-it-is-signed',
    turns: off('4385-both-recipient-selection-silent'),
  },
  { id: 'so-much', scenario: 'key-bundle/a-phone-that-takes-only-so-much', turns: off('4268-dos-large-file') },
  {
    id: 'planted-key',
    scenario: 'secret-push/a-stolen-token-cannot-plant-a-backup-key',
    turns: [],
  },
  {
    id: 'deleted-backup',
    scenario: 'interactions/a-key-that-comes-after-the-backup-is-deleted-opens-nothing',
    turns: off('4287-notice-deleted-backup'),
  },
  { id: 'one-reading', scenario: 'key-bundle/one-reading-shares-what-the-other-keeps-back', turns: [] },
];
