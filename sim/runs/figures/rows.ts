/** From a run to the rows of its picture: one a message, in order. What carries nothing is left to the text. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { Notice } from '../../../machines/types.ts';
import { shortRoom } from '../../engine/names.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { fallenIn, marked } from './breaks.ts';
import { folded, merged, twins } from './folding.ts';
import { outcomeOf } from './outcomes.ts';
import type { Row, RowKind, Rows } from './row.ts';
import { isAttacker, stepWords, toldIn, wireNamesIn } from './sides.ts';
import { capitalised, eventWords, requestWords, secretWords, shortPath } from './words.ts';

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

/** Every `ciphertext.*.body` within a JSON value; added to `found`. */
const bodiesIn = (value: Json | undefined, found: string[] = []): readonly string[] => {
  if (Array.isArray(value)) for (const one of value) bodiesIn(one, found);
  else if (isObject(value)) {
    for (const one of Object.values(objectAt(value, 'ciphertext'))) {
      const body = stringAt(one, 'body');
      if (body !== undefined) found.push(body);
    }
    for (const [key, one] of Object.entries(value)) if (key !== 'ciphertext') bodiesIn(one, found);
  }
  return found;
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

/** A row of a step that is still being put together. */
type Draft = { -readonly [Name in keyof Row]: Row[Name] };

/** `quiet`: it carries nothing a picture needs. */
type Drawn = { readonly row: Draft; quiet: boolean };

/** A request in words. */
const wordsOf = (context: Context, request: Request) => {
  if (request.path.includes('/sendToDevice/'))
    return { ...sendWords(context, request), toward: 'server' as const, quiet: false };
  const { path, quiet, ...words } = requestWords(request);
  const isHeard = request.status < 400 || request.path.endsWith('/sync');
  return {
    ...words,
    wire: `${request.method} ${wirePath(path)}`,
    quiet: quiet && isHeard && request.lost !== true,
  };
};

const requestRow = (context: Context, step: number, request: Request): Drawn => {
  const byAttacker = context.isAttacker(request.from);
  const words = wordsOf(context, request);
  const refused =
    request.status >= 400 ? `${request.status} ${stringAt(request.response, 'errcode') ?? ''}`.trim() : null;
  const inward = words.toward === 'client' || request.lost === true;
  const row: Row = {
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
  return { row, quiet: words.quiet };
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
const wirePath = (short: string): string =>
  short.startsWith('/room_keys/') ? short : short.replaceAll(/(?<=\/)![^/]+/g, (part) => shortRoom(part));

/** How a moment adds to the row it belongs to; `null` when it is a row of its own or no matter for a picture. */
const adding = (run: Run, step: Step, moment: Moment): ((row: Draft) => void) | null => {
  switch (moment.kind) {
    case 'state':
      return (row) => {
        row.capsules = merged(row.capsules, moment);
      };
    case 'clause': {
      const outcome = outcomeOf(run, step, moment);
      if (outcome.is === 'done') return null;
      const { clause, player, role } = moment;
      return (row) => {
        row.gates = [...row.gates, { clause, player, role, outcome }];
      };
    }
    case 'learned':
      return (row) => {
        row.learned = [...row.learned, { player: moment.player, what: secretWords(moment.what) }];
      };
    default:
      return null;
  }
};

/** The row of what is neither a request nor a part of another row. */
const rowOf = (context: Context, step: number, moment: Moment): Row | null => {
  switch (moment.kind) {
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

/** The row of a moment, made for it alone; `null` where it has none of its own. */
const drawnOf = (context: Context, step: number, moment: Moment): Drawn | null => {
  if (moment.kind === 'request') return requestRow(context, step, moment);
  const row = rowOf(context, step, moment);
  return row === null ? null : { row, quiet: false };
};

/** Which of the rows so far a moment at `player` belongs to: the last one that touches it, and else the last. */
const belongsTo = (drawn: readonly Drawn[], player: PlayerId): Drawn | undefined =>
  drawn.findLast(({ row }) => row.from === player || row.to === player) ?? drawn.at(-1);

const rowsOfStep = (context: Context, index: number, step: Step): readonly Row[] => {
  const drawn: Drawn[] = [];
  // What comes before there is a row for it.
  const early: ((row: Draft) => void)[] = [];
  const addEarly = (row: Draft): void => {
    for (const add of early.splice(0)) add(row);
  };
  let left: Row | null = null;
  for (const moment of step.moments) {
    const next = drawnOf(context, index, moment);
    if (next !== null) {
      // A lost answer and the fault that lost it are one event.
      if (moment.kind === 'fault' && drawn.at(-1)?.row.lost === true) continue;
      addEarly(next.row);
      drawn.push(next);
      continue;
    }
    const add = adding(context.run, step, moment);
    if (add === null || !('player' in moment)) continue;
    const found = belongsTo(drawn, moment.player);
    if (found !== undefined) {
      add(found.row);
      if (moment.kind === 'learned') found.quiet = false;
    } else if (moment.kind === 'learned' && moment.how.by === 'held') {
      left ??= here(
        index,
        'leak',
        moment.player,
        capitalised(step.choice.sentence.replace(`${moment.player} `, '')),
        moment.how.text,
      );
      add(left);
    } else early.push(add);
  }
  const rows = [
    ...(left === null ? [] : [left]),
    ...drawn.filter((one) => !one.quiet || one.row.gates.length + one.row.capsules.length > 0).map(({ row }) => row),
  ];
  if (early.length > 0) {
    const actor =
      step.moments.find((moment): moment is Extract<Moment, { player: PlayerId }> => 'player' in moment)?.player ??
      step.choice.who;
    const kind: RowKind = context.isAttacker(actor) ? 'attacker' : 'honest';
    const last = here(index, kind, actor, stepWords(context.run, step), '');
    addEarly(last);
    rows.push(last);
  }
  return twins(folded(rows));
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
