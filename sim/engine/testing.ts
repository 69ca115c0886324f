/** Scenarios for tests, without a file: Alice and her devices. */
import type { DeviceSettings } from '../../machines/types.ts';
import type { CastAttacker, Scenario, StoryLine } from './types.ts';

export const plainSettings: DeviceSettings = {
  implements: {
    MSC4385: 'push-variant',
    MSC1946: 'spec-v1.19',
    MSC1219: 'spec-v1.19',
    MSC4153: 'none',
    MSC4147: 'spec-main',
  },
  identifiers: 'stable',
  off: [],
  readings: {},
  options: {},
};

type Wanted = {
  readonly devices: readonly string[];
  readonly identifiers?: DeviceSettings['identifiers'];
  readonly attackers?: readonly Pick<CastAttacker, 'name' | 'plays' | 'of'>[];
  readonly story?: readonly StoryLine[];
};

/** Alice on example.org with cross-signed devices of these names, and a backup. */
export const aliceAndDevices = ({ devices, identifiers = 'stable', attackers = [], story = [] }: Wanted): Scenario => ({
  id: 'test',
  title: 'a test',
  about: [],
  why: '',
  cast: {
    servers: ['example.org'],
    users: [{ name: 'alice', server: 'example.org', devices: devices.map((name) => ({ name, crossSigned: true })) }],
    attackers: attackers.map((one) => ({ ...one, budget: {}, colludes: [] })),
    backup: true,
  },
  settings: { everyone: { ...plainSettings, identifiers }, byDevice: {} },
  faults: {},
  story,
  explore: null,
  expect: [],
  without: [],
});

/** A scenario as it reads, wherever its lines stand in a file. */
export const unplaced = ({ places: _places, ...scenario }: Scenario): Scenario => scenario;
