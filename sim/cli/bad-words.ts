/** The table of bad input, for words: `bad-input.ts` has that of flags, and says what a row is. */
import { arena, type Row, row, story } from './bad-input.ts';

/** By command: words that are none, too many of them, or none where one is needed. */
export const wrongWords: Readonly<Record<string, readonly Row[]>> = {
  run: [
    row(
      ['nothing-like-it'],
      'no scenario “nothing-like-it”: name a file, a folder, or one of the library by its id or part of it',
    ),
    row(
      ['secret-push/a-stolen-tokem-cannot-plant-a-backup-key'],
      `no scenario “secret-push/a-stolen-tokem-cannot-plant-a-backup-key”: did you mean ${story}?`,
    ),
    row(['a-stolen-tokn-cannot'], 'no scenario “a-stolen-tokn-cannot”: did you mean a-stolen-token-cannot?'),
    row(
      ['a-stolen-token-cannt-plant'],
      'no scenario “a-stolen-token-cannt-plant”: did you mean a-stolen-token-cannot-plant?',
    ),
    row([' '], 'no scenario “ ”: the name of one expected'),
    row(['nope'], 'no scenario “nope”: name a file, a folder, or one of the library by its id or part of it'),
    row(['text.txt'], 'text.txt is no scenario by its name: a file that ends in .yaml or .yml expected'),
    row(['./folder'], 'no scenario in ./folder: no file there ends in .yaml or .yml'),
  ],
  explore: [row([], 'name a scenario'), row([story, story], 'name one scenario')],
  ablate: [
    row(['x'], 'no clause to switch off “x”: npx hearsay clauses lists them'),
    row(['--check', '--arena', 'a-stolen-token'], '--check compares what all arenas say together: leave out --arena'),
  ],
  replay: [
    row([], 'one line expected, in single quotes, as a run prints it'),
    row(['a', 'b'], 'one line expected, in single quotes, as a run prints it'),
    row(
      [`npx hearsay replay '${story}?seed=1'`],
      "only what stands between the quotes is expected, as in npx hearsay replay '…'",
    ),
    row([`'${story}?seed=1'`], "only what stands between the quotes is expected, as in npx hearsay replay '…'"),
    row(
      [`${story}?run=zzz`],
      `no choice "zzz" here (there are: act): was this trace made for another version of ${story}?`,
    ),
    row(
      [`${story}?sed=1`],
      '“sed=1” is no part of a trace: off=, reading=, revision=, option=, fault=, seed= or run= expected',
    ),
    row([`${story}?seed=`], '“seed=” is no seed: one seed=, of letters and digits expected'),
    row([`${story}?seed=1&seed=2`], '“seed=2” is no seed: one seed=, of letters and digits expected'),
    row([`${story}?off=nope`], '“nope” is not a clause; expected a clause such as 4385-both-unsolicited-share'),
    row(
      [`${story}?run=${'a'.repeat(2_000_000)}`],
      '“aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…” is no choice: run=choice.choice*2.choice expected',
    ),
    row([arena], `${arena} is free play, which has no order of its own: run=choice.choice expected`),
  ],
  wander: [row([], 'name a scenario')],
  sweep: [
    row([], 'name the file of a sweep, as in npx hearsay sweep sweep.yaml'),
    row(['small.yaml', 'small.yaml'], 'name one file of a sweep'),
    row(['gone.yaml'], 'gone.yaml cannot be read: there is no such file'),
    row(['odd.yaml'], 'odd.yaml:2:1 “seds” is not a field of a sweep; did you mean “seeds”?'),
  ],
  merge: [
    row([], 'name the file of a sweep, and the records of its shares'),
    row(['small.yaml'], 'name the records of its shares, as --record wrote them'),
    row(['small.yaml', 'gone'], 'gone cannot be read: there is no such file'),
    row(['small.yaml', 'json.json', 'json.json'], 'json.json is named twice: each file once expected'),
    row(['small.yaml', 'json.json'], 'json.json is no record of a sweep: its first line does not say of which'),
  ],
  work: [
    row([], 'say where work is handed out, as in npx hearsay work --redis redis://127.0.0.1:6379'),
    row(
      ['small.yaml', '--redis', 'redis://127.0.0.1:9'],
      '“small.yaml”: work takes no words, what is to be done stands in Redis',
    ),
  ],
  export: [
    row([story], 'one of --svg, --mermaid, --shiviz, --itf, --json, --text, --comment expected'),
    row([story, '--svg', '--json'], 'one of --svg, --mermaid, --shiviz, --itf, --json, --text, --comment expected'),
  ],
  clauses: [
    row(['MSC4286'], 'no proposal “MSC4286” here: did you mean MSC4268?'),
    row(
      ['4385-push-cross-signed-onli'],
      'no clause “4385-push-cross-signed-onli” here: did you mean 4385-push-cross-signed-only?',
    ),
    row(['nothing-like-it'], 'no clause “nothing-like-it” here: npx hearsay clauses lists them'),
    row(['a', 'b'], 'name one proposal or one clause, or none for all of them'),
  ],
  guarantees: [row(['peace'], 'no guarantee “peace”: npx hearsay guarantees lists them')],
  diff: [
    row([], 'name a proposal: MSC4385, MSC4268, MSC4287, MSC4147, MSC4153, MSC1946, MSC1219, MSC1756, SPEC'),
    row(
      ['nope', '--from', 'a', '--to', 'b'],
      'no proposal “nope” here: one of MSC4385, MSC4268, MSC4287, MSC4147, MSC4153, MSC1946, MSC1219, MSC1756, SPEC expected',
    ),
  ],
  ask: [
    row(['q999'], 'no question “q999”: hearsay ask lists them'),
    row(['q33', 'q34'], 'name one question, or none for a list of all'),
  ],
  findings: [row(['x'], 'findings takes no words, and “x” is one')],
  bless: [
    row(
      ['nothing-like-it'],
      'no scenario “nothing-like-it”: name a file, a folder, or one of the library by its id or part of it',
    ),
  ],
  clients: [
    row(['--clauses', '--strict'], '--strict goes by verdicts beside the model’s: leave out --clauses, or --strict'),
    row(['--clauses', 'x'], 'no way to a break is known of a clause “x”: npx hearsay clauses lists the clauses'),
  ],
  verbs: [
    row(['devise'], 'nobody acts as “devise”: did you mean device?'),
    row(
      ['alice.phone'],
      'nobody acts as “alice.phone”: device, person, everyone, server, stolen-token, stolen-device, lying-server, other-user, malicious-inviter, departed-member, typosquatter, eavesdropper, sloppy-client expected',
    ),
  ],
  serve: [
    row(['alice'], 'alice: a user expected, as in @alice:example.org'),
    row(['@a:b.c', '@a:b.c'], '@a:b.c is named twice'),
    row(['--check', 'empty', 'x'], 'serve --check takes no words, and “x” is one'),
  ],
  open: [
    row([], 'open takes one file: a key export, a key backup, a recording of requests and others'),
    row(['empty', 'empty'], 'open takes one file'),
    row(['utf16.txt'], 'utf16.txt: it is a text in UTF-16: save it as UTF-8 first'),
    row(['packed.gz'], 'packed.gz: it is packed with gzip: unpack it first'),
    row(
      ['values.jsonl'],
      'values.jsonl: one value a line, in 2 lines, and none is a room key, an event or a request; docs/reference/open.md lists what is',
      { 'values.jsonl': '{"a":1}\n{"b":2}\n' },
    ),
    row(
      ['middle.jsonl'],
      'middle.jsonl: one value a line, and 2:11 a text that is not ended or has a character it may not have; expected a value: a text, a number, true, false, null, a list or an object',
      {
        'middle.jsonl': '{"method":"GET","path":"/"}\n{"method":"\n{"method":"GET","path":"/"}\n',
      },
    ),
  ],
  init: [row(['x'], 'x: a name that ends in .yaml expected'), row(['a.yaml', 'b.yaml'], 'init takes one file')],
  completion: [row([], 'one of bash, zsh, fish expected'), row(['bsh'], 'no shell “bsh”: did you mean bash?')],
  start: [row(['x'], 'start takes no words, and “x” is one')],
};
