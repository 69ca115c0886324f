/** What somebody did in a line of a story, as a short sentence. */
import { stringAt } from '../../../machines/json.ts';
import { clauseName } from '../../../machines/naming.ts';
import { shortRoom } from '../../engine/names.ts';
import type { Act, Moment, Run, Step } from '../../engine/types.ts';
import { secretWords } from '../figures/words.ts';
import { besides, cameOf } from './came-words.ts';
import { fitting, inQuotes, type Speech, shortened } from './speech.ts';

/** How the spoiled bundles of an attacker are spoiled. */
const spoilt: Readonly<Record<string, string>> = {
  'false owner': 'that lies about whose key it holds',
  'other room': 'that holds a key of another room',
  'both lists': 'that lists a key as shared and as withheld',
  'false session id': 'with a key under another’s id',
  'junk key': 'with a junk key',
  huge: 'that is huge',
  'foreign media': 'on another server',
  'no device keys': 'without sending device keys along',
  'plain pointer': 'in the clear',
  'later index': 'that begins later than it could',
  'worse copy': 'with a worse copy of a key',
};

const accountDataWords = (type: string, content: string): string => {
  const said = /"(?:enabled|disabled)"\s*:\s*("?\w+"?)/.exec(content)?.[1];
  const name = type === 'm.key_backup' ? 'the wish for backup' : 'the trial wish for backup';
  if (said === undefined) return `${name} to something unreadable`;
  return `${name} to “${content.includes('disabled') ? 'disabled' : 'enabled'}: ${said.replaceAll('"', '')}”`;
};

type Words = (args: (name: string) => string, speech: Speech, isAttacker: boolean) => string;
const aSecret = (name: string): string =>
  name === 'm.megolm_backup.v1' || name.startsWith('m.cross_signing')
    ? secretWords(name)
    : `secret “${name.replace('org.example.', '')}”`;

/** A secret that is handed over: an attacker's is of their own making where the line does not say otherwise. */
const theSecret = (name: string, value: string, byAttacker: boolean): string => {
  if (value === 'empty') return `an empty ${aSecret(name)}`;
  if (!byAttacker) return `the ${aSecret(name)}`;
  return value === 'real' ? `the true ${aSecret(name)}` : `a ${aSecret(name)} of their own making`;
};

/** By verb, without the subject. `args`: what stands in the file under a name; empty where nothing does. */
const predicates: Readonly<Record<string, Words>> = {
  'push secret': (of, { name }, byAttacker) => {
    const to = of('to') === '' ? (byAttacker ? '' : ' to the other devices') : ` to ${name(of('to'))}`;
    return `pushes ${theSecret(of('push secret'), of('value'), byAttacker)}${to}`;
  },
  'request secret': (of, { name }) =>
    `asks ${of('from') === '' ? 'the other devices' : name(of('from'))} for the ${aSecret(of('request secret'))}`,
  'answer request': (of, { name }, byAttacker) =>
    `answers a request of ${name(of('to'))} with ${theSecret(of('answer request'), of('value'), byAttacker)}`,
  'create backup': (of, speech, byAttacker) =>
    byAttacker
      ? `puts a backup with a key of their own making into ${of('of') === '' ? 'the account' : `${speech.name(of('of'))}’s account`}`
      : 'makes a key backup',
  'reset backup': () => 'replaces the key backup by a new one, with a new key',
  'delete backup': () => 'deletes the key backup',
  'read backup': () => 'reads the key backup',
  'restore backup': () => 'restores the key backup',
  'check backup': () => 'looks up the key backup',
  'turn backup on': () => 'turns key backup on',
  'turn backup off': () => 'turns key backup off',
  'set account data': (of) => `sets ${accountDataWords(of('set account data'), of('content'))}`,
  'show account data': (of, { name }) =>
    of('content') === ''
      ? `shows ${name(of('to'))} no wish for backup`
      : `shows ${name(of('to'))} ${accountDataWords(of('show account data'), of('content')).replace(' to ', ' as ')}`,
  'log in as': (of, _, byAttacker) =>
    byAttacker
      ? `logs in a device of their own, “${of('log in as')}”`
      : `logs in a new device, ${of('log in as').replaceAll('-', ' ')}`,
  'add device': (of, { name }) => `lists a made-up device, “${of('add device')}”, as ${name(of('to'))}’s`,
  'swap identity': (of, { name }) =>
    `puts an identity of their own in the place of ${name(of('swap identity'))}’s${of('for') === '' ? '' : `, for ${name(of('for'))}`}`,
  'give backup number again': (of, { name }) =>
    `gives ${name(of('give backup number again'))}’s next backup the number of the newest one`,
  'sign device': () => 'signs their device with the self-signing key they have',
  poison: (of, { name }) =>
    `invites ${name(of('poison'))} to ${of('in')} with a bundle ${spoilt[of('with')] ?? `with ${of('with')}`}`,
  point: (of, { name }) =>
    `points ${name(of('point'))} to a bundle for ${of('in')} ${spoilt[of('with')] ?? `with ${of('with')}`}`,
  'forward room key': (of, { name }) =>
    `forwards ${name(of('to'))} a room key${of('key of') === '' ? ' of their own making' : ''} as that of ${name(of('forward room key'))}`,
  'give room key': (of, { name }) => `gives ${name(of('give room key'))} a room key of their own making`,
  'send with keys of': (of, { name }) =>
    `writes to ${name(of('to'))} under the device keys of ${name(of('send with keys of'))}`,
  'send event': (of, { name, plain }) =>
    `sends ${name(of('to'))} ${of('send event').startsWith('user.') ? `a letter of type “${of('send event')}”` : plain(of('send event')).replace(/^A/, 'a')}`,
  'claim one-time keys of': (of, { name }) => `uses up one-time keys of ${name(of('claim one-time keys of'))}`,
  send: (of) => `writes “${shortened(of('send'), 30)}” in ${of('in')}`,
  invite: (of, { name }) => `invites ${name(of('invite'))} to ${of('to')}`,
  'bind mail': () => 'has an e-mail address bound to their account',
  'invite by mail': (of) => `invites somebody by e-mail to ${of('to')}`,
  join: (of) => `joins ${of('join')}`,
  leave: (of) => `leaves ${of('leave')}`,
  decline: (of) => `declines to join ${of('decline')}`,
  knock: (of) => `knocks at ${of('knock')}`,
  kick: (of, { name }) => `puts ${name(of('kick'))} out of ${of('from')}`,
  ban: (of, { name }) => `bans ${name(of('ban'))} from ${of('from')}`,
  unban: (of, { name }) => `unbans ${name(of('unban'))} from ${of('from')}`,
  'forge history': (of) => `says that the history of ${of('in')} is “${of('forge history')}”`,
  'forge membership': (of, { name }) => `makes up a “${of('forge membership')}” of ${name(of('of'))} in ${of('in')}`,
  'bend media': (of, { name }) => `changes the file of the bundle, so that it names ${name(of('bend media'))}`,
  'set history': (of) => `sets the history of ${of('in')} to “${of('set history')}”`,
  'create room': (of) => `creates the room ${of('create room')}`,
  'scroll back': (of) => `looks back at what was said in ${of('scroll back')}`,
  verify: (of, { name }) => `verifies ${name(of('verify'))}`,
  'verify user': (of, { name }) => `verifies ${name(of('verify user'))}`,
  remove: (of, { name }) => `removes ${name(of('remove'))}`,
  'start room key': () => 'begins a room key, which is backed up where backup is on',
  'enter secret': (of) => `types in a ${aSecret(of('enter secret'))}`,
  accept: () => 'says yes to what the client asks',
  refuse: () => 'says no to what the client asks',
  'confirm sharing': () => 'agrees to share the secret asked for',
  'decline sharing': () => 'declines to share the secret asked for',
  restart: () => 'stops and starts again',
  copy: () => 'is copied, with all that it stores',
  'restore from copy': () => 'comes up from an old copy of itself',
  'update to': (of) => `is updated to another text, ${of('update to')}`,
  'start keeping': (of) => `is updated, and keeps ${inQuotes(clauseName(of('start keeping')))}`,
  'stop keeping': (of) => `is updated, and skips ${inQuotes(clauseName(of('stop keeping')))}`,
  'start reading': (of) => `is updated, and reads ${of('start reading')}`,
  'use names': () => 'is updated, and uses other names on the wire',
  'reset cross-signing': () => 'makes a new identity',
  'export room keys': () => 'writes the room keys to a file',
  'import room keys': () => 'reads the room keys out of a file',
  'forward room keys': (of, { name }) => `forwards its room keys to ${name(of('forward room keys'))}`,
  'sync with a gap': () => 'syncs, and is told only the newest event',
  'go offline': () => 'goes offline',
  'come online': () => 'comes online',
  sync: (_, __, byAttacker) => (byAttacker ? 'reads what has come' : 'syncs'),
  fail: (of, { name }) => `fails a request of ${name(of('for'))} (${of('fail').replaceAll(/[_/]/g, ' ')})`,
  'lose answer of': (of, { name }) =>
    `loses an answer for ${name(of('for'))} (${of('lose answer of').replaceAll(/[_/]/g, ' ')})`,
  repeat: (of, { name }) => `receives a request of ${name(of('for'))} twice (${of('repeat').replaceAll(/[_/]/g, ' ')})`,
  'deliver to': (of, { name }) => `passes on to ${name(of('deliver to'))} what waits`,
  'lose transaction to': (of, { name }) => `loses what it sends to ${name(of('lose transaction to'))}`,
  'hold transactions to': (of, { name }) => `sends nothing to ${name(of('hold transactions to'))} for now`,
  'release transactions to': (of, { name }) => `sends what it held to ${name(of('release transactions to'))}`,
  'expire media': () => 'throws away its files',
  'limit uploads': () => 'takes only small files',
  wait: (of) =>
    `waits ${of('wait')
      .replace(/^(\d+)h$/, '$1 hours')
      .replace(/^(\d+)d$/, '$1 days')}`,
};

/** Acts of the story in the steps that took them, by the step (index): lines in order, acts of one line by their number. */
export const actsOf = ({ scenario, steps }: Run): ReadonlyMap<number, Act> => {
  const acts = new Map<number, Act>();
  let line = 0;
  let taken = 0;
  for (const [step, { choice }] of steps.entries()) {
    if (choice.kind !== 'story') continue;
    const own = scenario.story[line] ?? [];
    const act = own[choice.nth ?? 0];
    if (act !== undefined) acts.set(step, act);
    taken += 1;
    if (taken >= own.length) {
      line += 1;
      taken = 0;
    }
  }
  return acts;
};

type Forged = Extract<Moment, { readonly kind: 'forged' }>;
const forgedWords = ({ what, victim }: Forged, { name, plain }: Speech): string => {
  const told = plain(`x ${what}`).slice(2).replace('of its own', 'of their own');
  return victim === null || /\bfor\b/.test(what) ? told : `${told}, for ${name(victim)}`;
};

const most = 98;

/**
 * `Mallory pushes a made-up backup key to Alice’s phone`; an act that was refused says so. `isDecisive`: what came of it beside is told where
 * there is room.
 */
export const deedText = (
  run: Run,
  step: Step,
  act: Act | undefined,
  speech: Speech,
  { isAttacker, isDecisive }: { readonly isAttacker: boolean; readonly isDecisive: boolean },
): string => {
  const refused = step.moments.some((moment) => moment.kind === 'refused');
  const end = refused ? ', but is refused' : '';
  const who = act?.who ?? step.choice.who;
  const words = act === undefined ? undefined : predicates[act.verb];
  const args = (name: string): string => shortRoom(stringAt(act?.args, name) ?? '');
  const isQuiet = act === undefined || act.verb === 'sync' || act.verb === 'settle';
  const came = isQuiet ? cameOf(run, step, speech) : null;
  if (came !== null) return fitting(most, [came]);
  if (act !== undefined && words !== undefined) {
    const did = `${speech.plain(speech.name(who))} ${words(args, speech, isAttacker)}`;
    return fitting(most, [...(isDecisive && !refused ? [`${did}${besides(step, speech)}`] : []), `${did}${end}`]);
  }
  const forged = step.moments.find((moment) => moment.kind === 'forged');
  if (forged !== undefined)
    return fitting(most, [`${speech.plain(speech.name(forged.player))} ${forgedWords(forged, speech)}${end}`]);
  return fitting(most, [`${speech.plain(step.choice.sentence)}${end}`]);
};
