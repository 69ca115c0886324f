/** Links that were cut, spoilt or made by another version: what is said of each, as people read it. Every field of each kind of link has a row. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formatTrace, parseTrace } from '../../sim/runs/trace.ts';
import { readAddress, writeAddress } from '../address.ts';
import { packedText, unpackedText } from '../editing/packed-text.ts';
import { startOf } from '../editing/start.ts';
import { readDefence, writeDefence } from '../play/defence-address.ts';

const many = Array.from({ length: 17 }, (_, nth) => `q${nth}=A`).join('&');

/** What stands behind the `?` of a page's address, by field; `any`: of all fields. */
const addresses: Readonly<Record<string, readonly (readonly [search: string, why: string])[]>> = {
  off: [
    ['?off=', '“” can be no clause: its id, or id:device, expected'],
    ['?off=4385-push-encrypted:', '“4385-push-encrypted:” can be no clause: its id, or id:device, expected'],
    ['?off=4385-push-encrypted,', '“” can be no clause: its id, or id:device, expected'],
    ['?off=a:Alice', '“a:Alice” can be no clause: its id, or id:device, expected'],
    ['?off=<img src=x>', '“<img src=x>” can be no clause: its id, or id:device, expected'],
    ['?off=a,a', 'it turns “a” twice'],
    ['?off=a&off=a', 'it turns “a” twice'],
  ],
  q23: [
    ['?q23=', '“” is no reading of q23: there are A and B'],
    ['?q23=%E2%80%AEB', '“\\u202eB” is no reading of q23: there are A and B'],
    ['?q23=a', '“a” is no reading of q23: there are A and B'],
    ['?q23=A&q23=B', 'it turns “q23” twice'],
  ],
  MSC4385: [
    ['?MSC4385=', '“” can be no text of MSC4385: the name of a revision expected'],
    ['?MSC4385=a/b', '“a/b” can be no text of MSC4385: the name of a revision expected'],
    ['?MSC4385=none&MSC4385=none', 'it turns “MSC4385” twice'],
  ],
  opt: [
    ['?opt=bundle+window', '“bundle window” can be no option: name:value expected'],
    ['?opt=a:1:2', '“a:1:2” can be no option: name:value expected'],
    ['?opt=a:1&opt=a:2', 'it turns “a” twice'],
  ],
  fault: [
    ['?fault=3', '“3” can be no fault: line:none, line:fault:device or fault:times expected'],
    ['?fault=2:none&fault=2:none', 'it turns “line 2: no fault” twice'],
  ],
  beside: [
    ['?beside=', 'nothing can stand beside but “written”'],
    ['?beside=written&beside=written', '“beside” stands in it twice'],
  ],
  v: [
    ['?v=1a2b', '“1a2b” can be no version of the model: eight digits from 0 to f expected'],
    ['?v=00000000&v=00000000', '“v” stands in it twice'],
  ],
  was: [
    ['?v=00000000&was=hx', '“hx” can be no verdicts: the link may have been cut'],
    ['?v=00000000&was=h&was=h', '“was” stands in it twice'],
  ],
  any: [
    ['?off=%', '“off=%” stands for no text: the link may have been cut'],
    [`?${many}`, 'it turns more than 16 settings'],
    [`?off=${'a'.repeat(2000)}`, 'it is longer than 2000 characters'],
  ],
};

describe('the address of a page', () => {
  it('has a row for every field that is written', () => {
    const written = writeAddress({
      turns: [
        { turn: 'off', clause: '4385-push-encrypted' },
        { turn: 'reading', question: 'q23', reading: 'B' },
        { turn: 'revision', proposal: 'MSC4385', revision: 'none' },
        { turn: 'option', option: 'bundle window', value: 1 },
        { turn: 'spared', line: 3 },
      ],
      isBeside: true,
      seen: { model: '00000000', verdicts: ['holds'] },
    });
    const fields = [...new URLSearchParams(written).keys()];
    expect([...fields, 'any'].sort()).toEqual(Object.keys(addresses).sort());
    expect(readAddress(written).ok).toBe(true);
  });
  it.each(Object.values(addresses).flat())('%s', (search, why) => {
    expect(readAddress(search)).toEqual({ ok: false, why });
  });
  it('leaves alone what it does not know: whoever passes links on adds some', () => {
    expect(readAddress('?utm_source=x&q23=A')).toMatchObject({ ok: true, address: { turns: [{ question: 'q23' }] } });
  });
});

/** What stands behind the `?` where a story is defended, by field. */
const defences: Readonly<Record<string, readonly (readonly [search: string, why: string])[]>> = {
  story: [
    ['?story=', '“” is no story that can be defended here'],
    ['?story=device-keys/none&on=one', '“device-keys/none” is no story that can be defended here'],
    ['?story=__proto__', '“__proto__” is no story that can be defended here'],
    ['?story=a/b&story=a/c', 'it asks for two things at once'],
  ],
  on: [
    ['?on=one', 'it names clauses and no story'],
    ['?story=a/b&on=one,none', '“none” is none of the clauses that decide in this story'],
    ['?story=a/b&on=one,', '“” is none of the clauses that decide in this story'],
    ['?story=a/b&on=three', '“three” is none of the clauses that decide in this story'],
    ['?story=a/b&on=%E2%80%AEone', '“\\u202eone” is none of the clauses that decide in this story'],
    ['?story=a/b&on=one&on=two', 'it asks for two things at once'],
  ],
};

describe('a link to a story that is defended', () => {
  const all = [
    { story: 'a/b', clauses: ['one', 'two'] },
    { story: 'a/c', clauses: ['three'] },
  ];
  it('has a row for every field that is written', () => {
    const written = writeDefence({ story: 'a/b', on: ['two'] });
    expect([...new URLSearchParams(written).keys()].sort()).toEqual(Object.keys(defences).sort());
  });
  it.each(Object.values(defences).flat())('%s', (search, why) => {
    expect(readDefence(search, all)).toEqual({ ok: false, why });
  });
  it.each([
    { story: 'a/b', on: [] },
    { story: 'a/b', on: ['two'] },
    { story: 'a/b', on: ['one', 'two'] },
  ])('is read as it was written: %o', (asked) => {
    expect(readDefence(writeDefence(asked), all)).toEqual({ ok: true, asked });
  });
  it('asks for nothing where it names none', () => {
    expect(readDefence('?utm_source=x', all)).toEqual({ ok: true, asked: null });
  });
});

const packed = (await packedText('title: a scenario\n'.repeat(40))) ?? '';
const cut = 'was it cut when it was copied?';
const deflated = (bytes: Uint8Array): string => deflateRawSync(bytes).toString('base64url');

describe('a scenario within a link', () => {
  it.each([
    ['nothing', '', `The link is no packed scenario: ${cut}`],
    ['letters of another alphabet', 'a+b/c', `The link is no packed scenario: ${cut}`],
    ['its beginning', packed.slice(0, 12), `The link cannot be unpacked: ${cut}`],
    ['it, and more', `${packed}AAAA`, `The link cannot be unpacked: ${cut}`],
    ['too many letters', 'A'.repeat(32_769), 'The link holds 32769 characters of scenario; at most 32768 are read.'],
    [
      'a little that unpacks to much',
      deflated(new Uint8Array(262_145)),
      'The link unpacks to more than 262144 bytes; that much is not read.',
    ],
    ['no UTF-8', deflated(Uint8Array.of(0xff, 0xfe)), 'This is no text: it is not UTF-8.'],
    ['zero bytes', deflated(new Uint8Array(3)), 'This is no text: it holds bytes that no text has.'],
  ])('%s', async (_what, text, why) => {
    expect(await unpackedText(text)).toEqual({ ok: false, why });
  });
  it('opens as it was packed', async () => {
    expect(await unpackedText(packed)).toMatchObject({ ok: true });
  });

  const noScenario = 'The link names no scenario: after “from=” stands an id, as in secret-push/a-stolen-token.';
  it.each(['?from=', '?from=a', '?from=../../etc/passwd', '?from=https://example.org/x', `?from=a/${'b'.repeat(300)}`])(
    'names none: %s',
    (search) => {
      expect(startOf(search, '')).toEqual({ is: 'wrong', why: noScenario });
    },
  );
});

/** A line that replays a run, by field. */
const lines: Readonly<Record<string, readonly (readonly [line: string, message: string, expected: string])[]>> = {
  off: [
    [
      'a/b?off=',
      '“off=” turns no setting',
      'off= and a clause, or a clause with one device, as in 4385-push-encrypted:alice.phone',
    ],
  ],
  reading: [
    ['a/b?reading=q23', '“reading=q23” turns no setting', 'reading= and a question with its reading, as in q07:B'],
  ],
  revision: [
    [
      'a/b?revision=MSC4385',
      '“revision=MSC4385” turns no setting',
      'revision= and a proposal with its revision, as in MSC4385:send-variant',
    ],
  ],
  option: [
    ['a/b?option=x', '“option=x” turns no setting', 'option= and an option with its value, as in forwarded%20keys:any'],
  ],
  fault: [
    [
      'a/b?fault=x',
      '“fault=x” turns no setting',
      'fault= and what goes wrong, as in 3:restart:alice.phone, 3:none or restart:2',
    ],
  ],
  seed: [
    ['a/b?seed=', '“seed=” is no seed', 'one seed=, of letters and digits'],
    ['a/b?seed=1&seed=1', '“seed=1” is no seed', 'one seed=, of letters and digits'],
  ],
  run: [
    ['a/b?run=act..act', '“” is no choice', 'run=choice.choice*2.choice'],
    ['a/b?run=act&run=act', 'two runs in one line', 'one run='],
  ],
  any: [
    ['', '“” names no scenario', 'folder/name, then ? and the run'],
    ['../x?seed=1', '“../x” names no scenario', 'folder/name, then ? and the run'],
    ['a/b?sed=1', '“sed=1” is no part of a trace', 'off=, reading=, revision=, option=, fault=, seed= or run='],
  ],
};

describe('a line that replays a run', () => {
  it('has a row for every field that is written', () => {
    const written = formatTrace({
      scenario: 'a/b',
      turns: [
        { turn: 'off', clause: '4385-push-encrypted' },
        { turn: 'reading', question: 'q23', reading: 'B' },
        { turn: 'revision', proposal: 'MSC4385', revision: 'none' },
        { turn: 'option', option: 'bundle window', value: 1 },
        { turn: 'spared', line: 3 },
      ],
      seed: '1',
      choices: ['act'],
    });
    const fields = [...new URLSearchParams(written.slice(written.indexOf('?'))).keys()];
    expect([...fields, 'any'].sort()).toEqual(Object.keys(lines).sort());
  });
  it.each(Object.values(lines).flat())('%s', (line, message, expected) => {
    const read = parseTrace(line);
    expect(read.ok ? null : read.error).toEqual({ message, expected });
  });
});
