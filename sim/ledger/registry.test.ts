import { describe, expect, it } from 'vitest';
import { elsewhere, missedByNobody } from '../../machines/elsewhere.ts';
import { implementedClauses } from '../../machines/parts.ts';
import type { Scenario } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { isMissedBesideOthersOnly, ledgerClauses, placeOf, placeWords, registry } from './registry.ts';

const scenarioOf = (without: string): Scenario => {
  const parsed = parseScenario(
    `title: A claim\nabout: [MSC4385]\nwhy: because\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone, laptop] }\nstory:\n  - everyone: settle\nexpect:\n  secret-authenticity: { holds: true, shadow: never }\nwithout:\n${without}`,
    'a-claim',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const changesWithout = (clause: string, without: string) =>
  registry([scenarioOf(without)]).find((one) => one.clause.id === clause)?.changes;

describe('the registry of clauses', () => {
  const ids = new Set(ledgerClauses.map(({ id }) => id));

  it('has every sentence of the ledger once, each in some place', () => {
    const rows = registry([]);
    expect(rows.length).toBeGreaterThanOrEqual(214);
    expect(rows.map(({ clause }) => clause)).toEqual(ledgerClauses);
    expect(ids.size).toBe(rows.length);
    expect(rows.filter(({ place }) => place === null).map(({ clause }) => clause.id)).toEqual([]);
  });

  it('gives places to no sentence that the ledger does not have', () => {
    const placed = [...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)];
    expect(placed.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('keeps no reason for a sentence that has got a part or a place since', () => {
    const parts = new Set(implementedClauses.map(({ clause }) => clause));
    expect(Object.keys(elsewhere).filter((id) => parts.has(id))).toEqual([]);
  });

  it('says of what asks nothing of anybody that it does not: it has no MUST, and no list calls a duty an admission', () => {
    const asksNothing = new Set(['admission', 'open', 'aside']);
    const asking = ledgerClauses.filter(({ kind }) => !asksNothing.has(kind)).map(({ id }) => id);
    const strong = /MUST|SHOULD|RECOMMENDED/;
    expect(ledgerClauses.filter(({ id, level }) => !asking.includes(id) && strong.test(level))).toEqual([]);
    const said = /^(an admission|an acceptance|an open point|a design|a known limit|left to another|says of|a fact)/;
    expect(asking.filter((id) => said.test(elsewhere[id] ?? ''))).toEqual([]);
  });

  it('files a part under the kind that the ledger gives its sentence', () => {
    const kindOf = new Map(ledgerClauses.map(({ id, kind }) => [id, kind]));
    expect(implementedClauses.filter(({ clause, kind }) => kindOf.get(clause) !== kind)).toEqual([]);
  });

  it('gives a reason for what nobody misses only to sentences in charts', () => {
    const parts = new Set(implementedClauses.map(({ clause }) => clause));
    expect(Object.keys(missedByNobody).filter((id) => !parts.has(id))).toEqual([]);
  });

  it('says where a sentence is: in its charts or elsewhere', () => {
    const wordsOf = (id: string): string => {
      const clause = ledgerClauses.find((one) => one.id === id);
      return clause === undefined ? 'unknown' : placeWords(placeOf(clause));
    };
    expect(wordsOf('4385-push-cross-signed-only')).toBe('chart secret-push');
    expect(wordsOf('4385-both-compromise-argument')).toMatch(/^elsewhere: an acceptance/);
    expect(wordsOf('1756-reupload-needs-uia')).toMatch(/^elsewhere: the homeserver/);
    expect(wordsOf('4385-send-same-user')).toBe('chart secret-send');
  });

  it('counts the verdicts that change without a sentence alone, for everyone or for one device', () => {
    const changed = changesWithout(
      '4385-push-same-user',
      '  4385-push-same-user:\n    secret-authenticity: breaks\n    secret-convergence: breaks\n  4385-push-same-user for alice.phone:\n    secret-authenticity: breaks\n',
    );
    expect(changed).toEqual([
      {
        scenario: 'a-claim',
        without: '4385-push-same-user',
        guarantee: 'secret-authenticity',
        from: 'holds',
        to: 'breaks',
      },
      {
        scenario: 'a-claim',
        without: '4385-push-same-user',
        guarantee: 'secret-convergence',
        from: 'holds',
        to: 'breaks',
      },
      {
        scenario: 'a-claim',
        without: '4385-push-same-user for alice.phone',
        guarantee: 'secret-authenticity',
        from: 'holds',
        to: 'breaks',
      },
    ]);
  });

  it('says which sentences a story has off already when it misses one', () => {
    const story = scenarioOf('  4385-push-same-user:\n    secret-authenticity: breaks\n');
    const everyone = { ...story.settings.everyone, off: ['4385-push-works-test'] };
    const [row] = registry([{ ...story, settings: { ...story.settings, everyone } }]).filter(
      ({ clause }) => clause.id === '4385-push-same-user',
    );
    expect(row?.changes.map(({ beside }) => beside)).toEqual([['4385-push-works-test']]);
    expect(row !== undefined && isMissedBesideOthersOnly(row)).toBe(true);
    expect(
      isMissedBesideOthersOnly({
        changes:
          changesWithout('4385-push-same-user', '  4385-push-same-user:\n    secret-authenticity: breaks\n') ?? [],
      }),
    ).toBe(false);
    expect(isMissedBesideOthersOnly({ changes: [] })).toBe(false);
  });

  it('counts neither what stays the same nor what takes a second setting', () => {
    expect(
      changesWithout(
        '4385-push-same-user',
        '  4385-push-same-user:\n    secret-authenticity: { holds: true, shadow: never }\n',
      ),
    ).toEqual([]);
    expect(
      changesWithout('4385-push-same-user', '  "4385-push-same-user + q04: A":\n    secret-authenticity: breaks\n'),
    ).toEqual([]);
  });
});
