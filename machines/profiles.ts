/**
 * Clients in use, as settings of a device: what makes a device of the model do what was measured of one. Each is named after what the
 * client says of itself, and each of its settings has what it rests on; `sim/clients/compare/profile.test.ts` holds them to the table.
 */
import type { Identifiers } from './names.ts';
import type { DeviceSettings } from './types.ts';

/** A verdict of the table (`scenarios/clients.json`) in which the client came to something else than the model without this setting. */
export type Measured = { readonly scenario: string; readonly seat: string; readonly guarantee: string };
export type ProfileItem = {
  readonly evidence: readonly [Measured, ...Measured[]];
} & (
  | { readonly sets: 'identifiers'; readonly to: Identifiers }
  /** The clause is skipped. */
  | { readonly sets: 'off'; readonly clause: string }
  | { readonly sets: 'reading'; readonly question: string; readonly to: 'A' | 'B' }
  | { readonly sets: 'option'; readonly option: string; readonly to: string | boolean }
);
export type Profile = {
  readonly name: string;
  readonly text: string;
  readonly items: readonly ProfileItem[];
};

const at = (scenario: string, seat: string, guarantee: string): Measured => ({ scenario, seat, guarantee });

/** The option of a device that names its profile. */
export const PLAYS_LIKE = 'plays like';

/** What waits for the maintainers of a client stands in none of them, and neither does what was read in its sources alone. */
export const profiles: readonly Profile[] = [
  {
    // The library says itself which it is (`getVersions`); matrix-sdk-crypto-wasm 18.9.0 carries it.
    name: 'matrix-sdk-crypto 0.19.1',
    text: 'matrix-sdk-crypto 0.19.1, as far as that was measured; what a client decides above it is not all in this.',
    items: [
      {
        sets: 'identifiers',
        to: 'production',
        evidence: [
          at('key-bundle/new-names-are-not-understood-by-old-clients', 'bob.phone', 'history-liveness'),
          at('room-keys/clients-of-one-name-and-of-the-other-do-not-meet', 'alice.phone', 'history-completeness'),
        ],
      },
      {
        sets: 'reading',
        question: 'q23',
        to: 'B',
        evidence: [at('key-bundle/one-reading-shares-what-the-other-keeps-back', 'alice.phone', 'closed-room')],
      },
      {
        sets: 'reading',
        question: 'q29',
        to: 'B',
        evidence: [at('key-bundle/every-signed-device-of-the-newcomer-reads-on', 'bob.laptop', 'history-liveness')],
      },
      {
        sets: 'reading',
        question: 'q58',
        to: 'B',
        evidence: [
          at('secret-push/a-device-verified-during-a-reset-keeps-the-old-key', 'alice.tablet', 'secret-convergence'),
        ],
      },
      {
        sets: 'off',
        clause: '4268-one-list-only',
        evidence: [
          at('key-bundle/a-session-is-either-given-or-said-to-be-withheld', 'carol.phone', 'bundle-consistency'),
        ],
      },
      {
        sets: 'option',
        option: 'label authors',
        to: true,
        evidence: [at('incidents/shared-by-its-author', 'bob.phone', 'attribution-honesty')],
      },
      {
        sets: 'off',
        clause: '4147-ed25519-is-sender-key',
        evidence: [
          at(
            'specification/by-the-letter-of-a-release-no-letter-with-keys-is-read',
            'alice.phone',
            'secret-convergence',
          ),
        ],
      },
      {
        sets: 'off',
        clause: 'spec-megolm-replay',
        evidence: [at('specification/what-was-said-once-is-not-shown-twice', 'bob.phone', 'attribution-honesty')],
      },
    ],
  },
];

/** Settings with what an item sets in the place of what was there. */
export const withItem = (settings: DeviceSettings, item: ProfileItem): DeviceSettings => {
  switch (item.sets) {
    case 'identifiers':
      return { ...settings, identifiers: item.to };
    case 'off':
      return { ...settings, off: [...new Set([...settings.off, item.clause])].sort() };
    case 'reading':
      return { ...settings, readings: { ...settings.readings, [item.question]: item.to } };
    case 'option':
      return { ...settings, options: { ...settings.options, [item.option]: item.to } };
  }
};

/** The settings of a device that plays like a client in use, with all that this comes to; others are as they were. */
export const playing = (settings: DeviceSettings): DeviceSettings => {
  const profile = profiles.find(({ name }) => name === settings.options[PLAYS_LIKE]);
  return profile === undefined ? settings : profile.items.reduce(withItem, settings);
};
