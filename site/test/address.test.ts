/** Settings in the address: what was written is read again, short enough to be passed on, and nothing that somebody made up does harm. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerClauses, ledgerQuestions, ledgerRevisions } from '../../machines/ledger.ts';
import type { Turn, Verdict } from '../../sim/engine/types.ts';
import { optionChoices } from '../../sim/scenario/options.ts';
import { isShowable } from '../../sim/scenario/showing.ts';
import { subjectOf } from '../../sim/scenario/written.ts';
import { strikable } from '../../sim/verbs/forms.ts';
import { type Address, asWritten, readAddress, writeAddress } from '../address.ts';

const clauses = ledgerClauses.map(({ id }) => id);
const players = ['alice.phone', 'alice.laptop-2', 'bob.phone'];
const off = fc
  .record({ clause: fc.constantFrom(...clauses), who: fc.constantFrom(undefined, ...players) })
  .map(({ clause, who }): Turn => (who === undefined ? { turn: 'off', clause } : { turn: 'off', clause, for: who }));
const reading = fc
  .record({ question: fc.constantFrom(...ledgerQuestions.map(({ id }) => id)), reading: fc.constantFrom('A', 'B') })
  .map(({ question, reading }): Turn => ({ turn: 'reading', question, reading: reading as 'A' | 'B' }));
const revision = fc
  .constantFrom(
    ...Object.entries(ledgerRevisions).flatMap(([proposal, texts]) =>
      Object.keys(texts).map((name): Turn => ({ turn: 'revision', proposal, revision: name })),
    ),
  )
  .map((turn) => turn);
const option = fc
  .constantFrom(
    ...[...optionChoices].flatMap(([name, values]) =>
      values.map((value): Turn => ({ turn: 'option', option: name, value })),
    ),
  )
  .map((turn) => turn);
const line = fc.integer({ min: 1, max: 99 });
const accident = fc.constantFrom(...strikable.keys());
const secret = fc.constantFrom('m.megolm_backup.v1', 'm.cross_signing.master', 'org.example.own_secret');
const more: fc.Arbitrary<Turn> = fc.oneof(
  fc.integer({ min: 1, max: 8760 }).map((value): Turn => ({ turn: 'option', option: 'bundle window', value })),
  fc.uniqueArray(secret).map((value): Turn => ({ turn: 'option', option: 'accept', value })),
  line.map((one): Turn => ({ turn: 'spared', line: one })),
  fc
    .record({ line, fault: accident, at: fc.constantFrom('alice.phone', 'bob.old-desktop') })
    .map((one): Turn => ({ turn: 'struck', ...one })),
  fc.record({ fault: accident, times: fc.nat(20) }).map((one): Turn => ({ turn: 'dealt', ...one })),
);
const verdict = fc.constantFrom<Verdict>('holds', 'breaks', 'happens', 'never', 'unsettled', 'accepted');
const model = fc.stringMatching(/^[0-9a-f]{8}$/);
const address: fc.Arbitrary<Address> = fc.record({
  turns: fc.uniqueArray(fc.oneof(off, reading, revision, option, more), {
    selector: subjectOf,
    minLength: 1,
    maxLength: 8,
  }),
  isBeside: fc.boolean(),
  seen: fc.option(fc.record({ model, verdicts: fc.array(verdict, { maxLength: 20 }) })),
});

/** Clauses first, as they are written: else a turn stands where it stood. */
const inOrder = (turns: readonly Turn[]): readonly Turn[] => [
  ...turns.filter(({ turn }) => turn === 'off'),
  ...turns.filter(({ turn }) => turn !== 'off'),
];

describe('an address', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(readAddress(writeAddress(one))).toEqual({ ok: true, address: { ...one, turns: inOrder(one.turns) } });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is the same in a browser, which reads and encodes it in its own way', () => {
    fc.assert(
      fc.property(address, (one) => {
        const { search } = new URL(writeAddress(one), 'https://example.org/scenarios/a/');
        expect(search).toBe(writeAddress(one));
        const again = new URLSearchParams(search).toString();
        expect(readAddress(again)).toEqual(readAddress(search));
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('says nothing where all is as written, and is short where a few things are turned', () => {
    expect(writeAddress(asWritten)).toBe('');
    expect(readAddress('')).toEqual({ ok: true, address: asWritten });
    const typical = writeAddress({
      turns: [
        { turn: 'off', clause: '4385-push-cross-signed-only' },
        { turn: 'off', clause: '4385-push-encrypted', for: 'alice.phone' },
        { turn: 'reading', question: 'q09', reading: 'B' },
      ],
      isBeside: true,
      seen: { model: '1a2b3c4d', verdicts: ['holds', 'breaks', 'holds', 'accepted'] },
    });
    expect(typical).toBe(
      '?off=4385-push-cross-signed-only,4385-push-encrypted:alice.phone&q09=B&beside=written&v=1a2b3c4d&was=hbha',
    );
  });

  it('leaves alone what others have added to it', () => {
    expect(readAddress('?utm_source=x&fbclid=%41&off=4385-push-encrypted&ref')).toEqual(
      readAddress('off=4385-push-encrypted'),
    );
  });

  it('is read or refused in one printable line, whatever stands in it', () => {
    const parts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('off=', 'q1=A', 'MSC4385=', 'v=', 'was=', '&', '=', '%', '%00', ',', ':', '#', '__proto__=1'),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (all) => {
        const read = readAddress(all.join(''));
        if (read.ok) expect(read.address.turns.length).toBeLessThanOrEqual(16);
        else expect(isShowable(read.why) && !/[\n\t]/.test(read.why) && read.why.length < 300).toBe(true);
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
