import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceSettings } from '../../machines/types.ts';
import { turned } from '../engine/set-stage.ts';
import type { Trace, Turn } from '../engine/types.ts';
import { readTurns } from '../scenario/turns.ts';
import { turnsKey } from '../scenario/written.ts';
import { formatTrace, formatWritten, parseTrace } from './trace.ts';

const word = (letters: string, max: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: max });
const small = 'abcxyz019-';
const turn: fc.Arbitrary<Turn> = fc.oneof(
  word(small, 20).map((clause): Turn => ({ turn: 'off', clause })),
  fc
    .record({ clause: word(small, 20), for: fc.constantFrom('alice.phone', 'bob.old-desktop') })
    .map((one): Turn => ({ turn: 'off', ...one })),
  fc
    .record({ question: word('q01', 4), reading: fc.constantFrom('A' as const, 'B' as const) })
    .map((one): Turn => ({ turn: 'reading', ...one })),
  fc
    .record({ proposal: word('MSC12', 8), revision: word(`${small}.`, 20) })
    .map((one): Turn => ({ turn: 'revision', ...one })),
);
const trace: fc.Arbitrary<Trace> = fc.record({
  scenario: fc.array(word(small, 12), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
  turns: fc.array(turn, { maxLength: 6 }),
  seed: word('abcXYZ019_~-', 16),
  choices: fc
    .array(fc.tuple(word('abcXYZ019:_~-', 12), fc.integer({ min: 1, max: 4 })), { maxLength: 20 })
    .map((runs) => runs.flatMap(([choice, times]) => Array<string>(times).fill(choice))),
});

describe('a trace in one line', () => {
  it('is read by people: scenario, settings as turned, seed, choices with repetitions counted', () => {
    const one: Trace = {
      scenario: 'secret-push/a-b-c',
      turns: [
        { turn: 'off', clause: '4385-push-encrypted' },
        { turn: 'off', clause: '4385-push-same-user', for: 'alice.phone' },
        { turn: 'reading', question: 'q07', reading: 'B' },
        { turn: 'revision', proposal: 'MSC4268', revision: 'spec-v1.19' },
      ],
      seed: '1',
      choices: ['act', 'act', 'sync:alice~phone', 'act:1'],
    };
    expect(formatTrace(one)).toBe(
      'secret-push/a-b-c?off=4385-push-encrypted&off=4385-push-same-user:alice.phone&reading=q07:B&revision=MSC4268:spec-v1.19&seed=1&run=act*2.sync:alice~phone.act:1',
    );
  });

  it('says the same when read back', () => {
    fc.assert(
      fc.property(trace, (one) => {
        expect(parseTrace(formatTrace(one))).toEqual({ ok: true, trace: one });
      }),
    );
  });

  it('needs no quoting beyond single quotes in a shell, and none in the fragment of a URL', () => {
    fc.assert(
      fc.property(trace, (one) => {
        const line = formatTrace(one);
        expect(new URL(`https://example.org/#${line}`).hash).toBe(`#${line}`);
        expect(line).not.toMatch(/['\s\\]/);
      }),
    );
  });

  it('never throws on hostile text', () => {
    const bits = [
      'a/b',
      '?',
      '&',
      '=',
      'run',
      'seed',
      'off',
      'reading',
      'revision',
      '*',
      '99999',
      '.',
      ':',
      'A',
      'act',
      '%00',
      '\n',
      '__proto__',
    ];
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTrace(text)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 60 }), (parts) => void parseTrace(parts.join(''))),
    );
  });

  it.each([
    ['', 'names no scenario'],
    ['../etc/passwd?run=act', 'names no scenario'],
    ['a/b?run=act.%41', 'is no choice'],
    ['a/b?run=act*0', 'is no choice'],
    [`a/b?run=${'act*999999.'.repeat(2)}act`, 'more than 1000000 choices'],
    ['a/b?off=', 'turns no setting'],
    ['a/b?off=4385-push-encrypted:', 'turns no setting'],
    ['a/b?off=4385-push-encrypted:Alice phone', 'turns no setting'],
    ['a/b?reading=q07:C', 'turns no setting'],
    ['a/b?run=a&run=b', 'two runs'],
    ['a/b?seed=1&seed=2', 'is no seed'],
    ['a/b?frob=1', 'no part of a trace'],
    [`a/b?run=${'x'.repeat(70_000)}`, 'is no choice'],
    [`a/b?run=${'act.'.repeat(1_100_000)}act`, 'too long'],
    ['a/b?run=act*10000000', 'is no choice'],
    ['./a/%2e%2e/b.yaml?run=act', 'names no scenario'],
    ['./a%2Fb.yaml?run=act', 'names no scenario'],
    ['./a%00.yaml?run=act', 'names no scenario'],
    ['./a%zz.yaml?run=act', 'names no scenario'],
  ])('says what is wrong with %s', (line, message) => {
    const parsed = parseTrace(line);
    expect(parsed.ok ? '' : parsed.error.message).toContain(message);
  });

  it('is written of whatever a run comes to, and says the same when read back', () => {
    const odd: Trace = {
      scenario: './Ein Käse?.v2/it\'s "50%" & more#1\n.yaml',
      turns: [],
      seed: '1',
      choices: ["it's", 'a.b*2', 'x'.repeat(300), 'ü'],
    };
    const line = formatTrace(odd);
    expect(line).not.toMatch(/['\s\\"]/);
    expect(parseTrace(line)).toEqual({ ok: true, trace: odd });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (scenario, choices) => {
        expect(formatTrace({ scenario, turns: [], seed: '1', choices })).not.toMatch(/['\s\\]/);
      }),
    );
  });

  it('is as long as its run: ten thousand lines with their syncs', () => {
    const choices = Array.from({ length: 10_000 }, () => ['act', 'sync:alice~phone', 'sync:bob~phone']).flat();
    const long: Trace = { scenario: 'a/b', turns: [], seed: '1', choices };
    expect(formatTrace(long).length).toBeGreaterThan(65_536);
    expect(parseTrace(formatTrace(long))).toEqual({ ok: true, trace: long });
  });

  it('means the scenario as it is written where it names no choices', () => {
    const trace: Trace = {
      scenario: 'a/b',
      turns: [{ turn: 'off', clause: '4385-push-encrypted' }],
      seed: '7',
      choices: [],
    };
    expect(formatWritten(trace)).toBe('a/b?off=4385-push-encrypted&seed=7');
    expect(parseTrace(formatWritten(trace))).toEqual({ ok: true, trace, asWritten: true });
    expect(parseTrace(formatTrace(trace))).toEqual({ ok: true, trace });
  });
});

const nothing = { devices: [], lines: 0, hasFault: () => false };

describe('a fault, a number and a list that are turned', () => {
  const turns: readonly Turn[] = [
    { turn: 'spared', line: 3 },
    { turn: 'struck', line: 2, fault: 'lost answer', at: 'alice.phone' },
    { turn: 'dealt', fault: 'limited sync', times: 0 },
    { turn: 'option', option: 'bundle window', value: 1 },
    { turn: 'option', option: 'accept', value: ['m.megolm_backup.v1', 'm.cross_signing.master'] },
    { turn: 'option', option: 'accept', value: [] },
  ];
  const story = { devices: ['alice.phone'], lines: 3, hasFault: (line: number) => line === 3 };

  it('stand in the line and in a key, and are read from both', () => {
    const trace = { scenario: 'a/b', turns, seed: '1', choices: [] };
    const line = formatTrace(trace);
    expect(line).toBe(
      'a/b?fault=3:none&fault=2:lost%20answer:alice.phone&fault=limited%20sync:0&option=bundle%20window:1&option=accept:[m.megolm_backup.v1,m.cross_signing.master]&option=accept:[]&seed=1&run=',
    );
    expect(parseTrace(line)).toEqual({ ok: true, trace });
    const key = turnsKey(turns);
    expect(key).toBe(
      'line 3: no fault + line 2: lost answer at alice.phone + limited sync: 0 + bundle window: 1 + accept: [m.megolm_backup.v1, m.cross_signing.master] + accept: []',
    );
    expect(readTurns(key, story)).toEqual({ turns, wrong: [] });
  });

  it.each([
    ['line 4: no fault', 'the story has no line 4'],
    ['line 2: no fault', 'nothing goes wrong in line 2 by itself'],
    ['line 2: a flood at alice.phone', '“a flood” is not a fault'],
    ['line 2: restart at bob.phone', '“bob.phone” is not a device of the cast'],
    ['line 2: lost transaction at alice.phone', '“lost transaction” is not a fault'],
    ['restart: 21', '“21” does not count'],
    ['restart: -1', '“-1” does not count'],
    ['bundle window: 0', '“0” does not count'],
    ['bundle window: 8761', '“8761” does not count'],
    ['bundle window: soon', '“soon” does not count'],
    ['accept: m.megolm_backup.v1', '“m.megolm_backup.v1” is no list of secret names'],
    ['accept: [<script>]', '“[<script>]” is no list of secret names'],
  ])('say what is wrong with them: %s', (key, message) => {
    expect(readTurns(key, story).wrong.map((one) => one.message)).toEqual([message]);
  });

  it.each([
    '0:none',
    '3',
    '3:none:alice.phone',
    '3:restart:Alice',
    'restart:1:2',
    '3:restart:alice.phone:x',
    '3:%E0%A4%A',
  ])('are no fault in a line: %s', (text) => {
    expect(parseTrace(`a/b?fault=${text}&run=`).ok).toBe(false);
  });
});

describe('an option that is turned', () => {
  const option = { turn: 'option', option: 'share with', value: 'signed' } as const;
  const flag = { turn: 'option', option: 'warn first contact', value: true } as const;

  it('stands in the line and in a key, and is read from both', () => {
    const trace = { scenario: 'a/b', turns: [option, flag], seed: '1', choices: [] };
    const line = formatTrace(trace);
    expect(line).toBe('a/b?option=share%20with:signed&option=warn%20first%20contact:true&seed=1&run=');
    expect(parseTrace(line)).toEqual({ ok: true, trace });
    expect(readTurns('share with: signed + warn first contact: true', nothing)).toEqual({
      turns: [option, flag],
      wrong: [],
    });
    expect(readTurns('share with: nobody', nothing).wrong[0]?.message).toBe('“nobody” is not a value of “share with”');
    expect(parseTrace('a/b?option=share%20with&run=').ok).toBe(false);
  });

  it('is what every device goes by', () => {
    const everyone: DeviceSettings = { implements: {}, identifiers: 'stable', off: [], readings: {}, options: {} };
    const { byDevice } = turned({ everyone, byDevice: { 'a.b': everyone } }, [option]);
    expect(byDevice['a.b']?.options).toEqual({ 'share with': 'signed' });
  });
});
