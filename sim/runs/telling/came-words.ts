/** What came of a step on the wire and in devices, in few words: what no act of the story says. */
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { outcomeOf } from '../figures/outcomes.ts';
import { rowsOf } from '../figures/rows.ts';
import { counted, secretWords } from '../figures/words.ts';
import { listed, type Speech } from './speech.ts';

type Stored = Extract<Moment, { readonly kind: 'stored' }>;
type Delivery = Extract<Moment, { readonly kind: 'delivery' }>;

const storedIn = (step: Step): readonly Stored[] =>
  step.moments.flatMap((moment) => (moment.kind === 'stored' ? [moment] : []));

/** Devices in words, more than two of them counted. */
const devicesOf = (devices: readonly { readonly user: string; readonly device: string }[], speech: Speech): string => {
  const names = devices.map(({ user, device }) => speech.plain(`${device} of ${user}`));
  const stolen = names.find((name) => name.includes('’s stolen '));
  if (names.length < 3) return listed(names);
  return `${names.length} devices${stolen === undefined ? '' : `, ${stolen} among them`}`;
};

const pinnedIn = (step: Step, user: string): boolean =>
  storedIn(step).some(({ patch }) => patch.patch === 'pin' && patch.user === user);

/**
 * What a device did beside what its person asked for, as predicates: `shares a key bundle with Bob’s phone`, `begins a new room key`.
 * `player`: whose, and in whose step.
 */
const predicatesIn = (step: Step, player: PlayerId, speech: Speech): readonly string[] => {
  const own = storedIn(step).filter((one) => one.player === player);
  const shared = own.flatMap(({ patch }) => (patch.patch === 'history shared' ? [patch] : []))[0];
  if (shared !== undefined) {
    const to = devicesOf(
      shared.devices.map((device) => ({ user: shared.user, device })),
      speech,
    );
    return [
      ...(pinnedIn(step, shared.user) ? ['pins the identity first seen'] : []),
      shared.devices.length === 0 ? 'shares a key bundle with no device' : `shares a key bundle with ${to}`,
    ];
  }
  const given = own.flatMap(({ patch }) => (patch.patch === 'room key given' ? [patch] : []))[0];
  const isNew = own.some(({ patch }) => patch.patch === 'room keys');
  if (given !== undefined && given.index === 0 && isNew)
    return [given.to.length === 0 ? 'begins a new room key' : `gives a new room key to ${devicesOf(given.to, speech)}`];
  return [];
};

/** The letter that a moment of a step is about: the last that came to that device before. */
const letterBefore = (step: Step, moment: Moment, player: PlayerId): Delivery | undefined =>
  step.moments
    .slice(0, step.moments.indexOf(moment))
    .findLast((one): one is Delivery => one.kind === 'delivery' && one.to === player);

const typeOf = ({ event, opened }: Delivery): string => opened?.type ?? String(event.type ?? '');
const nounOf = (delivery: Delivery, speech: Speech): string => {
  const type = typeOf(delivery).replace('io.element.msc4268.', 'm.').replace('io.element.msc4385.', 'm.');
  return type.startsWith('m.') ? speech.plain(`x ${type}`).slice(2) : 'a letter';
};

/** `Alice’s phone takes of 3 pushed backup keys only the live one`; `null` where no secret was taken. */
const takenIn = (step: Step, speech: Speech): string | null => {
  const stored = storedIn(step);
  for (const { player, patch } of stored) {
    if (patch.patch !== 'secret') continue;
    const who = speech.plain(speech.name(player));
    const secret = secretWords(patch.name).replace(/^org\.example\.(.*)$/, 'secret “$1”');
    const offered = step.moments.filter(
      (one) =>
        one.kind === 'delivery' &&
        one.to === player &&
        one.opened?.type.endsWith('secret.push') === true &&
        one.opened.content.name === patch.name,
    ).length;
    if (offered > 1) {
      const isLive = stored.some(
        (one) => one.patch.patch === 'backup' && one.patch.backup?.publicKey === patch.held.public,
      );
      return `${who} takes of ${offered} pushed ${secret}s only ${isLive ? 'the live one' : 'one'}`;
    }
    const { origin } = patch.held;
    const from = 'user' in origin ? speech.plain(`${origin.device ?? 'somebody'} of ${origin.user}`) : null;
    return `${who} takes the ${secret}${from === null ? '' : ` that ${from} sent`}`;
  }
  return null;
};

/** How many room keys a device took out of bundles in a step. */
const bundledIn = (step: Step, player: PlayerId): number =>
  storedIn(step)
    .filter((one) => one.player === player)
    .flatMap(({ patch }) => (patch.patch === 'room keys' ? Object.values(patch.keys) : []))
    .filter(({ origin }) => origin.how === 'bundle').length;

/** `Bob’s phone takes 2 room keys out of a key bundle`; `null` where nobody did. */
const readIn = (step: Step, speech: Speech): string | null => {
  const player = storedIn(step).find((one) => bundledIn(step, one.player) > 0)?.player;
  return player === undefined
    ? null
    : `${speech.plain(speech.name(player))} takes ${counted(bundledIn(step, player), 'room key')} out of a key bundle`;
};

/** What a clause had a device throw away or leave undone: `Bob’s phone does not act on a pointer to a bundle from Alice’s phone`. */
const leftIn = (run: Run, step: Step, speech: Speech): string | null => {
  const isAttacked = run.players.some(({ kind }) => kind === 'attacker');
  const left = step.moments.flatMap((moment) => {
    if (moment.kind !== 'clause' || moment.says !== 'refuses' || moment.off) return [];
    const letter = letterBefore(step, moment, moment.player);
    const { is } = outcomeOf(run, step, moment);
    if (is === 'thrown away') return [{ moment, letter, does: 'throws away' }];
    // What was put off first, and done as soon as the same sync told more, was not left.
    return letter !== undefined &&
      (is === 'not done' || is === 'kept for later') &&
      bundledIn(step, moment.player) === 0
      ? [{ moment, letter, does: 'does not act on' }]
      : [];
  });
  const [first] = left.toSorted((one, two) => Number(two.does === 'throws away') - Number(one.does === 'throws away'));
  if (first === undefined) return null;
  const who = speech.plain(speech.name(first.moment.player));
  if (first.letter === undefined) return `${who} throws away what came`;
  const { claimedSender, ...facts } = first.letter.facts;
  const device = facts.encrypted ? facts.sender?.device : undefined;
  const sender = speech.plain(claimedSender);
  const known = device === undefined ? sender : speech.plain(`${device} of ${claimedSender}`);
  const from =
    known !== sender && !known.includes(' of ')
      ? ` from ${known}`
      : isAttacked
        ? ` that came in ${sender}’s name`
        : ` from ${sender}`;
  return `${who} ${first.does} ${nounOf(first.letter, speech)}${from}`;
};

/** What a device took or threw away in a step, as a sentence; `null`: nothing of the kind. */
export const cameOf = (run: Run, step: Step, speech: Speech): string | null =>
  takenIn(step, speech) ??
  leftIn(run, step, speech) ??
  readIn(step, speech) ??
  sharedIn(step, speech) ??
  sentIn(run, step, speech) ??
  askedIn(run, step, speech);

/** What a device gave in a step in which nobody asked it to. */
const sharedIn = (step: Step, speech: Speech): string | null => {
  for (const player of new Set(storedIn(step).map((one) => one.player))) {
    const done = predicatesIn(step, player, speech);
    if (done.length > 0) return `${speech.plain(speech.name(player))} ${listed(done)}`;
  }
  return null;
};

/** The first letter that a device sent in a step, as the picture has it: `Alice’s phone answers with a secret to Alice’s tablet`. */
const sentIn = (run: Run, step: Step, speech: Speech): string | null => {
  if (!step.moments.some((moment) => moment.kind === 'request' && moment.path.includes('/sendToDevice/'))) return null;
  const nth = run.steps.indexOf(step);
  const row = rowsOf(run).rows.find((one) => one.step === nth && one.wire.startsWith('PUT /sendToDevice'));
  if (row === undefined) return null;
  return `${speech.plain(speech.name(row.from))} ${speech.plain(`x ${row.label.slice(0, 1).toLowerCase()}${row.label.slice(1)}`).slice(2)}`;
};

/** What devices ask servers for that people would call an act of the device, by method and the end of the path. */
const asking: readonly (readonly [RegExp, string])[] = [
  [/^GET .*\/media\/download\//, 'downloads the bundle'],
  [/^POST .*\/room_keys\/version$/, 'makes a new key backup'],
  [/^PUT .*\/room_keys\/keys/, 'uploads room keys to the backup'],
  [/^GET .*\/room_keys\/keys/, 'fetches room keys from the backup'],
];
const askedIn = (run: Run, step: Step, speech: Speech): string | null => {
  const devices = new Set(run.players.flatMap((player) => ('account' in player ? [player.id] : [])));
  const asked = step.moments.flatMap((moment) => {
    if (moment.kind !== 'request' || !devices.has(moment.from) || moment.status >= 400) return [];
    const rank = asking.findIndex(([match]) => match.test(`${moment.method} ${moment.path}`));
    const words = asking[rank]?.[1];
    return words === undefined ? [] : [{ rank, from: moment.from, words }];
  });
  const [first] = asked.toSorted((one, other) => one.rank - other.rank);
  return first === undefined ? null : `${speech.plain(speech.name(first.from))} ${first.words}`;
};

/** What came of an act beside what it says: ` and shares a key bundle with Bob’s phone`; empty where nothing did. */
export const besides = (step: Step, speech: Speech): string => {
  const done = [...new Set(storedIn(step).map((one) => one.player))].flatMap((player) =>
    predicatesIn(step, player, speech),
  );
  return done.map((one, nth) => `${nth === done.length - 1 ? ' and' : ','} ${one}`).join('');
};
