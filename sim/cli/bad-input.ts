/**
 * What people type and have in files that is wrong, and what they are told of it: a table, held by `bad-input.test.ts`. A flag, a command or
 * a place that reads a file and has no row fails that test. Rows are read as a newcomer would: where, what is there, what was expected.
 */

/** Files that rows speak of, in the folder where one stands. `folder` is there too, and is a folder. */
export const files: Readonly<Record<string, string | Uint8Array>> = {
  'text.txt': 'this is a text\n',
  'json.json': '{"a":1}\n',
  empty: '',
  'zeros.bin': new Uint8Array(100),
  'utf16.txt': Uint8Array.from(Buffer.from('\ufefftitle: A claim\n', 'utf16le')),
  'packed.gz': Uint8Array.of(0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff),
  'large.yaml': `# ${'x'.repeat(8 * 2 ** 20)}`,
  'large.secret': 'x'.repeat(70_000),
  'large.log': 'x'.repeat(8 * 2 ** 20 + 1),
  'small.yaml': 'scenarios: [secret-push/who-notices-can-ask]\n',
  'odd.yaml': 'scenarios: [secret-push/who-notices-can-ask]\nseds: 3\n',
};

export type Row = {
  readonly args: readonly string[];
  /** Further files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** All that is said on the error stream, to its last line; 2 is then the exit code. */
  readonly says: string;
};
export const row = (args: readonly string[], says: string, more: Readonly<Record<string, string>> = {}): Row => ({
  args,
  says,
  files: more,
});

export const story = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
export const arena = 'play/a-stolen-token';
const isThere = (flag: string, file: string, kind: string): string =>
  `${flag} ${file}: what is there is not ${kind}, and is not written over: name another file, or remove it`;
const whole = (flag: string, value: string, max: number): string =>
  `--${flag} ${value}: a whole number from 1 to ${max} expected`;

/** By command and flag: values that are none. Missing values, misspelt names and flags given twice are made from the register. */
export const wrongValues: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  run: {
    suite: [
      row([story, '--suite', 'reel'], '--suite reel: did you mean real?'),
      row([story, '--suite', 'other'], '--suite other: real or symbolic expected'),
    ],
    junit: [
      row([story, '--no-without', '--junit', 'text.txt'], isThere('--junit', 'text.txt', 'a JUnit report')),
      row([story, '--no-without', '--junit', 'folder'], '--junit folder cannot be written: that is a folder'),
      row(
        [story, '--no-without', '--junit', 'gone/x.xml'],
        '--junit gone/x.xml cannot be written: there is no such folder',
      ),
    ],
  },
  explore: {
    seed: [
      row([arena, '--seed', '1'], '--seed is for random walks, which can be split: --order random'),
      row([arena, '--order', 'random', '--seed', 'a.b'], '--seed a.b: letters and digits expected'),
    ],
    without: [
      row(
        [arena, '--without', 'x'],
        '--without: “x” is not a clause: a clause such as 4385-both-unsolicited-share expected',
      ),
      row(
        [arena, '--without', '4385-push-cross-signed-onli'],
        '--without: “4385-push-cross-signed-onli” is not a clause: did you mean 4385-push-cross-signed-only?',
      ),
      row([arena, '--without', 'q23: C'], '--without: “C” is not a reading of q23: a reading of q23: A, B expected'),
      row([arena, '--without', 'line 1: no fault'], '--without: the story has no line 1: a story expected'),
    ],
    guarantee: [
      row(
        [arena, '--guarantee', 'secret-authenticty'],
        'no guarantee “secret-authenticty”: did you mean secret-authenticity?',
      ),
      row([arena, '--guarantee', 'peace'], 'no guarantee “peace”: npx hearsay guarantees lists them'),
    ],
    order: [
      row([arena, '--order', 'bredth-first'], '--order bredth-first: did you mean breadth-first?'),
      row([arena, '--order', 'backwards'], '--order backwards: breadth-first or depth-first or random expected'),
    ],
    'until-depth': [row([arena, '--until-depth', '0'], whole('until-depth', '0', 10_000))],
    worlds: [row([arena, '--worlds', '-1'], whole('worlds', '-1', 100_000_000))],
    memory: [row([arena, '--memory', '1e9'], whole('memory', '1e9', 65_536))],
    seconds: [row([arena, '--seconds', '0.5'], whole('seconds', '0.5', 1_000_000_000))],
    keep: [
      row([arena, '--keep', 'folder'], '--keep folder: that is a folder, a file expected'),
      row([arena, '--keep', 'gone/x'], '--keep gone/x: there is no folder HERE/gone'),
      row(
        [arena, '--order', 'random', '--keep', 'x'],
        '--keep: random walks keep nothing; give them a --worlds to pass, or a --record',
      ),
    ],
    save: [row([arena, '--save', 'text.txt'], isThere('--save', 'text.txt', 'a scenario'))],
  },
  ablate: {
    clause: [
      row(
        ['--clause', '4385-push-cross-signed-onli'],
        'no clause to switch off “4385-push-cross-signed-onli”: did you mean 4385-push-cross-signed-only?',
      ),
      row(['--clause', 'x'], 'no clause to switch off “x”: npx hearsay clauses lists them'),
    ],
    arena: [row(['--arena', 'a-stolen-tokem'], 'no arena “a-stolen-tokem”: did you mean a-stolen-token?')],
    for: [row(['--for', 'alice.fone'], 'no device in the arenas “alice.fone”: did you mean alice.phone?')],
    out: [
      row(['--out', 'text.txt'], isThere('--out', 'text.txt', 'an ablation')),
      row(['--out', 'folder'], '--out folder: that is a folder, a file expected'),
    ],
  },
  wander: {
    runs: [row([story, '--runs', '0'], whole('runs', '0', 1_000_000))],
    steps: [row([story, '--steps', '401'], whole('steps', '401', 400))],
    seed: [row([story, '--seed', 'ä b'], '--seed ä b: letters and digits expected')],
    without: [
      row(
        [story, '--without', 'x'],
        '--without: “x” is not a clause: a clause such as 4385-both-unsolicited-share expected',
      ),
    ],
    workers: [row([story, '--workers', '0'], whole('workers', '0', 256))],
    shard: [
      row([story, '--shard', '7/6'], '--shard 7/6: a share expected, as in 2/5'),
      row(
        [story, '--shard', '1/2', '--redis', 'redis://127.0.0.1:9'],
        '--shard is for machines that have no --redis between them: give one of them',
      ),
    ],
    record: [
      row([story, '--record', 'text.txt'], 'text.txt is no record of a sweep: its first line does not say of which'),
    ],
    redis: [
      row(
        [story, '--redis', 'http://anna:secret@x'],
        '--redis: redis://HOST:PORT expected (rediss:// with TLS, redis+unix:///PATH for a socket)',
      ),
      row(
        [story, '--redis', 'redis://anna:secret@127.0.0.1:9'],
        'the Redis server at 127.0.0.1:9 cannot be used: nobody listens there',
      ),
    ],
    patience: [row([story, '--patience', '-1'], whole('patience', '-1', 1_000_000))],
  },
  export: {
    page: [
      row([story, '--svg', '--page', 'https://x.org'], '--page goes with --comment'),
      row(
        [story, '--comment', '--page', 'nonsense'],
        '--page expects an address of the web, as in https://example.org/scenarios/…',
      ),
    ],
    without: [
      row(
        [story, '--svg', '--without', 'x'],
        '--without: “x” is not a clause: a clause such as 4385-both-unsolicited-share expected',
      ),
      row(
        [`${story}?seed=1`, '--svg', '--without', 'x'],
        'a line says itself which settings are turned: --without goes with a scenario',
      ),
    ],
    out: [
      row([story, '--svg', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a picture (SVG)')),
      row([story, '--mermaid', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a diagram of Mermaid')),
      row([story, '--shiviz', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a log of ShiViz')),
      row([story, '--itf', '--out', 'json.json'], isThere('--out', 'json.json', 'a trace in ITF')),
      row([story, '--json', '--out', 'json.json'], isThere('--out', 'json.json', 'a run as JSON')),
      row([story, '--text', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a transcript')),
      row([story, '--comment', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a comment of hearsay export')),
    ],
  },
  diff: {
    from: [
      row(
        ['MSC4268', '--to', 'merged'],
        '--from needs a revision of MSC4268: seed-draft, seed-diff-before, seed-diff, merged, spec-v1.19',
      ),
      row(
        ['MSC4268', '--from', 'seed-dif', '--to', 'merged'],
        'no revision “seed-dif” of MSC4268: did you mean seed-diff?',
      ),
    ],
    to: [
      row(
        ['MSC4268', '--from', 'merged', '--to', 'x'],
        'no revision “x” of MSC4268: one of seed-draft, seed-diff-before, seed-diff, merged, spec-v1.19',
      ),
      row(
        ['MSC4268', '--from', 'merged', '--to', 'merged'],
        '--from merged --to merged: two different revisions expected',
      ),
    ],
  },
  ask: {
    worlds: [row(['q33', '--worlds', 'x'], whole('worlds', 'x', 1_000_000))],
    'until-depth': [row(['q33', '--until-depth', '1001'], whole('until-depth', '1001', 1000))],
  },
  findings: { out: [row(['--out', 'text.txt'], isThere('--out', 'text.txt', 'a document of hearsay findings'))] },
  clients: {
    client: [
      row(
        [story, '--client', 'js-skd'],
        '--client js-skd: js-skd cannot be started: there is no such program: did you mean js-sdk?',
      ),
      row(
        [story, '--client', 'no-such-program'],
        '--client no-such-program: no-such-program cannot be started: there is no such program: olm-machine, js-sdk, or a command that speaks JSON lines (docs/clients.md) expected',
      ),
      row(
        [story, '--client', ' '],
        '--client is empty: olm-machine, js-sdk, or a command that speaks JSON lines (docs/clients.md) expected',
      ),
      row([story, '--client', "node 'a b.mjs"], "--client node 'a b.mjs: a quote in it is not closed"),
    ],
    seat: [
      row(
        [story, '--seat', 'alice.fone'],
        '--seat alice.fone: none of these scenarios has that device in honest hands: did you mean alice.phone?',
      ),
    ],
    seed: [row([story, '--seed', 'ä'], '--seed ä: letters, digits, _ ~ - expected')],
    out: [
      row([story, '--out', 'text.txt'], isThere('--out', 'text.txt', 'what clients writes')),
      row(['--clauses', '--out', 'text.txt'], isThere('--out', 'text.txt', 'what clients --clauses writes')),
    ],
  },
  serve: {
    port: [row(['--port', '70000'], whole('port', '70000', 65_000))],
    log: [row(['--log', 'text.txt'], isThere('--log', 'text.txt', 'a log of hearsay serve'))],
    scenario: [
      row(['--scenario', 'x.yaml'], '--scenario x.yaml: one log expected behind it, as --log writes them'),
      row(['--scenario', 'text.txt', 'empty'], isThere('--scenario', 'text.txt', 'a scenario')),
      row(['--scenario', 'empty', 'empty'], '--scenario empty: that is the log, and would be written over'),
    ],
    check: [row(['--check', 'gone'], '--check gone cannot be read: there is no such file')],
  },
  open: {
    passphrase: [
      row(
        ['json.json', '--passphrase', 'gone'],
        '--passphrase: the file that it names cannot be read: there is no such file. A secret does not stand on the command line: a file, - for standard input, or env:NAME expected',
      ),
      row(
        ['json.json', '--passphrase', 'env:HEARSAY_NOT_SET'],
        '--passphrase env:HEARSAY_NOT_SET: the environment has nothing of that name',
      ),
    ],
    'recovery-key': [
      row(
        ['json.json', '--recovery-key', 'text.txt'],
        '--recovery-key: what stands there is none: twelve groups of four characters expected, or 32 bytes in base64',
      ),
    ],
    keys: [
      row(['json.json', '--keys', 'gone'], '--keys gone cannot be read: there is no such file'),
      row(
        ['json.json', '--keys', 'json.json'],
        '--keys json.json: an object with a, which is nothing that is known here; docs/reference/open.md lists what is',
      ),
    ],
    out: [
      row(['json.json', '--out', 'text.txt'], isThere('--out', 'text.txt', 'a scenario')),
      row(
        ['json.json', '--out', 'json.json'],
        '--out json.json: that is the file to be opened, and would be written over',
      ),
    ],
  },
  sweep: {
    out: [
      row(['small.yaml', '--out', 'text.txt'], isThere('--out', 'text.txt', 'the report of a sweep')),
      row(['small.yaml', '--out', 'small.yaml'], '--out small.yaml: that is the sweep, and would be written over'),
    ],
  },
  merge: {
    record: [
      row(
        ['small.yaml', 'json.json', '--record', 'json.json'],
        '--record json.json: that is a record, and would be written over',
      ),
      row(['head.jsonl', '--record', 'text.txt'], isThere('--record', 'text.txt', 'a record of a sweep'), {
        'head.jsonl': '{"hearsay":"0","kind":"run","plan":"0"}\n',
      }),
    ],
    out: [
      row(['small.yaml', 'json.json', '--out', 'text.txt'], isThere('--out', 'text.txt', 'the report of a sweep')),
      row(
        ['head.jsonl', '--out', 'new.json', '--record', 'all.jsonl'],
        '--out is the report of a sweep: name its file first',
        {
          'head.jsonl': '{"hearsay":"0","kind":"run","plan":"0"}\n',
        },
      ),
    ],
  },
  work: {
    redis: [
      row(
        ['--redis', 'http://anna:secret@x'],
        '--redis: redis://HOST:PORT expected (rediss:// with TLS, redis+unix:///PATH for a socket)',
      ),
      row(
        ['--redis', 'redis://anna:secret@127.0.0.1:9', '--once'],
        'the Redis server at 127.0.0.1:9 cannot be used: nobody listens there',
      ),
    ],
    workers: [row(['--redis', 'redis://127.0.0.1:9', '--workers', '257'], whole('workers', '257', 256))],
    silence: [row(['--redis', 'redis://127.0.0.1:9', '--silence', '0'], whole('silence', '0', 3600))],
  },
  start: { port: [row(['--port', 'x'], whole('port', 'x', 65_535))] },
};
