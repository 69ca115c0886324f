/**
 * Room keys that a person takes from one of their clients to another: in a file ("Key exports"), or forwarded ("Sharing keys between
 * devices"), as a client does that is asked for them.
 */
import { setup } from 'xstate';
import { type ChartInput, makeChart } from '../chart.ts';
import { actionsOf, type Change, guardsOf, type Part, type Rules, type Without } from '../clauses.ts';
import type { Json, JsonObject } from '../json.ts';
import { show } from '../notice.ts';
import { MEGOLM_ALGORITHM } from '../paths.ts';
import { flagFields, flagFormsFor, flagNames, keptFlagParts } from '../room-keys/flags.ts';
import { forwardedRoomKey } from '../room-keys/forwarded.ts';
import { type ExportedRoomKey, type HeldRoomKey, type ReadRoomKey, type RoomId, roomKeyName } from '../room-types.ts';
import type { DeviceEvent, Effect } from '../types.ts';

type ExportContext = { readonly me: ChartInput };
type Args = [context: ExportContext, event: DeviceEvent];

/** Rooms that a key list speaks of, in order. */
const roomsIn = (keys: readonly Json[]): readonly RoomId[] =>
  [...new Set(keys.flatMap((key) => ((key as JsonObject)?.room_id as string | undefined) ?? []))].sort();

export const exportParts = {
  'asks for the keys': {
    kind: 'plain',
    perform: (): Change<ExportContext> => ({
      effects: [
        { type: 'core', request: { ask: 'export room keys', room: null, answerAs: 'key-export.ready', with: {} } },
      ],
    }),
  },
  'writes the file': {
    kind: 'plain',
    perform: ({ me }, event, rules): Change<ExportContext> => {
      const forms = flagFormsFor(me, rules, '4268-flag-in-export');
      const keys = (event.keys as readonly ExportedRoomKey[]).map((key) => ({
        algorithm: MEGOLM_ALGORITHM,
        room_id: key.room,
        session_id: key.sessionId,
        session_key: key.sessionKey,
        sender_key: key.senderKey,
        sender_claimed_keys: { ed25519: key.senderEd25519 },
        forwarding_curve25519_key_chain: [],
        ...flagFields(forms, key),
      }));
      return { effects: [show('room keys exported', `${keys.length} room keys are in the file.`, { keys })] };
    },
  },
  /** MSC4268, "`shared_history` property": `ExportedSessionData` has the flag. */
  '4268-flag-in-export': { kind: 'format', isDoneBy: 'writes the file' },
  ...keptFlagParts('writes the file'),
  'asks for the keys to forward': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<ExportContext> => ({
      effects: [
        {
          type: 'core',
          request: {
            ask: 'export room keys',
            room: null,
            answerAs: 'key-export.to forward',
            with: { device: String(event.device) },
          },
        },
      ],
    }),
  },
  'forwards them': {
    kind: 'plain',
    perform: ({ me }, event, rules): Change<ExportContext> => {
      const to = [{ user: me.user, device: String((event.with as JsonObject).device) }];
      const keys = event.keys as readonly ExportedRoomKey[];
      return {
        effects: keys.map((key) => ({
          type: 'core',
          request: { ask: 'send', type: 'm.forwarded_room_key', content: forwarded(key, rules), encrypt: true, to },
        })),
      };
    },
  },
  'reads the file': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<ExportContext> => {
      const keys = Array.isArray(event.keys) ? (event.keys as readonly Json[]) : [];
      return {
        effects: roomsIn(keys).map((room) => ({
          type: 'core',
          request: {
            ask: 'read room keys',
            room,
            entries: keys.filter((key) => (key as JsonObject)?.room_id === room),
            form: 'exported',
            answerAs: 'key-export.read',
            with: {},
          },
        })),
      };
    },
  },
  'keeps what it lacks': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<ExportContext> => {
      const room = event.room as RoomId;
      const found = (event.read as readonly ReadRoomKey[]).flatMap((read): readonly HeldRoomKey[] => {
        const isBetter =
          read.held === null || (read.held.isSame && (read.key?.firstKnownIndex ?? 0) < read.held.firstKnownIndex);
        if (read.key === null || !read.idMatches || !isBetter) return [];
        return [
          {
            room,
            session: read.key.session,
            senderKey: read.senderKey,
            senderEd25519: read.senderEd25519,
            sharedHistory: read.flag === 'true',
            origin: { how: 'export' },
            backedUpIn: null,
          },
        ];
      });
      if (found.length === 0) return null;
      const keys = Object.fromEntries(found.map((key) => [roomKeyName(room, key.session.sessionId), key]));
      return {
        effects: [
          { type: 'store', patch: { patch: 'room keys', keys } },
          { type: 'tell', event: { type: 'told.room keys', room } },
        ],
      };
    },
  },
} satisfies Readonly<Record<string, Part<ExportContext>>>;

/** `m.forwarded_room_key`, with MSC3061's flag (question q21): the proposal has none for it. */
const forwarded = (key: ExportedRoomKey, rules: Rules): JsonObject =>
  forwardedRoomKey(
    key,
    flagFields(
      {
        names: flagNames('unstable'),
        keepsTrue: rules.does('4268-flag-preserve-true'),
        keepsFalse: rules.does('4268-flag-preserve-false'),
        means: 'shareable',
      },
      key,
    ),
  );

const machine = setup({
  types: {} as { context: ExportContext; events: DeviceEvent; input: { me: ChartInput }; emitted: Effect },
  guards: guardsOf<ExportContext, keyof typeof exportParts>(exportParts),
  actions: actionsOf<ExportContext, keyof typeof exportParts>(exportParts),
}).createMachine({
  id: 'key-export',
  context: ({ input }) => ({ ...input }),
  initial: 'ready',
  states: { ready: {} },
  on: {
    'user.export room keys': { actions: 'asks for the keys' },
    'key-export.ready': { actions: 'writes the file' },
    'user.forward room keys': { actions: 'asks for the keys to forward' },
    'key-export.to forward': { actions: 'forwards them' },
    'user.import room keys': { actions: 'reads the file' },
    'key-export.read': { actions: 'keeps what it lacks' },
  },
});

export const keyExportChart = (without: Without) => makeChart('key-export', machine, exportParts, without, () => ({}));
