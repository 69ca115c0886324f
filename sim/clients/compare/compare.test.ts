/** What is said of a client in a seat: what was measured agrees or differs, and what was not is not said to. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { type Client, type Hello, shownKinds } from '../seat/client.ts';
import { noShows } from '../seat/reading.ts';
import { olmMachine } from '../seat/threads.ts';
import { type Compared, compareSeat } from './compare.ts';
import { olmMachineKind, seatsOf, withProductionNames } from './seats.ts';

const scenarioOf = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return parsed.scenario;
};
const stolen = scenarioOf('secret-push/a-stolen-token-cannot-plant-a-backup-key');

const hello: Hello = { name: 'nobody', version: '1', acts: [], shows: shownKinds };
/** A client that can do what it says, and does nothing. */
const nobody = (said: Hello) => (): Client => ({
  tell: (told) => (told.op === 'hello' ? { hello: said } : { shows: noShows }),
  close: () => undefined,
});
const compared = (seat: string, said: Hello, scenario = stolen): Compared =>
  compareSeat({ scenario, seat, seating: nobody(said), hello: said, kind: olmMachineKind, seed: '1' });

/** What the production crypto library itself comes to. */
const measured = (id: string, seat: string): Compared => {
  const client = olmMachine('hello');
  const said = client.tell({ op: 'hello', protocol: 1, seed: '1' });
  client.close();
  if (!('hello' in said)) throw new Error('it does not say hello');
  const scenario = scenarioOf(id);
  return compareSeat({ scenario, seat, seating: olmMachine, hello: said.hello, kind: olmMachineKind, seed: '1' });
};

test('seats are the devices of honest people, also those logged in on the way, and none that somebody has stolen', () => {
  expect(seatsOf(stolen)).toEqual(['alice.phone', 'alice.laptop']);
  expect(seatsOf(scenarioOf('secret-push/a-pushed-key-needs-more-than-itself'))).toEqual(['alice.phone']);
  expect(seatsOf(scenarioOf('secret-push/a-phone-without-one-time-keys-is-reached-by-its-fallback-key'))).toContain(
    'alice.tablet',
  );
});

test('a client that cannot do what is done in a seat does not take it, and it is said what that is', () => {
  const found = compared('alice.laptop', { ...hello, acts: ['verified', 'start room key'] });
  expect(found).toEqual({
    seat: 'alice.laptop',
    is: 'not played',
    reasons: ['it has no way to do “reset backup”'],
  });
});

test('what is done with its device before the story counts as well: whoever makes the account, whoever is signed, and what goes to the backup', () => {
  const reasonsFor = (seat: string, acts: readonly string[]) => {
    const found = compared(seat, { ...hello, acts });
    return found.is === 'not played' ? found.reasons : [];
  };
  const lacks = (...acts: readonly string[]) => acts.map((act) => `it has no way to do “${act}”`);
  expect(reasonsFor('alice.phone', [])).toEqual(
    lacks('set up cross-signing', 'create backup', 'verifies', 'start room key'),
  );
  expect(reasonsFor('alice.laptop', ['reset backup'])).toEqual(lacks('verified', 'start room key'));
});

test('a scenario that turns a setting of the device is not played by a client that has no such setting', () => {
  const found = compared(
    'alice.phone',
    { ...hello, acts: ['set up cross-signing', 'create backup'] },
    scenarioOf('secret-push/a-late-answer-undoes-a-push'),
  );
  expect(found).toMatchObject({
    is: 'not played',
    reasons: expect.arrayContaining(['it would have to read q09 as B']),
  });
});

test('a client that does nothing agrees with nobody about what did not come about', () => {
  const acts = ['look up', 'set up cross-signing', 'create backup', 'start room key', 'verifies'];
  const found = compared('alice.phone', { ...hello, acts });
  expect(found.is).toBe('played');
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows.map(({ guarantee, is }) => [guarantee, is])).not.toContainEqual(['secret-authenticity', 'agree']);
  expect(rows.find(({ guarantee }) => guarantee === 'secret-convergence')?.is).not.toBe('agree');
});

test('what came about with a sibling of the client did not come about with the client', () => {
  const acts = ['look up', 'set up cross-signing', 'create backup', 'start room key', 'verifies'];
  const found = compared(
    'alice.phone',
    { ...hello, acts },
    scenarioOf('secret-push/a-server-cannot-push-in-the-clear'),
  );
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows.find(({ guarantee }) => guarantee === 'backup-key-integrity')).toMatchObject({
    is: 'not measured',
    because: 'what would show it did not come about',
  });
});

test('who does not do what goes before a story has not played it', () => {
  const acts = ['look up', 'set up cross-signing', 'create backup', 'create room', 'invite', 'join', 'send', 'leave'];
  const found = compared('bob.phone', { ...hello, acts }, scenarioOf('incidents/withheld-passed-on'));
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows.find(({ guarantee }) => guarantee === 'history-confidentiality')).toMatchObject({
    is: 'not measured',
    because: expect.stringMatching(/^it did not come through “what goes before the story”: alice did not come into /),
  });
});

test('what the production crypto library could not open it has not refused', () => {
  const found = measured('key-bundle/a-ghost-of-the-inviter-is-not-believed', 'bob.phone');
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows.find(({ guarantee }) => guarantee === 'device-authenticity')).toMatchObject({
    is: 'not measured',
    because: expect.stringMatching(/^m\.room_key_bundle of \S+ came, and did not open$/),
  });
});

test('what a guarantee rests on has to be shown: without secrets nothing of secrets is measured', () => {
  const acts = ['look up', 'set up cross-signing', 'create backup', 'start room key', 'verifies'];
  const shows = ['deviceKeys', 'letters', 'backup'] as const;
  const scenario = scenarioOf('secret-push/a-push-held-back-does-not-bring-the-old-key-back');
  const found = compared('alice.phone', { ...hello, acts, shows }, scenario);
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows).toHaveLength(3);
  for (const row of rows)
    expect(row).toMatchObject({ is: 'not measured', because: 'the client does not show its secrets' });
});

test('the production crypto library, asked about a push that outlived its sender, goes by the keys that came along', () => {
  const found = measured('secret-push/a-push-that-waited-outlives-its-sender', 'alice.phone');
  expect(found).toMatchObject({
    is: 'played',
    notes: [],
    rows: [
      {
        guarantee: 'secret-authenticity',
        is: 'differ',
        model: { verdict: 'holds' },
        real: { verdict: 'accepted', at: 'alice.phone' },
      },
    ],
    explained: expect.arrayContaining(['q02: B']),
  });
});

test('what an attacker says in the clear goes by the name that production reads, unless the scenario is about names', () => {
  const injects = ({ story }: Scenario): readonly unknown[] =>
    story.flat().flatMap(({ verb, args }) => (verb === 'inject' ? [args.inject] : []));
  const inTheClear = scenarioOf('secret-push/a-server-cannot-push-in-the-clear');
  expect(injects(inTheClear)).toEqual(['m.secret.push']);
  expect(injects(withProductionNames(inTheClear))).toEqual(['io.element.msc4385.secret.push']);
  const { settings } = inTheClear;
  const everyone = { ...settings.everyone, identifiers: 'stable only' } as const;
  const aboutNames = { ...inTheClear, settings: { ...settings, everyone } };
  expect(injects(withProductionNames(aboutNames))).toEqual(['m.secret.push']);
});

test('the layer above the production crypto library ends a session when somebody leaves, as matrix-js-sdk does', () => {
  const found = measured('incidents/gappy-sync', 'bob.laptop');
  const rows = found.is === 'played' ? found.rows : [];
  expect(rows.map(({ guarantee, is }) => [guarantee, is])).toContainEqual(['forward-exclusion', 'agree']);
});
