/** The story that is measured at many sizes: `count` devices of one user, one of which makes a new backup key. */

import type { Scenario } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';

/** With or without a room that user and another are in, and something is said in. */
export type Place = 'account' | 'room';

const lines = {
  account: ['  - alice.d00: reset backup', '  - everyone: settle'],
  room: [
    '  - bob: { send: hello, in: den }',
    '  - everyone: settle',
    '  - alice.d00: reset backup',
    '  - everyone: settle',
    '  - alice.d01: { send: hello, in: den }',
    '  - everyone: settle',
  ],
} satisfies Readonly<Record<Place, readonly string[]>>;

/** Files have casts that can still be drawn; this one is made by hand. @param count devices, at least two */
export const manyDevices = (count: number, place: Place): Scenario => {
  const text = [
    'title: However many devices, the key reaches all',
    'about: [MSC4385, MSC4268]',
    'why: To be measured.',
    'cast:',
    '  servers: [example.org]',
    '  users:',
    '    alice: { server: example.org, devices: [d00, d01] }',
    ...(place === 'account'
      ? []
      : [
          '    bob: { server: example.org, devices: [phone] }',
          '  rooms:',
          '    den: { history: shared, members: [alice, bob] }',
        ]),
    'story:',
    ...lines[place],
    'expect:',
    '  secret-convergence: holds',
    '',
  ].join('\n');
  const parsed = parseScenario(text, `bench/${place}-of-${count}`);
  if (!parsed.ok) throw new Error(parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const { scenario } = parsed;
  const { cast } = scenario;
  const devices = Array.from({ length: count }, (_, nth) => ({
    name: `d${String(nth).padStart(2, '0')}`,
    crossSigned: true,
  }));
  return {
    ...scenario,
    cast: { ...cast, users: cast.users.map((user) => (user.name === 'alice' ? { ...user, devices } : user)) },
  };
};
