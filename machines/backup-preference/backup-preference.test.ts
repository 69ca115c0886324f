import { describe, expect, it } from 'vitest';
import { type ChartInput, type ChartStep, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { UserAct } from '../events.ts';
import type { JsonObject } from '../json.ts';
import { notIn } from '../revisions.ts';
import { backupPreferenceChart } from './chart.ts';
import type { Effect, PreferenceEvent } from './events.ts';

type Told = { readonly status: number; readonly body: JsonObject };
type Case = {
  readonly text?: 'seed' | 'merged' | 'spec-v1.19';
  readonly off?: readonly string[];
  readonly settings?: Partial<ChartInput>;
  readonly stable?: Told;
  readonly unstable?: Told;
};
const gone: Told = { status: 404, body: { errcode: 'M_NOT_FOUND' } };
const says = (body: JsonObject): Told => ({ status: 200, body });
const down: Told = { status: 500, body: {} };

/** A client that signs in, hears these events, and is answered as the server would. */
const client = ({ text = 'merged', off = [], settings = {}, stable = gone, unstable = gone }: Case) => {
  const texts = { MSC4287: text, MSC1219: 'spec-v1.19' };
  const chart = backupPreferenceChart({ ...nothing, off, ...notIn(texts) });
  const me: ChartInput = {
    user: '@alice:x',
    device: 'PHONE',
    identifiers: 'stable',
    readings: {},
    options: {},
    implements: texts,
    ...settings,
  };
  let last: ChartStep = startChart(chart, me);
  const decided: string[] = [];
  const shown: string[] = [];
  const asked: string[] = [];
  const written: unknown[] = [];
  const told: unknown[] = [];
  const hear = (event: PreferenceEvent): void => {
    last = hearChart(chart, last.state, event);
    for (const effect of last.effects as readonly Effect[]) {
      if (effect.type === 'store' && effect.patch.patch === 'backup preference')
        decided.push(`${effect.patch.isOn ? 'on' : 'off'} by ${effect.patch.why}`);
      if (effect.type === 'show') shown.push(effect.notice.about);
      if (effect.type === 'tell') told.push(effect.event);
      if (effect.type !== 'request') continue;
      const type = decodeURIComponent(effect.path.split('/').at(-1) ?? '');
      if (effect.method === 'PUT') written.push([type, effect.body]);
      if (effect.answerAs === null) continue;
      asked.push(type);
      const answer = { answers: 'request', ...(type === 'm.key_backup' ? stable : unstable) } as const;
      if (effect.answerAs === 'preference.read') hear({ type: effect.answerAs, ...answer, with: effect.with });
      else hear({ type: effect.answerAs, ...answer, with: effect.with });
    }
  };
  return { hear, decided, shown, asked, written, told, state: () => last.state, chart, me };
};
const opened: UserAct = { type: 'user.start', users: [], atMs: 0 };
const signedIn = (one: Case) => {
  const it = client(one);
  it.hear(opened);
  return it;
};
const off = { 'backup by default': 'off' } as const;

describe('a client that signs in', () => {
  it.each<[what: string, one: Case, decided: string]>([
    [
      'backs up where the user said so',
      { stable: says({ enabled: true }), settings: { options: off } },
      'on by preference',
    ],
    ['backs up nothing where the user said so', { stable: says({ enabled: false }) }, 'off by preference'],
    ['goes by its own default where nothing is there', {}, 'on by own default'],
    ['does so too if that is off', { settings: { options: off } }, 'off by own default'],
    ['takes an emptied event for none', { stable: says({}) }, 'on by own default'],
    ['takes a word for none', { stable: says({ enabled: 'false' }) }, 'on by own default'],
    ['takes a number for none', { stable: says({ enabled: 0 }) }, 'on by own default'],
    [
      'takes what lies a level too deep for none',
      { stable: says({ 'm.key_backup': { enabled: false } }) },
      'on by own default',
    ],
    ['does not ask under the interim name', { unstable: says({ disabled: true }) }, 'on by own default'],
    [
      'turns the sense of the interim value round',
      { unstable: says({ disabled: true }), settings: { identifiers: 'unstable' } },
      'off by preference',
    ],
    [
      'does so the other way as well',
      { unstable: says({ disabled: false }), settings: { identifiers: 'both', options: off } },
      'on by preference',
    ],
    [
      'goes by the stable value where both are there',
      { stable: says({ enabled: true }), unstable: says({ disabled: true }), settings: { identifiers: 'both' } },
      'on by preference',
    ],
    [
      'goes by "off" if it reads the text so',
      {
        stable: says({ enabled: true }),
        unstable: says({ disabled: true }),
        settings: { identifiers: 'both', readings: { q42: 'B' } },
      },
      'off by preference',
    ],
    [
      'lets a stable event without a value hide the interim one',
      { stable: says({}), unstable: says({ disabled: true }), settings: { identifiers: 'both' } },
      'on by own default',
    ],
    [
      'lets it not, if it reads the text so',
      {
        stable: says({}),
        unstable: says({ disabled: true }),
        settings: { identifiers: 'both', readings: { q42: 'B' } },
      },
      'off by preference',
    ],
    ['takes a server that fails for one that has nothing', { stable: down }, 'on by own default'],
    ['as a seed client obeys', { text: 'seed', stable: says({ enabled: false }) }, 'off by preference'],
    [
      'as a seed client may take the sample at its word',
      { text: 'seed', stable: says({ 'm.key_backup': { enabled: false } }), settings: { readings: { q48: 'A' } } },
      'off by preference',
    ],
    [
      'as a client of the released text considers',
      { text: 'spec-v1.19', stable: says({ enabled: false }) },
      'off by preference',
    ],
  ])('%s', (_, one, expected) => {
    expect(signedIn(one).decided).toEqual([expected]);
  });

  it.each<[clause: string, one: Case, decided: string]>([
    ['4287-invalid-missing-event', {}, 'off by preference'],
    ['4287-invalid-missing-property', { stable: says({}) }, 'off by preference'],
    [
      '4287-invalid-non-boolean',
      { stable: says({ enabled: 'false' }), settings: { options: off } },
      'on by preference',
    ],
    ['4287-signin-consider', { stable: says({ enabled: false }) }, 'on by own default'],
    ['4287-signin-obey', { text: 'seed', stable: says({ enabled: false }) }, 'on by own default'],
    ['4287-false-means-off', { stable: says({ enabled: false }) }, 'on by own default'],
    ['4287-true-means-on', { stable: says({ enabled: true }), settings: { options: off } }, 'off by own default'],
    ['4287-flat-example', { stable: says({ 'm.key_backup': { enabled: false } }) }, 'off by preference'],
    ['4287-invalid-may-decide', {}, 'off by own default'],
    ['4287-invalid-or-off', { text: 'seed', settings: { options: { 'nothing stated': 'off' } } }, 'on by own default'],
    [
      '4287-unstable-inverted',
      { unstable: says({ disabled: true }), settings: { identifiers: 'unstable' } },
      'on by preference',
    ],
  ])('decides otherwise without %s', (clause, one, expected) => {
    expect(signedIn({ ...one, off: [clause] }).decided).toEqual([expected]);
    expect(signedIn(one).decided).not.toEqual([expected]);
  });

  it('holds back until it knows, and tells the user whose word it follows', () => {
    const { told, shown } = signedIn({ stable: says({ enabled: true }) });
    expect(told).toEqual([{ type: 'told.backup refrained' }, { type: 'told.backup wanted', isMadeIfNone: true }]);
    expect(shown).toEqual(['backup preference followed']);
    expect(signedIn({ stable: says({ enabled: true }), off: ['4287-show-when-affecting'] }).shown).toEqual([]);
  });

  it('waits for a server that fails if it reads the text so, and asks again after the next sync', () => {
    const { hear, decided, asked, state } = signedIn({ stable: down, settings: { readings: { q43: 'B' } } });
    expect([decided, state().value]).toEqual([[], 'holding']);
    hear({ type: 'sync.done', atMs: 0 });
    expect(asked).toEqual(['m.key_backup', 'm.key_backup']);
  });

  it.each([
    ['prompt', 'off by user', [['m.key_backup', { enabled: false }]]],
    ['confirm', 'off by user', []],
  ])('asks first if it is to %s, and a no is the opposite', (preference, decision, written) => {
    const asked = signedIn({ stable: says({ enabled: true }), settings: { options: { preference } } });
    expect(asked.decided).toEqual([]);
    asked.hear({ type: 'user.refuses', atMs: 0 });
    expect([asked.shown, asked.decided, asked.written]).toEqual([['backup preference asked'], [decision], written]);
  });

  it('asks where nothing is there if it has no default, and records the answer', () => {
    const asked = signedIn({ settings: { options: { 'backup by default': 'ask' } } });
    asked.hear({ type: 'user.accepts', atMs: 0 });
    expect([asked.decided, asked.written]).toEqual([['on by user'], [['m.key_backup', { enabled: true }]]]);
  });

  it('records its own default as a seed client, and otherwise only if it reads the text so', () => {
    const recorded = [['m.key_backup', { enabled: true }]];
    expect(signedIn({ text: 'seed' }).written).toEqual(recorded);
    expect(signedIn({}).written).toEqual([]);
    expect(signedIn({ settings: { readings: { q41: 'B' } } }).written).toEqual(recorded);
    expect(signedIn({ settings: { readings: { q41: 'B' } }, off: ['4287-undetermined'] }).written).toEqual([]);
    expect(signedIn({ text: 'seed', off: ['4287-invalid-choose-and-record'] }).written).toEqual([]);
  });

  it('as a seed client takes either way, whichever its default is', () => {
    const way = (byDefault: string, nothingStated?: string) => {
      const options = {
        'backup by default': byDefault,
        ...(nothingStated === undefined ? {} : { 'nothing stated': nothingStated }),
      };
      const { decided, written } = signedIn({ text: 'seed', settings: { options } });
      return [decided, written];
    };
    const no = [['m.key_backup', { enabled: false }]];
    expect(way('off', 'record')).toEqual([['off by own default'], no]);
    expect(way('off')).toEqual([['off by own default'], []]);
    expect(way('on', 'off')).toEqual([['off by own default'], []]);
    const settings = { options: off };
    expect(signedIn({ text: 'seed', settings, off: ['4287-invalid-or-off'] }).decided).toEqual(['off by own default']);
  });

  it('leaves the preference alone if it is to, for reading and for writing', () => {
    const settings = { options: { preference: 'ignore' } };
    const alone = signedIn({ stable: says({ enabled: false }), settings });
    alone.hear({ type: 'user.turn backup off', atMs: 0 });
    expect([alone.asked, alone.written]).toEqual([[], []]);
    expect(alone.decided).toEqual(['on by own default', 'off by user']);
    const without = signedIn({ stable: says({ enabled: false }), settings, off: ['4287-opt-out'] });
    expect(without.decided).toEqual(['off by preference']);
  });

  it('asks nothing when it cannot back up', () => {
    const settings = { implements: { MSC4287: 'merged', MSC1219: 'none' } };
    expect(signedIn({ settings }).asked).toEqual([]);
    expect(signedIn({ settings, off: ['4287-scope-capable-clients'] }).written).toEqual([
      ['m.key_backup', { enabled: false }],
    ]);
  });

  it('does not read again after a restart, unless it was not through or reads the text so', () => {
    const again = (one: Case): readonly string[] => {
      const { chart, me, state } = signedIn(one);
      const started = startChart(chart, me, chart.persists(state().context));
      return hearChart(chart, started.state, opened).effects.map(({ type }) => type);
    };
    expect(again({})).toEqual([]);
    expect(again({ settings: { readings: { q46: 'B' } } })).toContain('request');
    expect(again({ stable: down, settings: { readings: { q43: 'B' } } })).toContain('request');
  });
});

type Turn = 'user.turn backup on' | 'user.create backup' | 'user.turn backup off' | 'user.delete backup';

describe('a user who turns backup', () => {
  const turns = (type: Turn, one: Case = {}) => {
    const it = client(one);
    it.hear({ type, atMs: 0 });
    return it.written;
  };
  it.each<[how: string, type: Turn, enabled: boolean]>([
    ['on', 'user.turn backup on', true],
    ['on, making one', 'user.create backup', true],
    ['off', 'user.turn backup off', false],
    ['off, deleting it', 'user.delete backup', false],
  ])('%s has said so for all clients', (_, type, enabled) => {
    expect(turns(type)).toEqual([['m.key_backup', { enabled }]]);
    expect(turns(type, { off: [enabled ? '4287-write-true' : '4287-write-false'] })).toEqual([]);
  });

  it('is written down in each form the client knows, the interim one with the opposite sense', () => {
    expect(turns('user.turn backup off', { settings: { identifiers: 'both' } })).toEqual([
      ['m.key_backup', { enabled: false }],
      ['m.org.matrix.custom.backup_disabled', { disabled: true }],
    ]);
    expect(turns('user.turn backup off', { settings: { identifiers: 'both' }, text: 'spec-v1.19' })).toEqual([
      ['m.key_backup', { enabled: false }],
    ]);
  });

  it('is written down as the formats say', () => {
    expect(turns('user.turn backup off', { off: ['4287-event-type'] })).toEqual([
      ['org.example.client.settings', { enabled: false }],
    ]);
    expect(turns('user.turn backup off', { off: ['4287-enabled-boolean'] })).toEqual([
      ['m.key_backup', { enabled: 'false' }],
    ]);
    expect(turns('user.turn backup off', { off: ['4287-flat-example'] })).toEqual([
      ['m.key_backup', { 'm.key_backup': { enabled: false } }],
    ]);
  });

  it('keeps what else is there only where the text is read so', () => {
    const stable = says({ enabled: true, colour: 'red' });
    expect(turns('user.turn backup off', { stable })).toEqual([['m.key_backup', { enabled: false }]]);
    expect(turns('user.turn backup off', { stable, settings: { readings: { q47: 'B' } } })).toEqual([
      ['m.key_backup', { enabled: false, colour: 'red' }],
    ]);
  });
});

describe('a client that runs', () => {
  const changes = (one: Case) => {
    const it = signedIn({ stable: says({ enabled: true }), ...one });
    it.hear({ type: 'sync.account data', name: 'm.key_backup', content: { enabled: false } });
    return it;
  };
  it('does not mind a change of the value', () => {
    expect(changes({}).decided).toEqual(['on by preference']);
  });

  it('asks the user about a change if it watches, and never acts by itself', () => {
    for (const monitor of ['ask', 'follow']) {
      const watching = changes({ settings: { options: { monitor } } });
      expect([monitor, watching.decided.length]).toEqual([monitor, 1]);
      watching.hear({ type: 'user.accepts', atMs: 0 });
      expect(watching.decided).toEqual(['on by preference', 'off by user']);
    }
  });

  it('acts by itself without the sentences that warn of it', () => {
    const [ask, follow] = ['ask', 'follow'].map((monitor) => ({ options: { monitor } }));
    expect(changes({ settings: ask ?? {}, off: ['4287-monitor-caution'] }).decided).toContain('off by preference');
    expect(changes({ settings: follow ?? {}, off: ['4287-signin-only'] }).decided).toContain('off by preference');
    expect(changes({ settings: ask ?? {}, off: ['4287-may-monitor'] }).shown).toEqual(['backup preference followed']);
  });

  const hears = (it: ReturnType<typeof client>, enabled: boolean) =>
    it.hear({ type: 'sync.account data', name: 'm.key_backup', content: { enabled } });
  const isAsking = (it: ReturnType<typeof client>) => it.state().value === 'asking';

  it('asks no more once the value is back to what it does, and keeps to its question where it is said again', () => {
    const watching = changes({ settings: { options: { monitor: 'ask' } } });
    hears(watching, false);
    watching.hear({ type: 'sync.account data', name: 'm.key_backup', content: {} });
    watching.hear({ type: 'sync.account data', name: 'm.direct', content: { enabled: true } });
    expect([watching.shown, isAsking(watching)]).toEqual([
      ['backup preference followed', 'backup preference asked'],
      true,
    ]);
    hears(watching, true);
    watching.hear({ type: 'user.accepts', atMs: 0 });
    expect([watching.decided, isAsking(watching)]).toEqual([['on by preference'], false]);
    hears(watching, false);
    watching.hear({ type: 'user.accepts', atMs: 0 });
    expect(watching.decided).toEqual(['on by preference', 'off by user']);
  });

  it('asks anew at sign-in where the value is another before its user has answered', () => {
    const prompts = { options: { preference: 'prompt' } } as const;
    const signing = signedIn({ stable: says({ enabled: false }), settings: prompts });
    hears(signing, false);
    expect(signing.shown).toEqual(['backup preference asked']);
    hears(signing, true);
    signing.hear({ type: 'user.accepts', atMs: 0 });
    expect([signing.shown.length, signing.decided]).toEqual([2, ['on by user']]);
    const late = signedIn({ settings: { options: { 'backup by default': 'ask' } } });
    hears(late, false);
    expect([late.decided, isAsking(late)]).toEqual([['off by preference'], false]);
  });

  it('asks once more about a change when it has stopped before it was answered', () => {
    const { chart, me, state } = changes({ settings: { options: { monitor: 'ask' } } });
    const again = startChart(chart, me, chart.persists(state().context));
    const { effects, state: now } = hearChart(chart, again.state, opened);
    expect(effects).toMatchObject([{ type: 'show', notice: { about: 'backup preference asked', isOn: false } }]);
    expect(now.value).toBe('asking');
    const settled = startChart(chart, me, chart.persists(changes({}).state().context));
    expect(hearChart(chart, settled.state, opened).effects).toEqual([]);
  });

  it('tells its user when the server takes no keys any more', () => {
    const { hear, shown } = client({});
    for (const status of [200, 0, 429, 503]) hear({ type: 'told.backup uploaded', status, error: null });
    expect(shown).toEqual([]);
    hear({ type: 'told.backup uploaded', status: 403, error: 'M_WRONG_ROOM_KEYS_VERSION' });
    expect(shown).toEqual(['backup gone']);
  });
});
