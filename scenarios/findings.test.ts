/** FINDINGS.md says what runs show today, under what people said of it, and people speak of nothing that no run shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gather } from '../sim/cli/commands/findings.ts';
import type { Measured, MeasuredSeat } from '../sim/ledger/clients/measured.ts';
import { toldOf } from '../sim/ledger/clients/told.ts';
import { readComments } from '../sim/ledger/findings/comments.ts';
import { findingsOf } from '../sim/ledger/findings/list.ts';
import { findingsText, idleComments } from '../sim/ledger/findings/markdown.ts';
import { addressOf, placeLine, placeOfQuoted } from '../sim/ledger/findings/sources.ts';
import { linksOfFinding } from '../sim/ledger/links.ts';

describe('the findings', () => {
  const gathered = gather();

  it('are those of FINDINGS.md: if a change is meant, read it, then npx hearsay findings --out FINDINGS.md', () => {
    expect(findingsText(gathered)).toBe(readFileSync('FINDINGS.md', 'utf8'));
  });

  it('have comments on what is there, and on nothing else', () => {
    expect(idleComments(gathered)).toEqual([]);
    const { comments, evidence } = gathered;
    const gone = {
      ...gathered,
      evidence: { ...evidence, revised: evidence.revised.slice(1) },
      comments: { ...comments, first: [] },
    };
    expect(idleComments(gone)).toEqual(['revised: MSC4385 send-variant to push-variant']);
  });

  it('name the sentences that those which come first speak of, with words to find them by', () => {
    const { first } = gathered.comments;
    expect(first.filter(({ speaksOf }) => speaksOf.length === 0).map(({ title }) => title)).toEqual([]);
    const text = findingsText(gathered);
    for (const { speaksOf } of first) for (const one of speaksOf) expect(text).toContain(placeLine(placeOfQuoted(one)));
    const nameless = {
      first: [{ id: 'x', title: 'x', speaksOf: [{ of: 'MSC4268', section: 'Proposal', sentence: 1 }] }],
    };
    expect(() => readComments(nameless)).toThrow('speaks of no clause that can be found');
  });

  it('link to the section of a proposal’s newest text, and to that of the specification', () => {
    expect(addressOf('MSC4268', 'Proposal')).toMatch(
      /^https:.*\/blob\/[0-9a-f]{40}\/proposals\/4268-[a-z-]+\.md#proposal$/,
    );
    expect(addressOf('specification', '`m.megolm.v1.aes-sha2`')).toBe(
      'https://spec.matrix.org/v1.19/client-server-api/#mmegolmv1aes-sha2',
    );
    expect(addressOf('specification', 'Key and signature security')).toMatch(/#key-and-signature-security$/);
  });

  it('lead out each, to one text or more', () => {
    const links = findingsOf(gathered).map((finding) => ({ id: finding.id, links: linksOfFinding(finding) }));
    expect(links.filter((one) => one.links.length === 0).map(({ id }) => id)).toEqual([]);
    expect(links.flatMap((one) => one.links).filter(({ href }) => !href.startsWith('https://'))).toEqual([]);
  });

  it('tell of no client what waits for its maintainers: it is counted', () => {
    const seat = (line: string): MeasuredSeat => ({
      is: 'played',
      rows: [
        {
          guarantee: 'secret-authenticity',
          is: 'differ',
          model: { verdict: 'holds', at: null },
          real: { verdict: 'breaks', at: 'alice.phone' },
          why: { model: null, real: 'a reason that nobody may know' },
        },
      ],
      explained: [],
      line,
    });
    const measured: Measured = {
      client: { name: 'a client', version: '1' },
      day: '2026-11-30',
      seed: '1',
      names: 'production',
      scenarios: { 'secret-push/planted': { 'alice.phone': seat('a line that nobody may know') } },
    };
    const kind = { kind: 'a planted kind', of: 'library', clauses: [], evidence: 'planted evidence' } as const;
    const textWith = (disclosure: 'public' | 'pending'): string => {
      const kinds = [{ ...kind, disclosure, seats: ['secret-push/planted alice.phone'] }];
      return findingsText({ ...gathered, clients: [toldOf(measured, kinds)] });
    };
    const planted = ['A planted kind', 'planted evidence', 'a line that nobody may know', 'secret-push/planted'];
    for (const words of planted) expect(textWith('public')).toContain(words);
    for (const words of planted) expect(textWith('pending')).not.toContain(words);
    expect(textWith('pending')).toContain('1 more seat differs and is kept back');
  });

  it('name a comment’s story that is not there', () => {
    const { comments } = gathered;
    const [first] = comments.first;
    if (first === undefined) throw new Error('nothing comes first');
    const misspelt = { ...first, shows: [{ scenario: 'secret-push/no-such-story', without: null }] };
    expect(() => findingsText({ ...gathered, comments: { ...comments, first: [misspelt] } })).toThrow(
      'secret-push/no-such-story, which is no story here',
    );
  });

  it('have each an address of its own, a place in the texts, what shows it, how far that goes, and a line that replays it', () => {
    const list = findingsOf(gathered);
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    expect(list.map(({ id }) => id).filter((id) => !/^[a-z0-9-]+$/.test(id))).toEqual([]);
    const short = list.filter(
      ({ claim, where, bounds, replay }) =>
        claim === '' || where.length === 0 || bounds === '' || !/^npx hearsay /.test(replay),
    );
    expect(short.map(({ id }) => id)).toEqual([]);
    expect(list.filter(({ kind, shows }) => kind !== 'unmissed' && shows.length === 0).map(({ id }) => id)).toEqual([]);
    const nameless = { first: [{ title: 'Something' }] };
    expect(() => readComments(nameless)).toThrow('no id that can be an address for “Something”');
  });

  it('say something of every revision that changed a verdict, and of every interaction', () => {
    const { comments, evidence, interactions } = gathered;
    const { revised, interactions: meeting } = comments.sections;
    const silent = evidence.revised.flatMap(({ proposal, from, to, changed }) =>
      changed.length > 0 && revised.of[`${proposal} ${from} to ${to}`] === undefined ? [`${proposal} ${from}`] : [],
    );
    expect(silent).toEqual([]);
    expect([...interactions.keys()].filter((id) => meeting.of[id] === undefined)).toEqual([]);
  });
});
