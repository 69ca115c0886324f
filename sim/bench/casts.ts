/** Casts that are searched to see how far that goes: few people, and every order of what they do. */
import type { Scenario } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';

const parsed = (id: string, text: string): Scenario => {
  const read = parseScenario(text, id);
  if (!read.ok) throw new Error(`the scenario of the benchmark does not parse: ${read.errors[0]?.message}`);
  return read.scenario;
};

/** Two servers, three users, four devices, one room. */
export const roomsOfBench = (): Scenario =>
  parsed(
    'bench/rooms',
    `title: Who comes, goes and writes, in any order
about: [MSC4268]
why: How far a search gets in a room of three people on two servers.
cast:
  servers: [a.example, b.example]
  users:
    alice: { server: a.example, devices: [phone] }
    bob: { server: a.example, devices: [laptop, phone] }
    charlie: { server: b.example, devices: [phone] }
  rooms:
    den: { history: shared, members: [alice, bob] }
explore:
  acts:
    - bob: { send: first, in: den }
    - alice: { invite: charlie, to: den }
    - charlie: { join: den }
    - charlie: { leave: den }
    - alice: { set history: joined, in: den }
    - bob: { send: second, in: den }
  until: { depth: 40, worlds: 1000000 }
expect:
  history-confidentiality: holds
`,
  );

/** Three devices of one user: one makes a new backup key, the others ask for it. */
export const secretsOfBench = (): Scenario =>
  parsed(
    'bench/secrets',
    `title: Who asks for a backup key that is only being made
about: [MSC4385]
why: How many orders of a few letters come to the same.
cast:
  servers: [a.example]
  users:
    alice: { server: a.example, devices: [phone, laptop, tablet] }
explore:
  acts:
    - alice.laptop: reset backup
    - alice.phone: { request secret: m.megolm_backup.v1 }
    - alice.tablet: { request secret: m.megolm_backup.v1 }
  until: { depth: 40, worlds: 1000000 }
expect:
  secret-convergence: holds
`,
  );
