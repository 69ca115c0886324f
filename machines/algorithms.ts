/** Names of secrets and of encryption algorithms, as they stand in events. */

/** Secret names (MSC1946, and "Secrets" of the client-server API). */
export const BACKUP_SECRET = 'm.megolm_backup.v1';
export const CROSS_SIGNING_SECRETS = [
  'm.cross_signing.master',
  'm.cross_signing.self_signing',
  'm.cross_signing.user_signing',
] as const;
export const BACKUP_ALGORITHM = 'm.megolm_backup.v1.curve25519-aes-sha2';
export const OLM_ALGORITHM = 'm.olm.v1.curve25519-aes-sha2';
export const MEGOLM_ALGORITHM = 'm.megolm.v1.aes-sha2';
