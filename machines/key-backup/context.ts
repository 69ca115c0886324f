import type { ChartInput } from '../chart.ts';
import { readingsBy } from '../settings.ts';
import type { BackupFacts } from '../types.ts';

export type BackupContext = {
  readonly me: ChartInput;
  /** The version the server last described. */
  readonly described: BackupFacts | null;
  /** What has established it as trusted. */
  readonly trustedBy: 'signature' | 'private key' | null;
  /** A backup key made here and not yet on the server. */
  readonly making: { readonly secret: string; readonly public: string } | null;
  /** The backup last used, by what tells it from others (`backupName`): another one is news for the user. */
  readonly used: string | null;
  /** The version the server has just refused an upload to: described again, it is not tried again. */
  readonly refused: string | null;
  /** The version that was last found to be nobody's to trust, since any was. */
  readonly untrusted: string | null;
  /** Told to back up nothing, whatever there is. */
  readonly isRefraining: boolean;
  /** The versions that its user would not have. */
  readonly turnedDown: readonly string[];
  /** An upload had no answer: it is made again once a sync has reached the server. */
  readonly isUnsent: boolean;
  /** Told to make a backup where there is none. */
  readonly isMadeIfNone: boolean;
};

/** Questions whose readings this chart takes. */
export const backupQuestions = ['q11', 'q40', 'q55'] as const;
export const readingOf = readingsBy(backupQuestions);

/** Question q55: what tells one backup from another, the server's number for it (A), or the public key that it is sealed to (B). */
export const backupName = (
  { me }: Pick<BackupContext, 'me'>,
  { version, publicKey }: Pick<BackupFacts, 'version' | 'publicKey'>,
): string => (readingOf(me, 'q55') === 'B' ? (publicKey ?? version) : version);
