/**
 * Files that are read, and what each defect of one is told as: the part of the table of bad input (`bad-input.ts`) that is about what stands
 * in files. Each kind has each defect, or the reason why it is none.
 */
import type { Row } from './bad-input.ts';

export const defects = [
  'not there',
  'a folder',
  'no text',
  'too large',
  'empty',
  'cut short',
  'wrong types',
  'unknown fields',
  'duplicate keys',
  'another kind',
] as const;
type Defect = (typeof defects)[number];
export type FileRow = Row & { readonly command: string };
export type FileRows = Readonly<Record<Defect, FileRow | string>>;

export type ReadKind =
  | 'scenario'
  | 'log of a homeserver'
  | 'search that was kept'
  | 'what was measured of a client'
  | 'line of a child client'
  | 'file that is opened'
  | 'secret';

/** By source of the command line that reads: which kinds of files people may have written. None: it reads what is checked in or just written. */
export const readers: Readonly<Record<string, readonly ReadKind[]>> = {
  // Checked in, written by `hearsay ablate`; one that is none is as if it were not there.
  'arenas.ts': [],
  'clients-file.ts': ['what was measured of a client', 'line of a child client'],
  // A transcript is compared, and written anew where it is another one.
  'commands/bless.ts': [],
  // Checked in; `findings.test.ts` has what is said of one that was damaged.
  'commands/findings.ts': [],
  'commands/serve.ts': ['log of a homeserver'],
  'kept-search.ts': ['search that was kept'],
  'library.ts': ['scenario'],
  'open/given.ts': ['file that is opened', 'secret'],
  'version.ts': [],
  // What stands where something is to be written: the rows of each `--out`.
  'writing.ts': [],
};

const one = (
  command: string,
  args: readonly string[],
  says: string,
  files: Readonly<Record<string, string>> = {},
): FileRow => ({
  command,
  args,
  says,
  files,
});

const scenario = `title: A claim
about: [MSC4385]
why: because
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
story:
  - alice.laptop: reset backup
expect:
  secret-convergence: holds
`;
const exported = (says: string, file: string, text?: string): FileRow =>
  one('export', [file, '--text'], says, text === undefined ? {} : { [file]: text });

const users = '{"users":["@a:b.c"]}';
const noLog = (file: string, why: string): string =>
  `--check ${file} is no log of hearsay serve, as --log writes them: ${why}`;
const checked = (says: string, file: string, text?: string): FileRow =>
  one('serve', ['--check', file], says, text === undefined ? {} : { [file]: text });

const arena = 'play/a-stolen-token';
const kept = (says: string, file: string, text?: string): FileRow =>
  one('explore', [arena, '--keep', file], says, text === undefined ? {} : { [file]: text });
const noSearch = (file: string): string =>
  `--keep ${file}: what is there is no search that was kept, or is cut short: name another file, or remove it`;

const story = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const measured = (file: string, text?: string): FileRow =>
  one(
    'clients',
    [story, '--out', file],
    `--out ${file}: what is there is not what clients writes, and is not written over: name another file, or remove it`,
    text === undefined ? {} : { [file]: text },
  );
/** A client that says one thing and is heard no more. */
const child = (says: string, why: string): FileRow =>
  one('clients', [story, '--client', 'node HERE/child.mjs'], `--client node HERE/child.mjs: ${why}`, {
    'child.mjs': says,
  });
const spoken = '; docs/clients.md says how a client speaks';

const opened = (says: string, file: string, text?: string): FileRow =>
  one('open', [file], says, text === undefined ? {} : { [file]: text });
const secret = (file: string, why: string): FileRow =>
  one('open', ['json.json', '--passphrase', file], `--passphrase: ${why}`);
const notThere = '. A secret does not stand on the command line: a file, - for standard input, or env:NAME expected';

export const badFiles: Readonly<Record<ReadKind, FileRows>> = {
  scenario: {
    'not there': exported('gone.yaml cannot be read: there is no such file', 'gone.yaml'),
    'a folder': exported('no scenario in ./folder: no file there ends in .yaml or .yml', './folder'),
    'no text': exported('zeros.yaml is no text: it holds zero bytes, UTF-8 expected', 'zeros.yaml', '\0\0'),
    'too large': exported('large.yaml is too large: 8388610 bytes, at most 8388608', 'large.yaml'),
    empty: exported(
      'empty.yaml:1:1 nothing stands here; expected a scenario: title, about, why, cast, story, expect',
      'empty.yaml',
      '',
    ),
    'cut short': exported(
      'short.yaml:7:36 flow map in block collection must be sufficiently indented and end with a }; expected valid YAML',
      'short.yaml',
      scenario.slice(0, 120),
    ),
    'wrong types': exported(
      'typed.yaml:2:8 a text stands here; expected a list of proposals, as in [MSC4385]',
      'typed.yaml',
      scenario.replace('[MSC4385]', 'MSC4385'),
    ),
    'unknown fields': exported(
      'fields.yaml:12:1 “expects” is not a field of a scenario; did you mean “expect”?',
      'fields.yaml',
      `${scenario}expects: 1\n`,
    ),
    'duplicate keys': exported(
      'twice.yaml:12:1 expect stands here twice; expected each key once',
      'twice.yaml',
      `${scenario}expect:\n  secret-convergence: holds\n`,
    ),
    'another kind': exported(
      'text.yaml:1:1 a text stands here; expected a scenario: title, about, why, cast, story, expect',
      'text.yaml',
      'this is a text\n',
    ),
  },
  'log of a homeserver': {
    'not there': checked('--check gone cannot be read: there is no such file', 'gone'),
    'a folder': checked('--check folder: that is a folder, a file expected', 'folder'),
    'no text': checked('--check zeros.bin is no text: it holds zero bytes, UTF-8 expected', 'zeros.bin'),
    'too large': 'more than one may have takes half a gigabyte: no test writes that',
    empty: checked(noLog('empty', 'line 1: it is empty; expected {"users":["@alice:example.org"]}'), 'empty'),
    'cut short': checked(
      noLog(
        'short.log',
        'line 2: a text that is not ended or has a character it may not have (column 33); expected a key, which is a text in double quotes',
      ),
      'short.log',
      `${users}\n{"event":{"at":1,"server":"b.c","requ`,
    ),
    'wrong types': checked(
      noLog('typed.log', 'line 2: event.at: a number expected'),
      'typed.log',
      `${users}\n{"event":{"at":"1","server":"b.c"}}`,
    ),
    'unknown fields': 'they are left alone: another version may have written them',
    'duplicate keys': checked(
      noLog('twice.log', 'line 1: the key “users” stands here twice (column 21); expected each key once'),
      'twice.log',
      '{"users":["@a:b.c"],"users":["@a:b.c"]}\n',
    ),
    'another kind': checked(
      noLog(
        'json.json',
        'line 1: users: a list of user ids expected, each once, as in {"users":["@alice:example.org"]}',
      ),
      'json.json',
    ),
  },
  'search that was kept': {
    'not there': 'it is where a search is going to be kept',
    'a folder': kept('--keep folder: that is a folder, a file expected', 'folder'),
    'no text': kept('--keep zeros.bin is no text: it holds zero bytes, UTF-8 expected', 'zeros.bin'),
    'too large': 'more than a search may keep takes half a gigabyte: no test writes that',
    empty: 'it is a file that somebody made for it',
    'cut short': kept(noSearch('short.json'), 'short.json', '{"search":"x","kept":{'),
    'wrong types': kept(noSearch('typed.json'), 'typed.json', '{"search":7,"kept":{}}'),
    'unknown fields': 'they change nothing: what is kept carries a digest',
    'duplicate keys': 'the last one counts, and what is kept carries a digest',
    'another kind': kept(
      '--keep other.json: what is there is another search, of another scenario, guarantee, setting, order or bound: name another file, or remove it',
      'other.json',
      '{"search":"x","kept":{}}',
    ),
  },
  'what was measured of a client': {
    'not there': 'it is where it is going to be written',
    'a folder': one('clients', [story, '--out', 'folder'], '--out folder: that is a folder, a file expected'),
    'no text': measured('zeros.bin'),
    'too large': measured('large.log'),
    empty: 'it is a file that somebody made for it',
    'cut short': measured('short.json', '{"client":{"name":"x","version":"1"},"se'),
    'wrong types': measured(
      'typed.json',
      '{"client":{"name":"x","version":"1"},"seed":"1","day":"d","names":"p","scenarios":{"a":7}}',
    ),
    'unknown fields': 'they go when it is written anew',
    'duplicate keys': 'the last one counts, as it does for whoever reads it on',
    'another kind': measured('json.json'),
  },
  'line of a child client': {
    'not there': one(
      'clients',
      [story, '--client', 'no-such'],
      '--client no-such: no-such cannot be started: there is no such program: olm-machine, js-sdk, or a command that speaks JSON lines (docs/clients.md) expected',
    ),
    'a folder': one(
      'clients',
      [story, '--client', 'HERE/folder'],
      '--client HERE/folder: HERE/folder cannot be started: it may not be run: olm-machine, js-sdk, or a command that speaks JSON lines (docs/clients.md) expected',
    ),
    'no text': child(
      'console.log("\\u0000\\u001b[2J")',
      `no JSON that can be read: \\u0000\\u001b[2J (1:1 “\\u0000” stands here; expected a value: a text, a number, true, false, null, a list or an object)${spoken}`,
    ),
    'too large': child('console.log("x".repeat(9000000))', `a line of 9000000 characters${spoken}`),
    empty: child(
      '',
      'node ended with exit code 0: olm-machine, js-sdk, or a command that speaks JSON lines (docs/clients.md) expected',
    ),
    'cut short': child(
      'console.log(\'{"id":1,"hel\')',
      `no JSON that can be read: {"id":1,"hel (1:9 a text that is not ended or has a character it may not have; expected a key, which is a text in double quotes)${spoken}`,
    ),
    'wrong types': child('console.log(\'{"id":1,"hello":{"name":7}}\')', `hello says no name and version${spoken}`),
    'unknown fields': 'they are left alone: docs/clients.md lets a client say more',
    'duplicate keys': child(
      'console.log(\'{"id":1,"id":2}\')',
      `no JSON that can be read: {"id":1,"id":2} (1:9 the key “id” stands here twice; expected each key once)${spoken}`,
    ),
    'another kind': child(
      'console.log("no json")',
      `no JSON that can be read: no json (1:1 “n” stands here; expected a value: a text, a number, true, false, null, a list or an object)${spoken}`,
    ),
  },
  'file that is opened': {
    'not there': opened('gone cannot be read: there is no such file', 'gone'),
    'a folder': opened('folder is a folder, a file expected', 'folder'),
    'no text': opened(
      'zeros.bin: bytes that are no text: an encrypted attachment? Its key (`file` of the event that points to it) goes with --keys',
      'zeros.bin',
    ),
    'too large': opened(
      'large.open is too large: 33554433 bytes, at most 33554432',
      'large.open',
      'x'.repeat(33_554_433),
    ),
    empty: opened('empty: it is empty', 'empty'),
    'cut short': opened(
      'short.json: it begins as JSON and is none: 1:47 the file ends here; expected “:” behind a key',
      'short.json',
      '[{"algorithm":"m.megolm.v1.aes-sha2","room_id"',
    ),
    'wrong types': opened(
      'typed.json: a room key bundle (MSC4268); room_keys: a list expected',
      'typed.json',
      '{"room_keys":7}',
    ),
    'unknown fields': 'they are left alone: clients write more than the specification has',
    'duplicate keys': opened(
      'twice.json: it begins as JSON and is none: 1:17 the key “room_keys” stands here twice; expected each key once',
      'twice.json',
      '{"room_keys":[],"room_keys":[]}',
    ),
    'another kind': opened(
      'text.txt: a text, and nothing that is known here; docs/reference/open.md lists what is',
      'text.txt',
    ),
  },
  secret: {
    'not there': secret('gone', `the file that it names cannot be read: there is no such file${notThere}`),
    'a folder': secret('folder', `the file that it names is a folder, a file expected${notThere}`),
    'no text': 'a passphrase may be any bytes; a recovery key is told from them',
    'too large': secret('large.secret', `the file that it names is too large: 70000 bytes, at most 65536${notThere}`),
    empty: secret('empty', 'what it names is empty'),
    'cut short': one(
      'open',
      ['json.json', '--recovery-key', 'short.key'],
      '--recovery-key: what stands there is none: twelve groups of four characters expected, or 32 bytes in base64',
      { 'short.key': 'EsTc LW2K PGiF wKEA 3As5' },
    ),
    'wrong types': 'it is one text',
    'unknown fields': 'it is one text',
    'duplicate keys': 'it is one text',
    'another kind': one(
      'open',
      ['json.json', '--recovery-key', 'json.json'],
      '--recovery-key: what stands there is none: twelve groups of four characters expected, or 32 bytes in base64',
    ),
  },
};
