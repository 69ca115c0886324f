/** Account data of secret storage ("Secret storage"): which key there is, how a passphrase gives it, and the secrets it opens. */
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../../../machines/algorithms.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { StoredSecret } from '../../../machines/suite.ts';
import { nodeStretch } from '../../crypto/node/backend.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import { textOf } from '../../crypto/real/bytes.ts';
import { isDescribed, keyFromPassphrase, openSecret } from '../../crypto/real/secret-storage.ts';
import { oneLine, quoted } from '../../scenario/showing.ts';
import { plural, thousands } from '../terminal.ts';
import { some } from './lines.ts';
import { type Keys, noStart, nothingHeld, notOpened, type Opening, opened } from './opening.ts';
import { roundsMax } from './sealed.ts';

const suite = realSuite('open');
const keyPrefix = 'm.secret_storage.key.';
const defaultKey = 'm.secret_storage.default_key';

/** Account data by its type. */
export type AccountData = ReadonlyMap<string, JsonObject>;

export const isOfStorage = (type: string, content: JsonObject): boolean =>
  type.startsWith('m.secret_storage.') || isObject(content.encrypted);

/** Types and contents, as an object by type; `null` for an object that is none. */
export const accountDataIn = (value: JsonObject): AccountData | null => {
  const all = Object.entries(value).flatMap(([type, content]) => (isObject(content) ? [[type, content] as const] : []));
  return all.length > 0 &&
    all.every(([type]) => type.includes('.')) &&
    all.some(([type, one]) => isOfStorage(type, one))
    ? new Map(all)
    : null;
};

type StorageKey = { readonly id: string; readonly key: Uint8Array };
const roundsIn = (description: JsonObject): unknown => objectAt(description, 'passphrase').iterations;

const aboutKey = (id: string, description: JsonObject, isUsual: boolean): string => {
  const name = stringAt(description, 'name');
  const rounds = roundsIn(description);
  const how =
    rounds === undefined
      ? 'no passphrase gives it'
      : typeof rounds !== 'number' || !Number.isSafeInteger(rounds) || rounds < 1
        ? 'its passphrase.iterations is no whole number from 1'
        : `a passphrase gives it, stretched ${thousands(rounds)} times`;
  return `  key ${oneLine(id)}${isUsual ? ', the default' : ''}${name === undefined ? '' : ` (${quoted(name)})`}: ${how}`;
};

/** What public part a secret has, which may be shown. */
const publicOf = (name: string, secret: string): string => {
  if (name === BACKUP_SECRET) return suite.backupPublic(secret) ?? 'none: it is no key';
  return suite.signingPublic(secret) ?? 'none: it is no key';
};
const hasPublic = (name: string): boolean =>
  name === BACKUP_SECRET || CROSS_SIGNING_SECRETS.some((one) => one === name);

/** Account data, opened with a recovery key or a passphrase. */
export const openAccountData = (data: AccountData, { recoveryKey, passphrase }: Keys): Opening => {
  const descriptions = [...data].flatMap(([type, content]) =>
    type.startsWith(keyPrefix) ? [[type.slice(keyPrefix.length), content] as const] : [],
  );
  const secrets = [...data].filter(
    ([type, content]) => !type.startsWith('m.secret_storage.') && isObject(content.encrypted),
  );
  const usual = stringAt(data.get(defaultKey), 'key');
  const lines = [
    plural(descriptions.length, 'description of a storage key', 'descriptions of storage keys'),
    ...some(
      descriptions.map(([id, one]) => aboutKey(id, one, id === usual)),
      'key',
    ),
  ];
  /** Each round costs time, and whoever wrote the file says how many there are. */
  let left = roundsMax;
  let opens: StorageKey | null = null;
  for (const [id, description] of descriptions) {
    if (recoveryKey !== null && isDescribed(recoveryKey, description)) opens ??= { id, key: recoveryKey };
    if (opens !== null || passphrase === null || roundsIn(description) === undefined) continue;
    const rounds = Number(roundsIn(description));
    left -= Number.isFinite(rounds) ? rounds : 0;
    if (left < 0)
      return notOpened(
        'account data',
        `the passphrase of key ${oneLine(id)} is to be stretched ${thousands(rounds)} times: at most ${thousands(roundsMax)} expected, for all keys together`,
      );
    const key = keyFromPassphrase(nodeStretch, passphrase, description);
    if (key?.length === 32 && isDescribed(key, description)) opens = { id, key };
  }
  const isGiven = recoveryKey !== null || passphrase !== null;
  // Without its description a key cannot be told from another; whether it opens a secret shows all the same.
  if (isGiven && opens === null && descriptions.length > 0)
    return notOpened(
      'account data',
      descriptions.length === 1
        ? `${recoveryKey === null ? 'this passphrase does not give' : 'this recovery key is not'} its key`
        : `${recoveryKey === null ? 'this passphrase gives' : 'this recovery key is'} none of its ${plural(descriptions.length, 'key')}`,
    );
  const held = new Map<string, string>();
  const about = secrets.map(([name, content]) => {
    const encrypted = objectAt(content, 'encrypted');
    const ids = Object.keys(encrypted);
    const under = `under ${ids.map(oneLine).join(', ') || 'no key'}`;
    if (!isGiven) return `  ${oneLine(name)}: ${under}`;
    const key = opens?.key ?? recoveryKey;
    const tried = opens === null ? ids : ids.filter((id) => id === opens.id);
    if (key === null || tried.length === 0) return `  ${oneLine(name)}: ${under}, not under this key`;
    for (const id of tried) {
      const plain = openSecret(key, name, objectAt(encrypted, id) as unknown as StoredSecret);
      const secret = plain && textOf(plain);
      if (secret == null) continue;
      held.set(name, secret);
      return `  ${oneLine(name)}: opened${hasPublic(name) ? `; its public half is ${publicOf(name, secret)}` : ''}`;
    }
    return `  ${oneLine(name)}: ${under}, which does not open it: it was changed, or is another secret's`;
  });
  if (isGiven && held.size === 0 && descriptions.length === 0)
    return notOpened('account data', 'the key opens none of its secrets, and which key they are under is not in it');
  const closed =
    isGiven || secrets.length + descriptions.length === 0
      ? []
      : ['--recovery-key, or --passphrase where one gives it, opens its secrets'];
  return opened(
    'account data',
    [...lines, plural(secrets.length, 'secret'), ...some(about, 'secret')],
    noStart('secrets alone are no story: give this as --keys, with the backup they open'),
    { closed, holds: { ...nothingHeld, secrets: held } },
  );
};
