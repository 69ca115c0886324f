/** The files that `hearsay open` knows: what each is, how it is known, what opens it, and where it is specified. */

const specification = 'https://spec.matrix.org/v1.19/client-server-api/';

export type KindId =
  | 'key export'
  | 'room keys'
  | 'room key bundle'
  | 'sealed file'
  | 'file key'
  | 'key backup'
  | 'backup version'
  | 'account data'
  | 'recovery key'
  | 'to-device request'
  | 'events'
  | 'sync'
  | 'server log'
  | 'browser recording'
  | 'request lines'
  | 'synapse log';

export type Kind = {
  /** With its article, as a sentence has it. */
  readonly is: string;
  /** By what it is known. */
  readonly knownBy: string;
  /** The flags that open more of it; none: all of it can be read, or nothing ever can. */
  readonly openedBy: string;
  /** Whether `--out` writes a scenario of it. */
  readonly scenario: 'yes' | 'no' | 'where it says what people did';
  readonly spec: string;
};

export const kinds: Readonly<Record<KindId, Kind>> = {
  'key export': {
    is: 'a key export under a passphrase',
    knownBy: '`-----BEGIN MEGOLM SESSION DATA-----`',
    openedBy: '`--passphrase`',
    scenario: 'yes',
    spec: `${specification}#key-exports`,
  },
  'room keys': {
    is: 'room keys in the clear, as they stand in a key export',
    knownBy: 'a list of objects with `session_key`',
    openedBy: '',
    scenario: 'yes',
    spec: `${specification}#key-export-format`,
  },
  'room key bundle': {
    is: 'a room key bundle (MSC4268)',
    knownBy: '`room_keys`, `withheld`',
    openedBy: '',
    scenario: 'yes',
    spec: `${specification}#construction-and-sharing-of-the-key-bundle`,
  },
  'sealed file': {
    is: 'an encrypted attachment, as a room key bundle is uploaded',
    knownBy: 'bytes that are no text, with `--keys`',
    openedBy: '`--keys` with its `file`',
    scenario: 'yes',
    spec: `${specification}#sending-encrypted-attachments`,
  },
  'file key': {
    is: 'the key of an encrypted attachment',
    knownBy: '`file` or `key` beside `iv` and `hashes`',
    openedBy: '',
    scenario: 'no',
    spec: `${specification}#sending-encrypted-attachments`,
  },
  'key backup': {
    is: 'what a homeserver keeps of a key backup',
    knownBy: '`rooms`, `sessions` or `session_data`',
    openedBy: '`--recovery-key`, or `--keys` with the account data',
    scenario: 'yes',
    spec: `${specification}#server-side-key-backups`,
  },
  'backup version': {
    is: 'a version of a key backup, without its keys',
    knownBy: '`algorithm`, `auth_data`',
    openedBy: '`--recovery-key`, which is compared',
    scenario: 'no',
    spec: `${specification}#server-side-key-backups`,
  },
  'account data': {
    is: 'account data of secret storage',
    knownBy: '`m.secret_storage.…`, `encrypted`',
    openedBy: '`--recovery-key` or `--passphrase`',
    scenario: 'no',
    spec: `${specification}#secret-storage`,
  },
  'recovery key': {
    is: 'a recovery key',
    knownBy: 'twelve groups of four characters',
    openedBy: '',
    scenario: 'no',
    spec: `${specification}#recovery-key`,
  },
  'to-device request': {
    is: 'the body of a request that sends to devices',
    knownBy: '`messages`: user, device, content',
    openedBy: '',
    scenario: 'no',
    spec: `${specification}#put_matrixclientv3sendtodeviceeventtypetxnid`,
  },
  events: {
    is: 'events, to devices or of rooms',
    knownBy: '`type`, `content`: one, a list, one a line, or in `events`',
    openedBy: '`--keys` with the room keys',
    scenario: 'where it says what people did',
    spec: `${specification}#send-to-device-messaging`,
  },
  sync: {
    is: 'an answer to a sync',
    knownBy: '`next_batch`, or `to_device`',
    openedBy: '`--keys` with the room keys; `--recovery-key` for account data',
    scenario: 'where it says what people did',
    spec: `${specification}#syncing`,
  },
  'server log': {
    is: 'a log of hearsay serve',
    knownBy: '`{"users": …}` and a line for each request',
    openedBy: '',
    scenario: 'yes',
    spec: specification,
  },
  'browser recording': {
    is: 'what a browser recorded of its requests (HAR)',
    knownBy: '`log`, `entries`',
    openedBy: '',
    scenario: 'yes',
    spec: 'http://www.softwareishard.com/blog/har-12-spec/',
  },
  'request lines': {
    is: 'requests to a homeserver, one a line',
    knownBy: '`method` and `path`, `url` or `uri` in each line of JSON',
    openedBy: '',
    scenario: 'yes',
    spec: specification,
  },
  'synapse log': {
    is: 'a log of Synapse with its requests',
    knownBy: '`Processed request:`',
    openedBy: '',
    scenario: 'no',
    spec: 'https://element-hq.github.io/synapse/latest/usage/administration/request_log.html',
  },
};
