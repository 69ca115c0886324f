/** What the tests of the key-backup chart have in common: who is there, and what servers and the core answer. */
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { BackupFacts } from '../types.ts';
import { keyBackupChart } from './chart.ts';
import type { BackupContext } from './context.ts';
import type { BackupEvent, Effect } from './events.ts';

export const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC1219: 'spec-v1.19' },
};
export const room = '!den:example.org';
export const atMs = 0;

export type Setting = {
  readonly off?: readonly string[];
  /** Clauses that the text does not have. */
  readonly absent?: readonly string[];
  readonly input?: Partial<ChartInput>;
  /** What a restart has left of the context. */
  readonly kept?: Partial<Omit<BackupContext, 'me'>>;
};
/** What each of these events causes, what the clauses say meanwhile, and the chart as it is then. */
export const hearAll = (
  events: readonly BackupEvent[],
  { off = [], absent = [], input = {}, kept = {} }: Setting = {},
) => {
  const chart = keyBackupChart({ ...nothing, off, absent });
  let state: ChartState = startChart(chart, { ...me, ...input }, kept).state;
  const effects: (readonly Effect[])[] = [];
  const said: string[] = [];
  for (const event of events) {
    const step = hearChart(chart, state, event);
    state = step.state;
    effects.push(step.effects as readonly Effect[]);
    said.push(...step.said.map(({ clause, says }) => `${clause} ${says}`));
  }
  return { effects, said, state, chart };
};
/** What the last of these events causes. */
export const effectsOf = (events: readonly BackupEvent[], setting: Setting = {}): readonly Effect[] =>
  hearAll(events, setting).effects.at(-1) ?? [];
/** Where the chart is after these. */
export const stateOf = (events: readonly BackupEvent[], setting: Setting = {}): string =>
  hearAll(events, setting).state.value;

// --- what is heard ---------------------------------------------------------------------------------

/** A version as the server describes it, which nobody has a reason to trust. */
export const facts = (more: Partial<BackupFacts> = {}): BackupFacts => ({
  version: '1',
  publicKey: 'pub',
  signedByPinnedMaster: false,
  signedByDevices: [],
  matchesHeldSecret: false,
  heldFrom: null,
  ...more,
});
export const signed = (more: Partial<BackupFacts> = {}): BackupFacts => facts({ signedByPinnedMaster: true, ...more });
export const described = (of: BackupFacts | null, status = of === null ? 404 : 200): BackupEvent => ({
  type: 'backup.described',
  answers: 'backup version',
  status,
  facts: of,
});
export const start: BackupEvent = { type: 'user.start', users: [], atMs };
export const check: BackupEvent = { type: 'user.check backup', atMs };
export const done: BackupEvent = { type: 'sync.done', atMs };
export const create: BackupEvent = { type: 'user.create backup', atMs };
export const turnOn: BackupEvent = { type: 'user.turn backup on', atMs };
export const turnOff: BackupEvent = { type: 'user.turn backup off', atMs };
export const remove: BackupEvent = { type: 'user.delete backup', atMs };
export const made = (secret = 'sec', publicKey = 'pub'): BackupEvent => ({
  type: 'backup.made',
  answers: 'make backup',
  secret,
  public: publicKey,
  authData: { public_key: publicKey },
  signedAuthData: { public_key: publicKey, signatures: {} },
});
export const created = (status: number, body: object = { version: '1' }, publicKey = 'pub'): BackupEvent => ({
  type: 'backup.created',
  answers: 'request',
  status,
  body: { ...body },
  with: { public: publicKey },
});
export const deleted = (status: number): BackupEvent => ({
  type: 'backup.deleted',
  answers: 'request',
  status,
  body: {},
});
export const sealed = (sessions: readonly string[] | null, version = '1'): BackupEvent => ({
  type: 'backup.sealed',
  answers: 'seal room keys',
  sealed: sessions === null ? null : { version, rooms: { [room]: { sessions: {} } }, sessions },
});
export const uploaded = (
  status: number,
  { version = '1', sessions = ['s'] }: { readonly version?: string; readonly sessions?: readonly string[] } = {},
): BackupEvent => ({
  type: 'backup.uploaded',
  answers: 'request',
  status,
  body: status === 200 ? { etag: '1' } : { errcode: `M_${status}` },
  with: { version, sessions },
});
/** A device that backs up to version 1, which its user's identity has signed. */
export const backingUp: readonly BackupEvent[] = [start, described(signed())];

// --- what is caused --------------------------------------------------------------------------------

export const read = { type: 'core', request: { ask: 'backup version', answerAs: 'backup.described' } };
export const makes = { type: 'core', request: { ask: 'make backup', answerAs: 'backup.made' } };
export const stored = (backup: { readonly version: string; readonly publicKey: string } | null) => ({
  type: 'store',
  patch: { patch: 'backup', backup },
});
export const deletes = (segment: string) => ({
  type: 'request',
  method: 'DELETE',
  path: `/_matrix/client/v3/room_keys/version/${segment}`,
  answerAs: 'backup.deleted',
});
const flags = {
  names: ['shared_history', 'm.shared_history'],
  keepsTrue: true,
  keepsFalse: true,
  means: 'shareable',
};
export const seals = (version = '1', publicKey = 'pub', more: object = {}) => ({
  type: 'core',
  request: {
    ask: 'seal room keys',
    backup: { version, publicKey },
    flags: { ...flags, ...more },
    answerAs: 'backup.sealed',
  },
});
export const told = (type: string, more: object = {}) => ({ type: 'tell', event: { type, ...more } });
/** What others are told of an upload. */
export const uploadTold = (status: number) =>
  told('told.backup uploaded', { status, error: status === 200 ? null : `M_${status}` });
