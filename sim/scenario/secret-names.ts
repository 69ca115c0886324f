/** The secrets that a claim can mean (`of: m.megolm_backup.v1`), and the guarantees that are judged secret by secret. */
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../../machines/algorithms.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Act } from '../engine/types.ts';

/** Secret name → what it is. */
export const knownSecrets: ReadonlyMap<string, string> = new Map([
  [BACKUP_SECRET, 'the private key of the key backup'],
  ...CROSS_SIGNING_SECRETS.map((name) => [name, 'a private key of cross-signing'] as const),
]);

/** Guarantees of whose breaks each is about one secret. */
export const secretGuarantees: readonly GuaranteeId[] = [
  'secret-authenticity',
  'secret-confidentiality',
  'secret-convergence',
  'backup-key-integrity',
  'consent-awareness',
];

/** Arguments of verbs that name a secret. */
const naming: readonly string[] = ['push secret', 'request secret', 'enter secret', 'answer request', 'secret'];

/** The secrets there are in a story: those of the specification, and others that it names. */
export const secretsNamed = (acts: readonly Pick<Act, 'args'>[]): readonly string[] => {
  const more = acts.flatMap(({ args }) =>
    naming.flatMap((name) => {
      const value = args[name];
      return typeof value === 'string' ? [value] : [];
    }),
  );
  return [...new Set([...knownSecrets.keys(), ...more])];
};
