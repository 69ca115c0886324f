/** What the inspector says of one step: its moments in words, with what is inside them. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../machines/json.ts';
import { clauseName } from '../machines/naming.ts';
import { shortRoom } from '../sim/engine/names.ts';
import type { ClauseId, Moment, Run, Step } from '../sim/engine/types.ts';
import { roomPatchWords } from '../sim/runs/export/room-words.ts';
import { bytesOf, type Field, megolmFields, olmFields } from '../sim/runs/figures/bytes.ts';
import { type ClauseMoment, type Outcome, outcomeOf, outcomeWords } from '../sim/runs/figures/outcomes.ts';
import { namesIn, toldIn } from '../sim/runs/figures/sides.ts';
import { capitalised, chartWords, requestWords, secretWords, shortPath } from '../sim/runs/figures/words.ts';

/** Something sealed, with what is known of its inside. */
export type Drawer = {
  readonly name: string;
  readonly fields: readonly Field[] | null;
  /** Who can open it. */
  readonly opens: string;
  readonly inside: { readonly type: string; readonly value: Json } | null;
};
export type Part = {
  readonly kind: 'request' | 'delivery' | 'clause' | 'state' | 'stored' | 'shown' | 'learned' | 'forged' | 'note';
  readonly who: string;
  readonly title: string;
  readonly detail: string;
  /** A request that carries nothing a picture needs. */
  readonly quiet?: boolean;
  readonly clause?: { readonly id: ClauseId; readonly chart: string; readonly tone: 'ok' | 'bad' | 'off' | 'aside' };
  readonly json: readonly { readonly name: string; readonly value: Json }[];
  readonly drawers: readonly Drawer[];
};

// Keys and signatures are long and all alike: a page shows how they begin, `hearsay run --json` has the rest.
const isKey = (text: string): boolean => /^[A-Za-z0-9+/_=-]{22,}$/.test(text);
const [keyShown, textMax] = [8, 46];
const shortened = (value: Json): Json => {
  if (typeof value === 'string') {
    if (isKey(value) || value.length > textMax)
      return `${value.slice(0, isKey(value) ? keyShown : 18)}… (${value.length} characters)`;
    return value;
  }
  if (Array.isArray(value))
    return value.length > 6
      ? [...value.slice(0, 6).map(shortened), `… ${value.length - 6} more`]
      : value.map(shortened);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      isKey(key) || key.length > textMax ? `${key.slice(0, 18)}…` : key,
      one === undefined ? null : shortened(one),
    ]),
  );
};
const opened = (run: Run): ReadonlyMap<string, { readonly type: string; readonly content: JsonObject }> => {
  const inside = new Map<string, { readonly type: string; readonly content: JsonObject }>();
  for (const { moments } of run.steps)
    for (const moment of moments)
      if (moment.kind === 'delivery' && moment.opened !== null)
        for (const { body } of ciphertexts(moment.event)) inside.set(body, moment.opened);
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

const drawersOf = (run: Run, value: Json): readonly Drawer[] => {
  const inside = opened(run);
  const olm = ciphertexts(value)
    .slice(0, 2)
    .map(({ body, type, to }) => {
      const known = inside.get(body);
      return {
        name: `Olm message for ${to.slice(0, 8)}…`,
        fields: olmFields(body, type),
        opens: 'Only the device that owns this Curve25519 key, and whoever sealed it.',
        inside: known === undefined ? null : { type: known.type, value: shortened(known.content) },
      };
    });
  const group = isObject(value) && typeof value.ciphertext === 'string' ? megolmFields(value.ciphertext) : null;
  return group === null
    ? olm
    : [...olm, { name: 'Megolm message', fields: group, opens: 'Whoever has the room key.', inside: null }];
};

const entryFields = {
  ephemeral: 'public key made for this entry',
  ciphertext: 'the room key, sealed',
  mac: 'eight bytes that cover nothing',
};

/** Entries of a key backup: sealed for the backup key, whoever made that. */
const backupDrawers = (value: Json): readonly Drawer[] =>
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

/** A part with nothing inside, unless `inside` says otherwise. */
const part = (
  kind: Part['kind'],
  who: string,
  title: string,
  detail: string,
  inside: Partial<Pick<Part, 'clause' | 'quiet' | 'json' | 'drawers'>> = {},
): Part => ({ kind, who, title, detail, json: [], drawers: [], ...inside });

const isEmpty = (value: Json): boolean => value === null || (isObject(value) && Object.keys(value).length === 0);

const requestPart = (run: Run, moment: Extract<Moment, { kind: 'request' }>): Part => {
  const { from, method, path, body, response, status, lost } = moment;
  const sends = path.includes('/sendToDevice/');
  const { label, quiet } = requestWords(moment);
  const isPlain = quiet && !sends;
  const detail = `${method} ${shortPath(path)} → ${status}${lost ? ', and the answer is lost' : ''}`;
  return part('request', from, sends ? 'Sends to devices' : label, detail, {
    quiet: isPlain,
    // What a look-up is answered with comes again as what the device is given, or is the same keys each time.
    json: isPlain
      ? []
      : [
          ...(body === null ? [] : [{ name: 'request body', value: shortened(body) }]),
          ...(isEmpty(response) ? [] : [{ name: 'answer', value: shortened(response) }]),
        ],
    drawers: sends ? drawersOf(run, body) : [...backupDrawers(body), ...backupDrawers(response)],
  });
};

const deliveryPart = (run: Run, { to, event, facts, opened: inside }: Extract<Moment, { kind: 'delivery' }>): Part => {
  const { sender, encrypted } = facts;
  const device =
    sender === null
      ? 'from a device that cannot be told'
      : `from ${sender.device}${encrypted ? ', as the Olm session proves' : ', as it claims'}`;
  const signed = `${sender?.crossSignedBy == null ? 'which nobody signed' : 'signed'}${sender?.crossSignedBy != null && !sender.byPinnedIdentity ? ', not by the identity pinned here' : ''}`;
  const title = `Is given ${inside?.type ?? stringAt(event, 'type') ?? 'an event'}`;
  const came = encrypted ? 'sealed' : 'in the clear';
  return part(
    'delivery',
    to,
    title,
    `${came}, sent by ${facts.claimedSender}${facts.ownUser ? ', its own user' : ''}, ${device}, ${signed}`,
    {
      json: [{ name: 'event as it came', value: shortened(event) }],
      drawers: drawersOf(run, event),
    },
  );
};

const clauseTones: Readonly<Record<Outcome['is'], NonNullable<Part['clause']>['tone']>> = {
  passed: 'ok',
  done: 'ok',
  'thrown away': 'bad',
  'kept for later': 'aside',
  'not done': 'aside',
  'read as': 'aside',
  chose: 'aside',
  'not on this ground': 'aside',
  off: 'off',
};
const clausePart = (run: Run, step: Step, moment: ClauseMoment): Part => {
  const { player, clause } = moment;
  const outcome = outcomeOf(run, step, moment);
  return part('clause', player, `${clauseName(clause)}:`, outcomeWords(outcome), {
    clause: { id: clause, chart: moment.chart, tone: clauseTones[outcome.is] },
  });
};

const partOf = (run: Run, step: Step, moment: Moment): Part | null => {
  switch (moment.kind) {
    case 'request':
      return requestPart(run, moment);
    case 'delivery':
      return deliveryPart(run, moment);
    case 'clause':
      return clausePart(run, step, moment);
    case 'state':
      return part('state', moment.player, capitalised(chartWords(moment.chart)), `${moment.from} → ${moment.to}`);
    case 'stored':
      return part('stored', moment.player, storedWords(moment.patch), 'kept');
    case 'shown':
      return part('shown', moment.player, `Shows: “${moment.notice.text}”`, moment.notice.about);
    case 'learned':
      return part('learned', moment.player, `Learns: ${secretWords(moment.what)}`, moment.how.text);
    case 'forged': {
      const where = moment.victim === null ? `on ${moment.server}` : `for ${namesIn(run)(moment.victim)}`;
      return part('forged', moment.player, capitalised(moment.what), where, {
        json: [
          { name: 'before', value: shortened(moment.before) },
          { name: 'after', value: shortened(moment.after) },
        ],
      });
    }
    case 'discarded':
      return part('note', moment.player, 'Discards an event', moment.why, {
        json: [{ name: 'event', value: shortened(moment.event) }],
      });
    case 'fault':
      return part('note', moment.player, 'Fault', moment.fault);
    case 'refused': {
      const why = [moment.status, moment.errcode, moment.reason].filter((one) => one !== undefined);
      return part('note', moment.player, `Refused: ${moment.verb}`, why.join(' '));
    }
    case 'restarted':
      return part('note', moment.player, 'Restarts', 'the store is kept, all else is gone');
    case 'acted':
      return part('note', moment.player, `Its user acts: ${moment.what}`, actWords(moment.detail));
    case 'heard':
      return null;
  }
};

/** What is said and where, of an act. */
const actWords = (detail: JsonObject): string =>
  ['text', 'user', 'room', 'visibility']
    .flatMap((name) => stringAt(detail, name) ?? [])
    .map((value) => shortRoom(value))
    .join(', ');

const storedWords = (patch: Extract<Moment, { kind: 'stored' }>['patch']): string => {
  switch (patch.patch) {
    case 'secret':
      return `${capitalised(secretWords(patch.name))}, ${patch.held.origin.how === 'push' ? `pushed by ${patch.held.origin.device ?? 'who knows'}` : patch.held.origin.how}`;
    case 'forget secret':
      return `Forgets the ${secretWords(patch.name)}`;
    case 'backup':
      return patch.backup === null ? 'No backup' : `Backs up to version ${patch.backup.version}`;
    case 'backed up':
      return `${patch.sessions.length} room keys are backed up in version ${patch.version}`;
    case 'backup preference':
      return `Backs up ${patch.isOn ? 'room keys' : 'nothing'}, by ${patch.why === 'user' ? 'the user’s word' : patch.why === 'preference' ? 'the account data' : 'its own default'}`;
    case 'pin':
      return `Pins the identity of ${patch.user}`;
    case 'room keys':
    case 'withheld':
    case 'room key given':
    case 'history shared':
    case 'room made':
    case 'room visibility':
    case 'room member':
      return capitalised(roomPatchWords(patch));
  }
};

/** The parts of a step, in order. */
export const partsOf = (run: Run, step: Step): readonly Part[] => {
  const told = toldIn(run);
  return step.moments.flatMap((moment) => {
    const one = partOf(run, step, moment);
    return one === null ? [] : [{ ...one, title: told(one.title), detail: told(one.detail) }];
  });
};
