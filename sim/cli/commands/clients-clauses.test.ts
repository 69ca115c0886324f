/** `hearsay clients --clauses`: what is said of a client, and of whom nothing can be. What was measured last is whole, and still so. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { objectAt, stringAt } from '../../../machines/json.ts';
import { ledgerClause } from '../../../machines/ledger.ts';
import { clausesWithAWay, scenarioIn, tryClause } from '../../clients/clauses/clauses.ts';
import { companyOf, type Outcome, type Tried } from '../../clients/clauses/tried.ts';
import { olmMachineKind } from '../../clients/compare/seats.ts';
import { type Client, type Hello, type Said, shownKinds, type Told } from '../../clients/seat/client.ts';
import { noShows } from '../../clients/seat/reading.ts';
import { hearsayHere } from '../testing.ts';
import { sourcesHere } from './clients-clauses.ts';

type Row = Pick<Tried, 'seat' | 'guarantee' | 'by'> & Outcome & { readonly model: string; readonly line: string };
type Measured = {
  readonly client: { readonly name: string; readonly version: string };
  readonly day: string;
  readonly seed: string;
  readonly clauses: Readonly<Record<string, { readonly of: string; readonly rows: readonly Row[] }>>;
};
const measured = JSON.parse(readFileSync('scenarios/client-clauses.json', 'utf8')) as Measured;
const sources = sourcesHere();
const rows = Object.entries(measured.clauses).flatMap(([clause, one]) => one.rows.map((row) => ({ clause, row })));

const acts = [
  'look up',
  'set up cross-signing',
  'create backup',
  'reset backup',
  'verifies',
  'verified',
  'check backup',
  'start room key',
];
const hello: Hello = { name: 'nobody', version: '1', acts, shows: shownKinds };
/** What a client does that says no more than this; made up. */
const company = (shown: (told: Told) => Said) => {
  const client = (): Client => ({
    tell: (told) => (told.op === 'hello' ? { hello } : shown(told)),
    close: () => undefined,
  });
  return companyOf(client, { hello, kind: olmMachineKind, seed: '1' }, scenarioIn(sources));
};

describe('a client that does nothing', () => {
  const nobody = company(() => ({ shows: noShows }));
  it.each(['4385-push-cross-signed-only', '4385-push-encrypted', '1946-share-verified-own', '4385-push-works-test'])(
    'is not said to enforce %s, or not to',
    (clause) => {
      const found = tryClause(clause, sources, nobody);
      expect(found.length).toBeGreaterThan(0);
      for (const { is } of found) expect(is).toBe('not measured');
    },
  );
});

describe('a client that takes letters of a kind from nobody', () => {
  /** It shows what came in the clear, and goes by none of it. */
  const deaf = company((told) => {
    if (told.op !== 'sync') return { shows: noShows };
    const { events } = objectAt(told.body, 'to_device');
    const letters = (Array.isArray(events) ? events : []).map((event) => ({
      type: stringAt(event, 'type') ?? '',
      sender: stringAt(event, 'sender') ?? '',
      device: null,
      senderKey: null,
      content: objectAt(event, 'content'),
      sealed: stringAt(event, 'type') === 'm.room.encrypted',
      opened: false,
    }));
    return { shows: { ...noShows, letters } };
  });
  it('is not said to enforce what to refuse of them, though it refuses all', () => {
    const found = tryClause('4385-push-reject-plaintext', sources, deaf);
    expect(found.map((one) => (one.is === 'not measured' ? one.because : one.is))).toContain(
      'it was not seen to take a letter of the type io.element.msc4385.secret.push from anybody',
    );
    for (const { is } of found) expect(is).toBe('not measured');
  });
});

describe('what was measured last', () => {
  it('has every clause of which a way to a break is known, and no other', () => {
    expect(Object.keys(measured.clauses).sort()).toEqual([...clausesWithAWay(sources)].sort());
    for (const { rows: all } of Object.values(measured.clauses)) expect(all.length).toBeGreaterThan(0);
  });

  it('says of each seat what was seen there, or why nothing was, and how to have it again', () => {
    for (const { clause, row } of rows) {
      const seat = row.seat === null ? '' : ` --seat ${row.seat}`;
      expect(row.line).toBe(`npx hearsay clients --clauses ${clause}${seat}`);
      if (row.is === 'not measured') expect(row.because, clause).not.toBe('');
      else expect(row.seat, clause).not.toBeNull();
      if (row.is === 'one of several') expect(row.others.length, clause).toBeGreaterThan(0);
      if (row.is === 'enforces' || row.is === 'does not enforce')
        expect(Object.values(row.came).flat().length, `${clause}: ${row.guarantee} at ${row.seat}`).toBeGreaterThan(0);
    }
  });

  it('has of each clause that is not enforced, or perhaps not, what is known of it, and of no other', () => {
    type Finding = { readonly clauses: readonly string[]; readonly disclosure: string; readonly evidence: string };
    const { findings } = JSON.parse(readFileSync('scenarios/client-clause-findings.json', 'utf8')) as {
      readonly findings: readonly Finding[];
    };
    const open = rows.filter(({ row }) => row.is === 'does not enforce' || row.is === 'one of several');
    expect(findings.flatMap(({ clauses }) => clauses).sort()).toEqual(
      [...new Set(open.map((one) => one.clause))].sort(),
    );
    for (const { clauses, disclosure, evidence } of findings) {
      expect(['public', 'pending']).toContain(disclosure);
      expect(evidence).not.toBe('');
      for (const clause of clauses) expect(ledgerClause(clause)?.id).toBe(clause);
    }
  });

  /** One that refuses a letter, two that are duties, one that is not enforced, one of several, and one that cannot be measured. */
  it.each<[string, string]>([
    ['4385-push-cross-signed-only', 'alice.phone'],
    ['4268-cache-poisoning', 'bob.phone'],
    ['spec-megolm-replay', 'bob.phone'],
    ['4268-rotate-on-leave', 'alice.phone'],
    ['4268-invited-counts-as-holder', 'alice.phone'],
    ['4147-user-id-match', 'bob.phone'],
  ])('comes out the same today for %s at %s', async (clause, seat) => {
    const { status, stdout } = await hearsayHere('clients', '--clauses', clause, '--seat', seat, '--json');
    expect(status).toBe(0);
    const now = JSON.parse(stdout) as Measured;
    expect(now.client).toEqual(measured.client);
    expect(now.clauses[clause]?.rows).toEqual(measured.clauses[clause]?.rows.filter((row) => row.seat === seat));
  });
});

describe('hearsay clients --clauses', () => {
  it.each<[readonly string[], string]>([
    [
      ['4385-push-encrypte'],
      'no way to a break is known of a clause “4385-push-encrypte”: did you mean 4385-push-encrypted?',
    ],
    [
      ['spec-megolm-replay', '--seat', 'dora.phone'],
      '--seat dora.phone: nobody there leaves out one of these clauses in a way that is known',
    ],
  ])('answers %s with one line', async (words, line) => {
    const { status, stderr } = await hearsayHere('clients', '--clauses', ...words);
    expect([status, stderr]).toEqual([2, `${line}\n`]);
  });
});
