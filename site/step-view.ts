/** What the inspector says of one step: its moments in words, with what is inside them. */
import { isObject, type Json, type JsonObject, stringAt } from '../machines/json.ts';
import { clauseName } from '../machines/naming.ts';
import { shortRoom } from '../sim/engine/names.ts';
import type { ClauseId, Moment, Run, Step } from '../sim/engine/types.ts';
import { roomPatchWords } from '../sim/runs/export/room-words.ts';
import { type ClauseMoment, type Outcome, outcomeOf, outcomeWords } from '../sim/runs/figures/outcomes.ts';
import { namesIn, toldIn } from '../sim/runs/figures/sides.ts';
import { capitalised, chartWords, requestWords, secretWords, shortPath } from '../sim/runs/figures/words.ts';
import { backupDrawers, type Drawer, drawersOf } from './drawers.ts';
import { shortened } from './shortened.ts';

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

/** A part with nothing inside, unless `inside` says otherwise. */
const part = (
  kind: Part['kind'],
  who: string,
  title: string,
  detail: string,
  inside: Partial<Pick<Part, 'clause' | 'quiet' | 'json' | 'drawers'>> = {},
): Part => ({ kind, who, title, detail, json: [], drawers: [], ...inside });

const isEmpty = (value: Json): boolean => value === null || (isObject(value) && Object.keys(value).length === 0);

const requestPart = (run: Run, step: Step, moment: Extract<Moment, { kind: 'request' }>): Part => {
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
          ...(body === null ? [] : [{ name: 'request body, which the server reads', value: shortened(body) }]),
          ...(isEmpty(response) ? [] : [{ name: 'answer', value: shortened(response) }]),
        ],
    drawers:
      sends || path.includes('/send/')
        ? drawersOf(run, step, body)
        : [...backupDrawers(body), ...backupDrawers(response)],
  });
};

const deliveryPart = (
  run: Run,
  step: Step,
  { to, event, facts, opened: inside }: Extract<Moment, { kind: 'delivery' }>,
): Part => {
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
      json: [{ name: 'event as it came, which its servers read', value: shortened(event) }],
      drawers: drawersOf(run, step, event),
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
      return requestPart(run, step, moment);
    case 'delivery':
      return deliveryPart(run, step, moment);
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
