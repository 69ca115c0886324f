/** One moment of a step as one readable line: what transcripts, Mermaid notes and ShiViz events say. */
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { StorePatch } from '../../../machines/store.ts';
import type { EnvelopeFacts, SecretOrigin } from '../../../machines/types.ts';
import { counted, shortRoom } from '../../engine/names.ts';
import type { Moment, Run, Step } from '../../engine/types.ts';
import { type Outcome, outcomeOf, outcomeWords } from '../figures/outcomes.ts';
import { roomPatchWords } from './room-words.ts';
import { oneLine, shortPath, shortTerm } from './short.ts';

type Of<K extends Moment['kind']> = Extract<Moment, { readonly kind: K }>;

/** What kind of thing happened, where, and in words. */
export type MomentLine = { readonly tag: string; readonly where: string; readonly text: string };

export const momentLine = (moment: Moment): MomentLine => ({
  tag: moment.kind,
  where: whereOf(moment),
  text: oneLine(textOf(moment)),
});

/** The same where its step is at hand: of a clause, what became of what it was asked about. */
export const momentLineIn = (run: Run, step: Step, moment: Moment): MomentLine => {
  const line = momentLine(moment);
  return moment.kind === 'clause' ? { ...line, text: clauseText(moment, outcomeOf(run, step, moment)) } : line;
};

const whereOf = (moment: Moment): string => {
  switch (moment.kind) {
    case 'request':
    case 'delivery':
      return `${moment.from} -> ${moment.to}`;
    case 'heard':
    case 'state':
    case 'clause':
      return `${moment.player} ${moment.chart}`;
    default:
      return moment.player;
  }
};

const textOf = (moment: Moment): string => {
  switch (moment.kind) {
    case 'request':
      return requestText(moment);
    case 'delivery':
      return deliveryText(moment);
    case 'discarded':
      return `${stringAt(moment.event, 'type') ?? 'an event'}: ${moment.why}`;
    case 'heard':
      return heardText(moment.event);
    case 'state':
      return `${moment.from} -> ${moment.to}`;
    case 'clause':
      return clauseText(moment);
    case 'stored':
      return patchText(moment.patch);
    case 'shown':
      return `“${moment.notice.text}” (${moment.notice.about})`;
    case 'acted':
      return [moment.what, ...detailsOf(moment)].join(' ');
    case 'restarted':
      return 'stops and starts again';
    case 'learned':
      return `${moment.what} ${shortTerm(moment.term)}: ${moment.how.text}`;
    case 'forged':
      return `${moment.what}${moment.victim === null ? '' : `, for ${moment.victim}`} (at ${moment.server})`;
    case 'fault':
      return moment.fault;
    case 'refused':
      return refusalText(moment);
  }
};

/** `kick is refused with 403 M_FORBIDDEN: You are not in this room`. */
const refusalText = ({ verb, reason, status, errcode }: Of<'refused'>): string => {
  const code = [status === undefined ? [] : String(status), errcode ?? []].flat();
  return `${verb} is refused${code.length === 0 ? '' : ` with ${code.join(' ')}`}: ${reason}`;
};

/** `PUT /sendToDevice/m.room.encrypted 200`, and to whom or what came of it. */
export const requestText = ({ method, path, query, status, body, response, lost, untaken }: Of<'request'>): string => {
  const short = shortPath(path);
  // A transaction id names nothing that anybody compares.
  const shown = short.startsWith('/sendToDevice/')
    ? short.split('/').slice(0, 3).join('/')
    : short.startsWith('/room_keys/')
      ? short
      : short.split('/').map(shortRoom).join('/');
  const error = stringAt(response, 'errcode');
  const version = short.startsWith('/room_keys/version') ? stringAt(response, 'version') : query?.version;
  const parts = [
    `${method} ${shown}`,
    String(status),
    ...(error === undefined ? [] : [error]),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...recipients(body),
    ...(lost === true ? ['the answer is lost'] : []),
    ...(untaken === true ? ['which is not taken in as a whole'] : []),
  ];
  return parts.join('  ');
};

const recipients = (body: unknown): readonly string[] => {
  const to = Object.entries(objectAt(body, 'messages')).flatMap(([user, devices]) =>
    isObject(devices) ? Object.keys(devices).map((device) => `${user} ${device}`) : [],
  );
  return to.length === 0 ? [] : [`to ${to.join(', ')}`];
};

const deliveryText = ({ event, opened, facts }: Of<'delivery'>): string => {
  const outer = stringAt(event, 'type') ?? 'an event';
  const inner = opened ?? (facts.encrypted ? null : { type: outer, content: objectAt(event, 'content') });
  const what =
    inner === null ? `${outer}, which does not open` : opened === null ? outer : `${outer} holding ${inner.type}`;
  const name = inner === null ? undefined : stringAt(inner.content, 'name');
  return [[what, ...(name === undefined ? [] : [name])].join(' '), ...factsText(facts)].join('; ');
};

/** The facts that any judgement could rest on. */
const factsText = (facts: EnvelopeFacts): readonly string[] => {
  const { sender } = facts;
  const from =
    sender === null
      ? `from nobody known, named ${facts.claimedSender}`
      : `${facts.encrypted ? 'from' : 'shows the keys of'} ${sender.user} ${sender.device}, ${signedText(sender)}`;
  const named = sender !== null && sender.user !== facts.claimedSender ? [`named ${facts.claimedSender}`] : [];
  const secret =
    facts.secretPublic === null
      ? []
      : [
          `secret for public key ${shortTerm(facts.secretPublic)}${
            facts.publishedPublic === null
              ? ''
              : facts.publishedPublic === facts.secretPublic
                ? ', as published'
                : ', not as published'
          }`,
        ];
  return [
    facts.encrypted ? 'sealed' : 'in the clear',
    from,
    ...named,
    ...(facts.ownUser ? [] : ['another user’s']),
    ...secret,
  ];
};

const signedText = (sender: NonNullable<EnvelopeFacts['sender']>): string => {
  if (sender.byPinnedIdentity) return 'cross-signed by the pinned identity';
  if (sender.crossSignedBy !== null) return `cross-signed by another identity ${shortTerm(sender.crossSignedBy)}`;
  return sender.selfSigned ? 'not cross-signed' : 'not even signed by itself';
};

/** A to-device event goes by the type that somebody wrote. */
const eventName = ({ type }: Of<'heard'>['event']): string => type.replace(/^to-device /, '');

const heardText = (event: Of<'heard'>['event']): string => {
  const status = event.status === undefined ? [] : [String(event.status)];
  const name = event.name ?? ('content' in event ? stringAt(event.content, 'name') : undefined);
  return [eventName(event), ...status, ...(name === undefined ? [] : [name])].join(' ');
};

/** What the clause says, in capitals where that was thrown away; off clauses with what they would have said. */
const clauseText = ({ clause, says, off }: Of<'clause'>, outcome: Outcome | null = null): string => {
  if (off) {
    const would = says === 'refuses' ? 'would refuse' : says === 'not done' ? 'would be done' : 'would permit';
    const isOther = outcome?.is === 'off' && says === 'refuses' && outcome.would.is !== 'thrown away';
    return `${clause} is off (${isOther ? outcomeWords(outcome).replace(/^off, /, '') : would})`;
  }
  if (says !== 'refuses') return `${clause} ${says}`;
  if (outcome === null || outcome.is === 'thrown away')
    return `${clause} REFUSES${outcome?.some === true ? ' some' : ''}`;
  return `${clause} does not permit: ${outcomeWords(outcome)}`;
};

const originText = (origin: SecretOrigin): string => {
  if (origin.how === 'push' || origin.how === 'request')
    return `${origin.how === 'push' ? 'pushed' : 'answered'} by ${origin.user} ${origin.device ?? '(device unknown)'}`;
  return { made: 'made here', entered: 'entered', verification: 'given at verification' }[origin.how];
};

const patchText = (patch: StorePatch): string => {
  switch (patch.patch) {
    case 'secret':
      return `${patch.name} ${patch.held.public === null ? '' : `for public key ${shortTerm(patch.held.public)} `}(${originText(patch.held.origin)})`;
    case 'forget secret':
      return `forgets ${patch.name}`;
    case 'backup':
      return patch.backup === null
        ? 'uses no backup'
        : `uses backup version ${patch.backup.version} with public key ${shortTerm(patch.backup.publicKey)}`;
    case 'backed up':
      return `${counted(patch.sessions.length, 'room key')} in backup version ${patch.version}`;
    case 'backup preference':
      return `backs up ${patch.isOn ? 'room keys' : 'nothing'} (${patch.why})`;
    case 'pin':
      return `pins ${shortTerm(patch.master)} as the identity of ${patch.user}`;
    case 'room keys':
    case 'withheld':
    case 'room key given':
    case 'history shared':
    case 'room made':
    case 'room visibility':
    case 'room member':
      return roomPatchWords(patch);
  }
};

/** Words of an act's details; what is not a word is left out. */
const detailsOf = ({ what, detail }: Of<'acted'>): readonly string[] =>
  Object.entries(detail).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    // A room key may be begun in a room that nobody is in; other rooms go by their names.
    const short = what === 'start room key' ? value : shortRoom(value);
    return [`${name} ${short.length > 40 && name !== 'text' ? shortTerm(short) : short}`];
  });
