/** From a run to the rows of its picture: one a message, in order. What carries nothing is left to the text. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { clauseName } from '../../../machines/naming.ts';
import type { Notice } from '../../../machines/types.ts';
import { shortRoom } from '../../engine/names.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { fallenIn, marked } from './breaks.ts';
import { folded, merged, twins } from './folding.ts';
import { outcomeOf, outcomeWords } from './outcomes.ts';
import type { Capsule, Gate, Row, RowKind, Rows } from './row.ts';
import { isAttacker, stepWords, toldIn, wireNamesIn } from './sides.ts';
import { capitalised, chartWords, eventWords, requestWords, secretWords, shortPath } from './words.ts';

type Request = Extract<Moment, { kind: 'request' }>;
type Sent = { readonly step: number; readonly from: PlayerId; readonly type: string; readonly content: JsonObject };

/** What the picture knows of the run as a whole while it goes through the steps. */
type Context = {
  readonly run: Run;
  readonly isAttacker: (player: PlayerId) => boolean;
  /** A device by account and id, in words. */
  readonly deviceWords: (account: string, device: string) => string;
  /** A sentence with words for devices in it. */
  readonly told: (sentence: string) => string;
  /** Ciphertext body → what was inside, where some delivery opened it. */
  readonly inside: ReadonlyMap<string, { readonly type: string; readonly content: JsonObject }>;
  /** Ciphertext body → who sent it. */
  readonly senders: ReadonlyMap<string, Sent>;
  readonly forgeries: ReadonlySet<string>;
};

/** Every `ciphertext.*.body` within a JSON value. */
const bodiesIn = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((one) => bodiesIn(one));
  if (!isObject(value)) return [];
  const own = Object.values(objectAt(value, 'ciphertext')).flatMap((one) => stringAt(one, 'body') ?? []);
  return [...own, ...Object.entries(value).flatMap(([key, one]) => (key === 'ciphertext' ? [] : bodiesIn(one)))];
};

const contextOf = (run: Run): Context => {
  const attackers = new Set(run.players.filter(isAttacker).map(({ id }) => id));
  const inside = new Map<string, { readonly type: string; readonly content: JsonObject }>();
  const senders = new Map<string, Sent>();
  const forgeries = new Set<string>();
  for (const [step, { moments }] of run.steps.entries())
    for (const moment of moments) {
      if (moment.kind === 'delivery' && moment.opened !== null)
        for (const body of bodiesIn(moment.event)) inside.set(body, moment.opened);
      if (moment.kind === 'request' && moment.path.includes('/sendToDevice/'))
        for (const body of bodiesIn(moment.body))
          if (!senders.has(body)) senders.set(body, { step, from: moment.from, type: '', content: {} });
      if (moment.kind === 'forged')
        for (const event of Array.isArray(moment.after) ? moment.after : [moment.after])
          forgeries.add(JSON.stringify(event));
    }
  return {
    run,
    isAttacker: (player) => attackers.has(player),
    deviceWords: wireNamesIn(run),
    told: toldIn(run),
    inside,
    senders,
    forgeries,
  };
};

const blank = {
  sealed: false,
  opened: false,
  lost: false,
  asked: false,
  late: false,
  refused: null,
  gates: [],
  capsules: [],
  learned: [],
  verdicts: [],
  causes: [],
} as const;

/** To whom a `sendToDevice` body goes. */
const recipients = ({ deviceWords }: Context, body: Json): readonly string[] =>
  Object.entries(objectAt(body, 'messages')).flatMap(([user, byDevice]) =>
    isObject(byDevice) ? Object.keys(byDevice).map((device) => deviceWords(user, device)) : [],
  );

const sendWords = (
  context: Context,
  request: Request,
): { readonly label: string; readonly sealed: boolean; readonly wire: string } => {
  const type = shortPath(request.path).split('/sendToDevice/')[1]?.split('/')[0] ?? '';
  const bodies = bodiesIn(request.body);
  const known = bodies.map((body) => context.inside.get(body)).find((one) => one !== undefined);
  const first = Object.values(objectAt(request.body, 'messages')).flatMap((one) =>
    isObject(one) ? Object.values(one) : [],
  )[0];
  const words =
    known === undefined ? eventWords(type, isObject(first) ? first : {}) : eventWords(known.type, known.content);
  const to = recipients(context, request.body);
  return {
    label: `${words.sent} to ${to.length > 2 ? `${to.length} devices` : to.join(', ')}`,
    sealed: bodies.length > 0,
    wire: `PUT /sendToDevice${type === 'm.room.encrypted' ? '' : `/${type}`}`,
  };
};

/** A device is its owner's, or the attacker's who has it: so is what it does. */
const sided = (context: Context, player: PlayerId): RowKind => (context.isAttacker(player) ? 'attacker' : 'honest');

const requestRow = (context: Context, step: number, request: Request): Row => {
  const byAttacker = context.isAttacker(request.from);
  const words = request.path.includes('/sendToDevice/')
    ? { ...sendWords(context, request), toward: 'server' as const }
    : { ...requestWords(request), wire: `${request.method} ${wirePath(request.path)}` };
  const refused =
    request.status >= 400 ? `${request.status} ${stringAt(request.response, 'errcode') ?? ''}`.trim() : null;
  const inward = words.toward === 'client' || request.lost === true;
  return {
    ...blank,
    step,
    shape: 'message',
    kind: request.lost ? 'dropped' : byAttacker ? 'attacker' : 'honest',
    from: inward ? request.to : request.from,
    to: inward ? request.from : request.to,
    sealed: words.sealed && refused === null,
    lost: request.lost === true,
    asked: inward,
    label: request.lost ? `${words.label}: the answer is lost` : words.label,
    wire: words.wire,
    refused,
  };
};

const deliveryRow = (context: Context, step: number, moment: Extract<Moment, { kind: 'delivery' }>): Row => {
  const type = stringAt(moment.event, 'type') ?? 'an event';
  const sent = bodiesIn(moment.event)
    .map((body) => context.senders.get(body))
    .find((one) => one !== undefined);
  const forged = context.forgeries.size > 0 && context.forgeries.has(JSON.stringify(moment.event));
  const words =
    moment.opened === null
      ? eventWords(type, objectAt(moment.event, 'content'))
      : eventWords(moment.opened.type, moment.opened.content);
  const source = moment.facts.encrypted ? moment.facts.sender?.device : undefined;
  const { claimedSender } = moment.facts;
  const from =
    source === undefined ? `“${claimedSender.split(':')[0] ?? ''}”` : context.deviceWords(claimedSender, source);
  return {
    ...blank,
    step,
    shape: 'message',
    kind: forged ? 'forged' : sent !== undefined && context.isAttacker(sent.from) ? 'attacker' : 'honest',
    from: moment.from,
    to: moment.to,
    sealed: type === 'm.room.encrypted',
    opened: moment.opened !== null && type === 'm.room.encrypted',
    late: sent !== undefined && step - sent.step > 2,
    label: `${words.got} by ${from}`,
    wire: moment.opened === null || moment.opened.type === type ? type : `${type} › ${moment.opened.type}`,
  };
};

const here = (step: number, kind: RowKind, player: PlayerId, label: string, wire: string): Row => ({
  ...blank,
  step,
  kind,
  shape: 'here',
  from: player,
  to: player,
  label,
  wire,
});

/** A room's messages are part of the picture: what is read, by whom it seems, on whose word. Other notices are not. */
const shownRow = (step: number, player: PlayerId, kind: RowKind, notice: Notice): Row | null => {
  const sender = stringAt(notice, 'sender') ?? '';
  if (notice.about === 'unreadable message')
    return here(step, 'dropped', player, 'Cannot read a message', `of ${sender}: ${stringAt(notice, 'reason') ?? ''}`);
  if (notice.about !== 'message') return null;
  const sharedBy = stringAt(notice, 'sharedBy');
  const text = stringAt(notice, 'message') ?? stringAt(notice, 'text') ?? '';
  return here(
    step,
    kind,
    player,
    `Reads “${text}”`,
    `from ${sender}${sharedBy === undefined ? '' : `, shared by ${sharedBy}`}`,
  );
};

/** Rooms by their names; in a backup they stand as they are. */
const wirePath = (path: string): string => {
  const short = shortPath(path);
  return short.startsWith('/room_keys/') ? short : short.split('/').map(shortRoom).join('/');
};

/** What a moment adds to the row it belongs to; `null` when it is a row of its own or no matter for a picture. */
const adding = (run: Run, step: Step, moment: Moment): ((row: Row) => Row) | null => {
  switch (moment.kind) {
    case 'state':
      return (row) => ({ ...row, capsules: merged(row.capsules, moment) });
    case 'clause': {
      const outcome = outcomeOf(run, step, moment);
      if (outcome.is === 'done') return null;
      const { clause, player, role } = moment;
      return (row) => ({ ...row, gates: [...row.gates, { clause, player, role, outcome }] });
    }
    case 'learned':
      return (row) => ({
        ...row,
        learned: [...row.learned, { player: moment.player, what: secretWords(moment.what) }],
      });
    default:
      return null;
  }
};

const rowOf = (context: Context, step: number, moment: Moment): Row | null => {
  switch (moment.kind) {
    case 'request':
      return requestRow(context, step, moment);
    case 'delivery':
      return deliveryRow(context, step, moment);
    case 'forged': {
      const row = here(
        step,
        'forged',
        moment.server,
        capitalised(moment.what),
        moment.victim === null ? moment.server : `for ${moment.victim}`,
      );
      return context.run.players.some(({ id }) => id === moment.player)
        ? { ...row, shape: 'message', from: moment.player }
        : row;
    }
    case 'discarded':
      return here(step, 'dropped', moment.player, 'Discards it', moment.why);
    case 'fault':
      return here(step, 'dropped', moment.player, capitalised(moment.fault), 'fault');
    case 'refused':
      return here(step, 'dropped', moment.player, `Refused: ${moment.verb}`, moment.errcode ?? moment.reason);
    case 'restarted':
      return here(step, sided(context, moment.player), moment.player, 'Restarts', 'store kept, the rest gone');
    case 'acted':
      return moment.what === 'start'
        ? null
        : here(step, sided(context, moment.player), moment.player, capitalised(moment.what), 'the user acts');
    case 'shown':
      return shownRow(step, moment.player, sided(context, moment.player), moment.notice);
    default:
      return null;
  }
};

type Drawn = { readonly row: Row; readonly quiet: boolean };

const isQuiet = (moment: Moment): boolean =>
  moment.kind === 'request' &&
  moment.lost !== true &&
  (moment.status < 400 || moment.path.endsWith('/sync')) &&
  !moment.path.includes('/sendToDevice/') &&
  requestWords(moment).quiet;

/** Which of the rows so far a moment at `player` belongs to: the last one that touches it. */
const belongsTo = (drawn: readonly Drawn[], player: PlayerId): number =>
  drawn.findLastIndex(({ row }) => row.from === player || row.to === player);

const rowsOfStep = (context: Context, index: number, step: Step): readonly Row[] => {
  const drawn: Drawn[] = [];
  const early: ((row: Row) => Row)[] = [];
  let left: Row | null = null;
  for (const moment of step.moments) {
    const row = rowOf(context, index, moment);
    if (row !== null) {
      // A lost answer and the fault that lost it are one event.
      const before = drawn.at(-1)?.row;
      if (moment.kind === 'fault' && before?.lost === true) continue;
      drawn.push({ row: early.splice(0).reduce((now, add) => add(now), row), quiet: isQuiet(moment) });
      continue;
    }
    const add = adding(context.run, step, moment);
    if (add === null || !('player' in moment)) continue;
    const mine = drawn.findIndex((_, nth) => nth === belongsTo(drawn, moment.player));
    const target = mine >= 0 ? mine : drawn.length - 1;
    const found = drawn[target];
    if (found !== undefined) drawn[target] = { row: add(found.row), quiet: found.quiet && moment.kind !== 'learned' };
    else if (moment.kind === 'learned' && moment.how.by === 'held')
      left = add(
        left ??
          here(
            index,
            'leak',
            moment.player,
            capitalised(step.choice.sentence.replace(`${moment.player} `, '')),
            moment.how.text,
          ),
      );
    else early.push(add);
  }
  const rows = [
    ...(left === null ? [] : [left]),
    ...drawn.filter((one) => !one.quiet || one.row.gates.length + one.row.capsules.length > 0).map(({ row }) => row),
  ];
  if (early.length === 0) return twins(folded(rows));
  const actor =
    step.moments.find((moment): moment is Extract<Moment, { player: PlayerId }> => 'player' in moment)?.player ??
    step.choice.who;
  const attacker = context.isAttacker(actor);
  return twins(
    folded([
      ...rows,
      early.reduce(
        (now, add) => add(now),
        here(index, attacker ? 'attacker' : 'honest', actor, stepWords(context.run, step), ''),
      ),
    ]),
  );
};

/**
 * The rows of a run. Every step is in `rows` or in `quiet`: quiet steps carry nothing (a sync without news, a key
 * query), except that a step by which or at which a guarantee breaks always has a row.
 */
export const rowsOf = (run: Run): Rows => {
  const context = contextOf(run);
  const fallen = fallenIn(run);
  const decided = new Set(fallen.flatMap(({ cause, certain }) => [cause, certain]));
  const quiet: number[] = [];
  const rows = run.steps.flatMap((step, index) => {
    const own = rowsOfStep(context, index, step);
    if (own.length > 0) return own;
    if (!decided.has(index)) {
      quiet.push(index);
      return [];
    }
    const kind: RowKind = context.isAttacker(step.choice.who) ? 'attacker' : 'honest';
    const player = fallen.find((one) => one.certain === index && one.at !== null)?.at ?? step.choice.who;
    const known = run.players.some(({ id }) => id === player) ? player : (run.players[0]?.id ?? '');
    return [here(index, kind, known, stepWords(run, step), 'nothing more happens')];
  });
  return {
    rows: marked(
      run,
      rows.map((row) => inWords(row, context.told)),
    ),
    quiet,
  };
};
/** With people’s names for devices in all that is read of it. */
const inWords = (row: Row, told: Context['told']): Row => ({
  ...row,
  label: told(row.label),
  wire: told(row.wire),
  learned: row.learned.map(({ player, what }) => ({ player, what: told(what) })),
});

/** A gate in words: `off, would refuse: Only take pushes from cross-signed devices`. What is cut short keeps what came of it. */
export const gateWords = ({ clause, outcome }: Gate): string => {
  const words = outcomeWords(outcome);
  return `${words}${words.includes(':') ? ' ·' : ':'} ${clauseName(clause)}`;
};

const kindWords: Readonly<Record<RowKind, string | null>> = {
  honest: null,
  attacker: 'attacker',
  forged: 'forged',
  dropped: 'lost',
  leak: 'outside the protocol',
};

/** What of a row is told by lines and places alone, for those who do not see it. `nameOf`: what players are called in the picture. */
export const rowWords = (row: Row, nameOf: (player: PlayerId) => string): string =>
  [
    row.from === row.to ? `at ${nameOf(row.from)}` : `${nameOf(row.from)} to ${nameOf(row.to)}`,
    kindWords[row.kind],
    row.sealed ? (row.opened ? 'sealed and opened' : 'sealed') : null,
    ...row.capsules.map((capsule) => capsuleWords(capsule, nameOf)),
    ...row.causes.map(({ guarantee, certain }) => `leads to ${guarantee}, certain in step ${certain + 1}`),
    ...row.verdicts.map(({ guarantee, verdict }) => `${guarantee} ${verdict === 'breaks' ? 'breaks' : 'is given up'}`),
  ]
    .filter((part) => part !== null)
    .join(', ');

/** `pushes of Bob’s phone: now testing`. */
const capsuleWords = ({ player, chart, to }: Capsule, nameOf: (player: PlayerId) => string): string =>
  `${chartWords(chart)} of ${nameOf(player)}: now ${to}`;
