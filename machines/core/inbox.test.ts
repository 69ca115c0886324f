import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Json, JsonObject } from '../json.ts';
import { inbox, laterInInbox } from './inbox.ts';
import {
  incomingIn,
  meets,
  momentsIn,
  newsIn,
  noting,
  type Person,
  person,
  plaintextOf,
  requestsIn,
  sealedBy,
  sessionTo,
  withKeys,
} from './testing.ts';

const suite = makeSymbolicSuite('inbox');
const charts = [noting('flow', 'to-device m.known')];
const judged = [...charts, noting('envelope', 'envelope.incoming')];
const bob = person(suite, '@bob:x', 'PHONE');
const bare = withKeys(person(suite, '@alice:x', 'PHONE'));
const alice = meets({ ...bare, env: { ...bare.env, charts } }, [bob]);

const take = (raw: Json, who: Person = alice, isLookedUp = false) =>
  inbox(who.env, who.store, { task: 'inbox', raw, atMs: 4, isLookedUp });
const letterOf = (type: string, content: JsonObject = {}) =>
  sealedBy(bob, alice, sessionTo(bob, alice), plaintextOf(bob, alice, type, content)).raw;
const clear = (type: string): JsonObject => ({ type, sender: '@bob:x', content: { n: 1 } });
/** Types that no letter may come in by, whoever wrote it. */
const innerNames = [
  'user.delete backup',
  'told.identity',
  'keys.queried',
  'envelope.incoming',
  'sync.done',
  'constructor',
  '__proto__',
];

describe('the inbox', () => {
  it('is taken one by one, each once all before it was heard', () => {
    expect(laterInInbox({ n: 1 }, 4)).toEqual({
      out: 'later',
      incoming: { from: 'task', task: { task: 'inbox', raw: { n: 1 }, atMs: 4, isLookedUp: false } },
    });
  });

  it('holds for nothing what is no object', () => {
    for (const raw of [null, 'text', 5, true, [], [clear('m.known')]])
      expect(take(raw)).toEqual({ store: alice.store, outs: [] });
  });

  it('hands on what came in the clear, with its facts as evidence', () => {
    const step = take(clear('m.known'));
    expect(step.outs).toMatchObject([
      {
        out: 'moment',
        moment: { kind: 'delivery', event: clear('m.known'), opened: null, facts: { encrypted: false } },
      },
      {
        out: 'hear',
        incoming: { from: 'wire', event: { type: 'to-device m.known', sender: '@bob:x', content: { n: 1 }, atMs: 4 } },
      },
    ]);
  });

  it('hands on what opened, and keeps what opening it has changed', () => {
    const raw = letterOf('m.known', { n: 2 });
    const step = take(raw);
    expect(momentsIn(step.outs, 'delivery')).toMatchObject([
      { event: raw, opened: { type: 'm.known', content: { n: 2 } }, facts: { encrypted: true } },
    ]);
    expect(incomingIn(step.outs)).toMatchObject([
      { from: 'wire', event: { type: 'to-device m.known', content: { n: 2 } } },
    ]);
    expect(Object.keys(step.store.olm)).toHaveLength(1);
  });

  it('tells what did not open as discarded, and why', () => {
    const step = take({ ...letterOf('m.known'), content: {} });
    expect(step.outs).toEqual([
      {
        out: 'moment',
        moment: { kind: 'discarded', event: expect.anything(), why: 'not an Olm message for this device' },
      },
    ]);
    expect(take({ type: 'm.known' }).outs).toMatchObject([{ moment: { kind: 'discarded', why: 'not an event' } }]);
    // What opened into nonsense is gone all the same: its one-time key is used up.
    const nonsense = sealedBy(bob, alice, sessionTo(bob, alice), 'nonsense').raw;
    expect(take(nonsense).store).not.toBe(alice.store);
  });

  it('shows a letter to the chart of envelopes first, and what came in the clear to its own', () => {
    const who = { ...alice, env: { ...alice.env, charts: judged } };
    const raw = letterOf('m.known');
    const step = take(raw, who);
    expect(newsIn(step.outs, 'envelope.incoming')).toMatchObject([
      { letter: { type: 'to-device m.known', listedFacts: { encrypted: true } }, raw },
    ]);
    expect(incomingIn(step.outs)).toHaveLength(1);
    expect(newsIn(take(letterOf('m.unheard'), who).outs, 'inbox.unknown type')).toEqual([]);
    expect(incomingIn(take(clear('m.known'), who).outs)).toMatchObject([{ from: 'wire' }]);
  });

  it('tells of types that nobody knows, under their own name', () => {
    for (const raw of [letterOf('m.unheard'), clear('m.unheard')])
      expect(incomingIn(take(raw).outs)).toEqual([
        { from: 'core', event: { type: 'inbox.unknown type', unknown: 'm.unheard' } },
      ]);
  });

  it('lets no name on the wire be an event of one’s own', () => {
    const listening = [noting('all', ...innerNames)];
    const who = { ...alice, env: { ...alice.env, charts: listening } };
    for (const name of innerNames) {
      // In the clear no envelope is judged: the name reaches the door as it was written.
      expect(incomingIn(take(clear(name), who).outs)).toEqual([
        { from: 'core', event: { type: 'inbox.unknown type', unknown: name } },
      ]);
      const known = { ...alice, env: { ...alice.env, charts: [noting('odd', `to-device ${name}`)] } };
      for (const raw of [clear(name), letterOf(name)])
        expect(incomingIn(take(raw, known).outs)).toMatchObject([
          { from: 'wire', event: { type: `to-device ${name}` } },
        ]);
    }
  });
});

describe('a stranger', () => {
  const nobodyKnown = { ...bare, env: alice.env };

  it('is looked up before what they write is opened, once for each letter', () => {
    const raw = letterOf('m.known');
    const step = take(raw, nobodyKnown);
    expect(step.store).toBe(nobodyKnown.store);
    expect(requestsIn(step.outs)).toMatchObject([{ method: 'POST', body: { device_keys: { '@bob:x': [] } } }]);
    expect(step.outs[1]).toEqual({
      out: 'hear',
      incoming: { from: 'task', task: { task: 'inbox', raw, atMs: 4, isLookedUp: true } },
    });
    expect(step.outs).toHaveLength(2);
    const again = take(raw, nobodyKnown, true);
    expect(requestsIn(again.outs)).toEqual([]);
    expect(momentsIn(again.outs, 'delivery')).toHaveLength(1);
  });

  it('is nobody whose list is at hand, who writes in the clear, or says no name', () => {
    const raw = letterOf('m.known');
    expect(requestsIn(take(raw).outs)).toEqual([]);
    expect(requestsIn(take(clear('m.known'), nobodyKnown).outs)).toEqual([]);
    expect(take({ ...raw, sender: 5 }, nobodyKnown).outs).toMatchObject([{ moment: { why: 'not an event' } }]);
    // Devices without charts, which attackers run, ask nobody.
    expect(requestsIn(take(raw, bare).outs)).toEqual([]);
    expect(momentsIn(take(raw, bare).outs, 'delivery')).toHaveLength(1);
  });

  it('may have any name', () => {
    for (const sender of ['constructor', '__proto__']) {
      const body = requestsIn(take({ ...letterOf('m.known'), sender }, nobodyKnown).outs)[0]?.body;
      expect(JSON.stringify(body)).toBe(`{"device_keys":{"${sender}":[]}}`);
    }
  });
});
