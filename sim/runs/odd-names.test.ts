/** Names that JavaScript has for its own: whoever has one is judged like everybody else. */
import { describe, expect, it } from 'vitest';
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import type { Run } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { runStory } from './run.ts';

/** The only name of an object's prototype that is in small letters throughout, as names of a cast are. */
const odd = 'constructor';
/** Another, which comes at the same place in order. */
const plain = 'constructed';

type Cast = { readonly person: string; readonly liar: string };
const story = ({ person, liar }: Cast, name: string): string => `title: A test
about: [MSC4268, MSC4385, MSC4287]
why: It is one.
cast:
  servers: [example.org, ${name}]
  users:
    alice: { server: example.org, devices: [phone, ${name}] }
    ${person}: { server: ${name}, devices: [phone, ${name}] }
  attackers:
    ${liar}: { plays: lying-server, of: ${name} }
  rooms:
    ${name}: { history: shared, members: [alice, ${person}] }
story:
  - alice.phone: { copy: ${name} }
  - alice: { send: one, in: ${name} }
  - everyone: settle
  - ${person}.${name}: turn backup off
  - ${person}.phone: { push secret: m.megolm_backup.v1 }
  - ${person}: { leave: ${name} }
  - everyone: settle
  - alice: { send: two, in: ${name} }
  - alice: { invite: ${person}, to: ${name} }
  - ${liar}: { swap identity: ${person} }
  - ${person}: { join: ${name} }
  - everyone: settle
  - alice.phone: { restore from copy: ${name} }
  - alice: { send: three, in: ${name} }
  - everyone: settle
expect:
${guaranteeIds.map((id) => `  ${id}: holds\n`).join('')}`;

const scenarioOf = (cast: Cast, name: string) => {
  const parsed = parseScenario(story(cast, name), 'test');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};

const played = (cast: Cast, name: string): Run => runStory(scenarioOf(cast, name), { suite: 'symbolic' });
/** What is done in a run and what becomes of each guarantee, in the plain name. */
const told = ({ steps, judgements }: Run): unknown =>
  JSON.parse(
    JSON.stringify({ choices: steps.map(({ choice }) => choice), judgements }).replaceAll(
      new RegExp(odd, 'gi'),
      (found) => (found === odd ? plain : plain.toUpperCase()),
    ),
  );

describe('the name of something that JavaScript has itself', () => {
  it.each([
    ['a person', { person: odd, liar: 'mallory' }, { person: plain, liar: 'mallory' }],
    ['an attacker', { person: 'bob', liar: odd }, { person: 'bob', liar: plain }],
  ])('makes no difference to any guarantee as that of %s, a server, a device, a room and a copy', (_, one, other) => {
    const run = played(one, odd);
    expect(told(run)).toEqual(told(played(other, plain)));
    expect(run.judgements.map(({ guarantee }) => guarantee).toSorted()).toEqual([...guaranteeIds].toSorted());
    // There is something to mistake: messages are sent after somebody has left, and not all that is promised is kept.
    expect(run.judgements.some(({ verdict }) => verdict === 'breaks')).toBe(true);
    expect(run.refused).toEqual([]);
  });
});
