/** What each device holds, and on whose word: how it came, from whom, and which clauses had nothing against it. */
import type { HeldRoomKey } from '../../../machines/room-types.ts';
import type { StorePatch } from '../../../machines/store.ts';
import type { SecretOrigin } from '../../../machines/types.ts';
import { shortRoom } from '../../engine/names.ts';
import type { ClauseId, Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { shortTerm } from '../export/short.ts';
import { secretWords } from '../figures/words.ts';
import { type Speech, speechOf } from './speech.ts';

/** How something came to a device. */
export type Came =
  | 'made here'
  | 'typed in'
  | 'given at verification'
  | 'answered when asked'
  | 'pushed'
  | 'sent by its maker'
  | 'forwarded'
  | 'restored from the backup'
  | 'read from a key file'
  | 'in a bundle'
  | 'told by a letter'
  | 'pinned'
  | 'looked up on the server'
  | 'read from the account data'
  | 'chosen by its person'
  | 'by its own default';

export type Belief = {
  readonly device: PlayerId;
  /** In words: `the backup key rto63t…`, `2 room keys of den`. */
  readonly what: string;
  readonly how: Came;
  /** On whose word, in words; `null`: on nobody's but its own or its person's. */
  readonly from: string | null;
  /** Clauses in force that were asked between its arrival and its storing, in that step, and had nothing against it. */
  readonly checkedBy: readonly ClauseId[];
  /** The step (index) in which it was stored. */
  readonly step: number;
  /** The step (index) from which on the device holds something else in its place; `null`: to the end. */
  readonly until: number | null;
};

/** What is stored, before it is known what takes its place. `place`: what has the same one takes it. */
type Held = Pick<Belief, 'what' | 'how' | 'from'> & {
  readonly place: string;
  /** By whom it was sent, as letters have it; `null`: it came by no letter. */
  readonly sender: string | null;
};

const secretCame: Readonly<Record<SecretOrigin['how'], Came>> = {
  made: 'made here',
  entered: 'typed in',
  verification: 'given at verification',
  request: 'answered when asked',
  push: 'pushed',
};

const deviceOf = ({ plain }: Speech, user: string, device: string | null): string =>
  device === null ? `an unknown device of ${plain(user)}` : plain(`${device} of ${user}`);

const roomKeyHeld = (speech: Speech, origin: HeldRoomKey['origin']): Pick<Held, 'how' | 'from' | 'sender'> => {
  switch (origin.how) {
    case 'made':
      return { how: 'made here', from: null, sender: null };
    case 'room_key':
      return { how: 'sent by its maker', from: deviceOf(speech, origin.user, origin.device), sender: origin.device };
    case 'forwarded':
      return { how: 'forwarded', from: deviceOf(speech, origin.user, origin.device), sender: origin.device };
    case 'backup':
      return { how: 'restored from the backup', from: `backup version ${origin.version}`, sender: null };
    case 'export':
      return { how: 'read from a key file', from: 'the key file', sender: null };
    case 'bundle':
      return { how: 'in a bundle', from: speech.plain(origin.user), sender: null };
  }
};

/** `room key 9J2hTZ… of den`; keys go by room and session. */
const roomKeysHeld = (speech: Speech, keys: Readonly<Record<string, HeldRoomKey>>): readonly Held[] =>
  Object.entries(keys).map(([key, { room, origin }]) => ({
    what: `room key ${shortTerm(key.slice(room.length + 1))} of ${shortRoom(room)}`,
    ...roomKeyHeld(speech, origin),
    place: `room key ${key}`,
  }));

const preferenceCame = {
  preference: 'read from the account data',
  'own default': 'by its own default',
  user: 'chosen by its person',
} as const;

const heldIn = (speech: Speech, patch: StorePatch): readonly Held[] => {
  switch (patch.patch) {
    case 'secret': {
      const { origin, public: key } = patch.held;
      const sent = 'user' in origin ? origin : null;
      return [
        {
          what: `the ${secretWords(patch.name)}${key === null ? '' : ` for public key ${shortTerm(key)}`}`,
          how: secretCame[origin.how],
          from: sent === null ? null : deviceOf(speech, sent.user, sent.device),
          sender: sent?.device ?? null,
          place: `secret ${patch.name}`,
        },
      ];
    }
    case 'backup':
      if (patch.backup === null) return [];
      return [
        {
          what: `that backup version ${patch.backup.version}, with public key ${shortTerm(patch.backup.publicKey)}, is to be used`,
          how: 'looked up on the server',
          from: 'the server',
          sender: null,
          place: 'backup',
        },
      ];
    case 'backup preference':
      return [
        {
          what: `that room keys are ${patch.isOn ? '' : 'not '}to be backed up`,
          how: preferenceCame[patch.why],
          from: patch.why === 'preference' ? 'the account data' : null,
          sender: null,
          place: 'preference',
        },
      ];
    case 'pin':
      return [
        {
          what: `that ${shortTerm(patch.master)} is the identity of ${speech.plain(patch.user)}`,
          how: 'pinned',
          from: 'the server',
          sender: null,
          place: `pin ${patch.user}`,
        },
      ];
    case 'room keys':
      return roomKeysHeld(speech, patch.keys);
    case 'withheld':
      return Object.values(patch.entries).map(({ room, sessionId, code, from, how }) => ({
        what: `that a room key of ${shortRoom(room)} is withheld: ${code}`,
        how: how === 'bundle' ? ('in a bundle' as const) : ('told by a letter' as const),
        from: speech.plain(from),
        sender: null,
        place: `withheld ${sessionId}`,
      }));
    case 'forget secret':
    case 'backed up':
    case 'room key given':
    case 'history shared':
    case 'room made':
    case 'room visibility':
    case 'room member':
      return [];
  }
};

/** What a patch takes away without putting anything in its place. */
const forgottenIn = (patch: StorePatch): readonly string[] => {
  if (patch.patch === 'forget secret') return [`secret ${patch.name}`];
  return patch.patch === 'backup' && patch.backup === null ? ['backup'] : [];
};

const isAt = (moment: Moment, device: PlayerId): boolean =>
  moment.kind === 'delivery'
    ? moment.to === device
    : moment.kind === 'request'
      ? moment.from === device
      : moment.player === device;

/** Clauses in force that had nothing against what was stored at `nth` among the moments of a step, once it had come. */
const checksOf = (step: Step, nth: number, device: PlayerId, sender: string | null): readonly ClauseId[] => {
  const before = step.moments.slice(0, nth).filter((moment) => isAt(moment, device));
  const heard = before.findLastIndex(({ kind }) => kind === 'heard');
  const last = before[heard];
  if (last?.kind !== 'heard') return [];
  const came = before.findLastIndex(
    (moment) => moment.kind === 'delivery' && (sender === null || moment.facts.sender?.device === sender),
  );
  const next = before.findIndex(({ kind }, at) => at > came && kind === 'delivery');
  // What was asked of the letter itself, then what was asked when it was stored; between them other letters may have been dealt with.
  const own = sender === null || came < 0 ? [] : before.slice(came, next < 0 ? undefined : next);
  const asked = [...own, ...before.slice(heard)];
  return [
    ...new Set(
      asked.flatMap((moment) =>
        moment.kind === 'clause' &&
        !moment.off &&
        moment.says === 'permits' &&
        [last.chart, 'envelope'].includes(moment.chart)
          ? [moment.clause]
          : [],
      ),
    ),
  ];
};

/** All that devices came to hold in a run, in the order in which they stored it. */
export const beliefsOf = (run: Run): readonly Belief[] => {
  const speech = speechOf(run);
  const all: (Belief & { readonly place: string })[] = [];
  const ends = (device: PlayerId, place: string, step: number): void => {
    const nth = all.findLastIndex((one) => one.device === device && one.place === place && one.until === null);
    const found = all[nth];
    if (found !== undefined) all[nth] = { ...found, until: step };
  };
  for (const [step, taken] of run.steps.entries())
    for (const [nth, moment] of taken.moments.entries()) {
      if (moment.kind !== 'stored') continue;
      const { player: device, patch } = moment;
      for (const place of forgottenIn(patch)) ends(device, place, step);
      for (const { sender, ...held } of heldIn(speech, patch)) {
        ends(device, held.place, step);
        all.push({ device, ...held, checkedBy: checksOf(taken, nth, device, sender), step, until: null });
      }
    }
  return all.map(({ place: _, ...belief }) => belief);
};

/** What devices hold after a step (index). */
export const beliefsAt = (beliefs: readonly Belief[], step: number): readonly Belief[] =>
  beliefs.filter((one) => one.step <= step && (one.until === null || one.until > step));
