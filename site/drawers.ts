/** What is sealed in a step, layer by layer: its bytes, who can open it, and what was inside where somebody did. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../machines/json.ts';
import type { PlayerId, Run, Step } from '../sim/engine/types.ts';
import { bytesOf, type Field, megolmFields, olmFields } from '../sim/runs/figures/bytes.ts';
import { namesIn } from '../sim/runs/figures/sides.ts';
import { shortened } from './shortened.ts';

/** Something sealed, with what is known of its inside. */
export type Drawer = {
  readonly name: string;
  readonly fields: readonly Field[] | null;
  /** Who can open it. */
  readonly opens: string;
  /** `opens`: who did, and when. */
  readonly inside: { readonly type: string; readonly value: Json; readonly opens: string } | null;
};

type Opened = { readonly type: string; readonly content: JsonObject; readonly by: PlayerId; readonly step: number };
/** Ciphertext body → what was inside, and who opened it first. */
const openedIn = (run: Run): ReadonlyMap<string, Opened> => {
  const inside = new Map<string, Opened>();
  for (const [step, { moments }] of run.steps.entries())
    for (const moment of moments)
      if (moment.kind === 'delivery' && moment.opened !== null)
        for (const { body } of ciphertexts(moment.event))
          if (!inside.has(body)) inside.set(body, { ...moment.opened, by: moment.to, step });
  return inside;
};

type Cipher = { readonly body: string; readonly type: number; readonly to: string };
const ciphertexts = (value: Json | undefined): readonly Cipher[] => {
  if (Array.isArray(value)) return value.flatMap((one) => ciphertexts(one));
  if (!isObject(value)) return [];
  const own = Object.entries(objectAt(value, 'ciphertext')).flatMap(([to, one]) => {
    const body = stringAt(one, 'body');
    return body === undefined ? [] : [{ body, to, type: isObject(one) && one.type === 1 ? 1 : 0 }];
  });
  return [...own, ...Object.entries(value).flatMap(([key, one]) => (key === 'ciphertext' ? [] : ciphertexts(one)))];
};

/** Curve25519 key → the device that published it as its own (Client-Server API, `POST /keys/upload`). */
const ownersIn = (run: Run): ReadonlyMap<string, PlayerId> =>
  new Map(
    run.steps.flatMap(({ moments }) =>
      moments.flatMap((moment) => {
        if (moment.kind !== 'request' || !moment.path.endsWith('/keys/upload') || !isObject(moment.body)) return [];
        const keys = Object.entries(objectAt(objectAt(moment.body, 'device_keys'), 'keys'));
        return keys.flatMap(([name, key]): readonly (readonly [string, PlayerId])[] =>
          name.startsWith('curve25519:') && typeof key === 'string' ? [[key, moment.from]] : [],
        );
      }),
    ),
  );

/** `Alice’s phone, Bob’s phone and Mallory’s tablet`. */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Devices that hold a Megolm session after a step, by its id. */
const holdersOf = (run: Run, step: Step, session: string): readonly PlayerId[] => {
  const until = run.steps.slice(0, run.steps.indexOf(step) + 1).flatMap(({ moments }) => moments);
  const holds = until.flatMap((moment) =>
    moment.kind === 'stored' &&
    moment.patch.patch === 'room keys' &&
    Object.keys(moment.patch.keys).some((key) => key.endsWith(` ${session}`))
      ? [moment.player]
      : [],
  );
  return [...new Set(holds)];
};

const olmDrawer = (run: Run, { body, type, to }: Cipher): Drawer => {
  const nameOf = namesIn(run);
  const known = openedIn(run).get(body);
  const owner = ownersIn(run).get(to) ?? known?.by;
  return {
    name: `Olm message for ${owner === undefined ? `${to.slice(0, 8)}…` : nameOf(owner)}`,
    fields: olmFields(body, type),
    opens:
      owner === undefined
        ? 'Only the device that owns this Curve25519 key, and whoever sealed it.'
        : `Only ${nameOf(owner)}, whose Curve25519 key it is sealed for, and whoever sealed it.`,
    inside:
      known === undefined
        ? null
        : {
            type: known.type,
            value: shortened(known.content),
            opens: `${nameOf(known.by)} opened it in step ${known.step + 1}.`,
          },
  };
};

const megolmDrawer = (run: Run, step: Step, value: JsonObject, ciphertext: string): readonly Drawer[] => {
  const fields = megolmFields(ciphertext);
  if (fields === null) return [];
  const session = stringAt(value, 'session_id');
  const holders = session === undefined ? [] : holdersOf(run, step, session).map(namesIn(run));
  const by =
    holders.length === 0 ? '' : ` By now ${listed(holders)} ${holders.length === 1 ? 'has' : 'have'} stored it.`;
  return [{ name: 'Megolm message', fields, opens: `Whoever has the room key.${by}`, inside: null }];
};

/** What is sealed in an event, or in what is sent to devices or rooms. */
export const drawersOf = (run: Run, step: Step, value: Json): readonly Drawer[] => {
  const olm = ciphertexts(value)
    .slice(0, 2)
    .map((cipher) => olmDrawer(run, cipher));
  return isObject(value) && typeof value.ciphertext === 'string'
    ? [...olm, ...megolmDrawer(run, step, value, value.ciphertext)]
    : olm;
};

const entryFields = {
  ephemeral: 'public key made for this entry',
  ciphertext: 'the room key, sealed',
  mac: 'eight bytes that cover nothing',
};

/** Entries of a key backup: sealed for the backup key, whoever made that. */
export const backupDrawers = (value: Json): readonly Drawer[] =>
  Object.entries(objectAt(value, 'rooms'))
    .flatMap(([room, sessions]) =>
      Object.entries(objectAt(sessions, 'sessions')).map(([session, entry]) => ({
        room,
        session,
        data: objectAt(entry, 'session_data'),
      })),
    )
    .slice(0, 1)
    .map(({ room, session, data }) => ({
      name: `Room key ${session.slice(0, 8)}… of ${room}`,
      fields: Object.entries(entryFields).flatMap(([name, why]) => {
        const bytes = bytesOf(stringAt(data, name) ?? '');
        return bytes === null ? [] : [{ name, why, bytes }];
      }),
      opens: 'Whoever has the private half of the backup key: who made the backup version decides who reads it.',
      inside: null,
    }));
