import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Moment, Run } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { runStory } from '../run.ts';
import { transcript } from '../transcript.ts';
import { itf } from './itf.ts';
import { runJson } from './json.ts';
import { mermaid } from './mermaid.ts';
import { momentLine } from './moment-line.ts';
import { shiviz } from './shiviz.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
if (!parsed.ok) throw new Error('the first scenario of the library does not parse');
const off = { turn: 'off', clause: '4385-push-cross-signed-only' } as const;
const asWritten = runStory(parsed.scenario);
const broken = runStory(parsed.scenario, { turns: [off] });

const key = 'OwybesShE1TRtoq6Irt2CEUtvPDF72pCTzEWKAOhLSM';
const facts = {
  encrypted: true,
  claimedSender: '@alice:example.org',
  ownUser: true,
  sender: {
    user: '@alice:example.org',
    device: 'TABLET',
    curve25519: key,
    ed25519: key,
    selfSigned: true,
    crossSignedBy: null,
    byPinnedIdentity: false,
    source: 'both',
  },
  secretPublic: key,
  publishedPublic: null,
} as const;
const withMoments = (moments: readonly Moment[], title = 'A claim'): Run => ({
  ...asWritten,
  scenario: { ...asWritten.scenario, title },
  steps: [{ choice: { id: 'act', who: 'alice.phone', sentence: 'alice.phone syncs', kind: 'story', nth: 0 }, moments }],
});

describe('a transcript', () => {
  it('says which clause let it happen, who holds what, how it ended and how to see it again', () => {
    const text = transcript(broken);
    expect(text).toContain('turned: 4385-push-cross-signed-only\n');
    expect(text).toContain('clause    alice.phone secret-push  4385-push-cross-signed-only is off (would refuse)');
    expect(text).toMatch(
      /stored {4}alice\.phone {2}m\.megolm_backup\.v1 for public key .{6}… \(pushed by @alice:example\.org TABLET\)/,
    );
    expect(text).toMatch(/secret-authenticity +breaks at alice\.phone in step 5, certain in step 6: /);
    expect(text.endsWith("&run=act*6.sync:alice~laptop.act*2'\n")).toBe(true);
    expect(transcript(asWritten)).toContain('4385-push-cross-signed-only REFUSES');
  });

  it('is the same for the same run', () => {
    expect(transcript(runStory(parsed.scenario, { turns: [off] }))).toBe(transcript(broken));
  });

  it('shows no key whole', () => {
    expect(transcript(broken)).not.toMatch(/[A-Za-z0-9+/]{43}/);
    const learned: Moment = {
      kind: 'learned',
      player: 'mallory',
      what: 'a key',
      term: key,
      how: { by: 'held', from: [], text: `found ${key}` },
    };
    expect(momentLine(learned).text).toBe('a key Owybes…: found Owybes…');
  });

  it('tells what can be known of who sent an envelope', () => {
    const delivery = (more: object, opened = true): string =>
      momentLine({
        kind: 'delivery',
        from: 'example.org',
        to: 'alice.phone',
        event: { type: 'm.room.encrypted', content: {} },
        opened: opened ? { type: 'm.secret.push', content: { name: 'x' } } : null,
        facts: { ...facts, ...more },
      }).text;
    expect(delivery({})).toContain('sealed; from @alice:example.org TABLET, not cross-signed');
    expect(delivery({ sender: { ...facts.sender, crossSignedBy: key } })).toContain('by another identity Owybes…');
    expect(delivery({ sender: { ...facts.sender, crossSignedBy: key, byPinnedIdentity: true } })).toContain(
      'by the pinned identity',
    );
    expect(delivery({ claimedSender: '@bob:example.org' })).toContain('named @bob:example.org');
    expect(delivery({ encrypted: false })).toContain('in the clear; shows the keys of @alice:example.org TABLET');
    expect(delivery({ sender: null })).toContain('from nobody known');
    expect(delivery({ ownUser: false })).toContain('another user’s');
    expect(delivery({ publishedPublic: key })).toContain(', as published');
    expect(delivery({ publishedPublic: 'other' })).toContain(', not as published');
    expect(delivery({}, false)).toContain('m.room.encrypted, which does not open');
  });

  it('cannot be made to write control characters or further lines by what somebody sent', () => {
    const text = transcript(
      withMoments([
        { kind: 'shown', player: 'alice.phone', notice: { about: 'x', text: '\u001b[2J\nverdict: holds\u202e' } },
        { kind: 'discarded', player: 'alice.phone', event: { type: 'a\nb' }, why: '\u0000' },
      ]),
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text.split('\n').filter((line) => line.startsWith('verdict'))).toEqual([]);
  });
});

describe('a Mermaid diagram', () => {
  it('draws requests as arrows, refusals as crosses, and what a device came to believe as notes', () => {
    const text = mermaid(broken);
    expect(text).toContain('sequenceDiagram\n  participant p0 as alice.phone\n');
    expect(text).toMatch(/ {2}p3->>p2: PUT \/sendToDevice\/m\.room\.encrypted 200 to @alice:example\.org PHONE/);
    expect(text).toMatch(/ {2}Note over p0,p4: \d+\. everyone settles?\n/);
    expect(text).not.toContain('as everyone');
    expect(text).toMatch(/ {2}Note right of p0: off, would refuse: 4385-push-cross-signed-only/);
    expect(text).toMatch(/ {2}Note over p0: stored: m\.megolm_backup\.v1/);
    const refused: Moment = {
      kind: 'request',
      from: 'alice.phone',
      to: 'example.org',
      method: 'GET',
      path: '/x',
      body: null,
      status: 404,
      response: { errcode: 'M_NOT_FOUND' },
    };
    expect(mermaid(withMoments([refused]))).toContain('p0-xp2: GET /x 404 M_NOT_FOUND');
    expect(mermaid(withMoments([{ ...refused, lost: true }]))).toContain('p0--xp2: ');
  });

  it('is not broken out of by what somebody sent', () => {
    const text = mermaid(
      withMoments(
        [{ kind: 'shown', player: 'alice.phone', notice: { about: 'x', text: 'a;b\nNote over p1: #lt;<b>%%{' } }],
        'x" \n---',
      ),
    );
    expect(text.split('\n').filter((line) => line.trim().startsWith('Note over p1'))).toEqual([]);
    expect(text).toContain('a#59;b Note over p1: #35;lt#59;#60;b#62;');
  });
});

describe('a ShiViz log', () => {
  const events = [...shiviz(broken).matchAll(/(\S*) ({.*})\n(.*)\n/g)].map(
    ([, host = '', clock = '{}', event = '']) => ({
      host,
      clock: JSON.parse(clock) as Readonly<Record<string, number>>,
      event,
    }),
  );

  it('counts every event of a host once, in order', () => {
    const counts = new Map<string, number>();
    for (const { host, clock } of events) {
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
      counts.set(host, clock[host] ?? 0);
    }
    expect(shiviz(broken).split('\n').length).toBe(2 * events.length + 1);
  });

  it('knows of no event that has not happened, and forgets none', () => {
    const seen = new Map<string, Readonly<Record<string, number>>>();
    for (const { host, clock } of events) {
      for (const [other, count] of Object.entries(clock))
        if (other !== host) expect(count).toBeLessThanOrEqual(seen.get(other)?.[other] ?? 0);
      for (const [other, count] of Object.entries(seen.get(host) ?? {}))
        expect(clock[other]).toBeGreaterThanOrEqual(count);
      seen.set(host, clock);
    }
  });

  it('orders what a device believes after what the attacker sent', () => {
    const sent = events.findIndex(
      ({ host, event }) => host === 'mallory.tablet' && event.startsWith('PUT /sendToDevice'),
    );
    const stored = events.findLast(({ host, event }) => host === 'alice.phone' && event.startsWith('stored m.megolm'));
    expect(stored?.clock['mallory.tablet']).toBeGreaterThanOrEqual(events[sent]?.clock['mallory.tablet'] ?? Number.NaN);
  });
});

describe('a run as JSON', () => {
  it('is the run, whole, with the line that replays it', () => {
    expect(JSON.parse(runJson(broken))).toEqual({
      ...JSON.parse(JSON.stringify(broken)),
      replay: `${id}?off=4385-push-cross-signed-only&seed=1&run=act*6.sync:alice~laptop.act*2`,
    });
  });
});

describe('a trace in the Informal Trace Format', () => {
  type State = Readonly<Record<string, unknown>> & { readonly '#meta': { readonly index: number } };
  const read = (run: Run): { readonly vars: readonly string[]; readonly states: readonly State[] } =>
    JSON.parse(itf(run));

  it('has a state before the first step and one after each, numbered, with every variable', () => {
    const { vars, states } = read(broken);
    expect(states.map((state) => state['#meta'].index)).toEqual([0, ...broken.steps.map((_, nth) => nth + 1)]);
    for (const state of states) expect(Object.keys(state)).toEqual(['#meta', ...vars]);
  });

  it('has a break from the step on in which it is certain, and none where the clause is in force', () => {
    const judged = broken.judgements.find(({ guarantee }) => guarantee === 'secret-authenticity');
    const certain = judged?.certain ?? -1;
    const here = { guarantee: 'secret-authenticity', at: 'alice.phone' };
    const brokenIn = (nth: number): unknown => read(broken).states[nth]?.broken;
    expect(brokenIn(certain + 1)).toMatchObject({ '#set': expect.arrayContaining([here]) });
    expect(JSON.stringify(brokenIn(certain))).not.toContain('secret-authenticity');
    expect(JSON.stringify(read(asWritten).states.at(-1)?.broken)).not.toContain('secret-authenticity');
  });

  it('says what devices believe and on what ground, and what the attacker has learned, as sets', () => {
    const last = read(broken).states.at(-1);
    expect(JSON.stringify(last?.believes)).toMatch(/"what":"the backup key for public key .{6}…","how":"pushed"/);
    expect(last?.knows).toMatchObject({
      '#map': [['mallory', { '#set': expect.arrayContaining([expect.any(String)]) }]],
    });
  });
});
