/**
 * Acts that do not happen. What can be known before anybody is asked is said without asking: a device that is not there, a server
 * that has no such room. What a server says no to is read off the answer to the act's own request (`Form.asks`). Both are a moment
 * of the step: never a throw, and never nothing at all.
 */
import type { Device } from '../../machines/core/env.ts';
import { stringAt } from '../../machines/json.ts';
import { deviceOf, pocketed } from '../attackers/forging.ts';
import { asksFor } from '../engine/endpoints.ts';
import { named } from '../engine/names.ts';
import { ownerIn } from '../engine/player.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import type { Act, Moment, PlayerId, Refusal } from '../engine/types.ts';
import { noting, type Progress, quiet, type World } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { withDevice } from './actors.ts';
import { whyAbsent, whyAway } from './being-there.ts';
import type { Lexicon } from './lexicon.ts';
import { deviceInHand } from './telling.ts';
import { type Form, invitation, letter, message, type OwnRequest } from './verb.ts';

// --- who acts, in which form -----------------------------------------------------------------------

/** The form of a verb that whoever acts goes by. @throws where there is no such verb: the scenario was not checked */
const formOf = ({ formsNamed }: Lexicon, world: World, { who, verb }: Act): Form => {
  const actor =
    named(world.attackers, who)?.plays ??
    (who === 'everyone'
      ? who
      : named(world.servers, who) !== undefined
        ? 'server'
        : ownerIn(who) === who
          ? 'person'
          : 'device');
  const all = formsNamed(verb);
  // An attacker whose role no verb has heard of does as attackers do, whose forms come last.
  const isAttacker = named(world.attackers, who) !== undefined;
  const form = all.find(({ by }) => by.includes(actor)) ?? all.at(isAttacker ? -1 : 0);
  if (form === undefined)
    throw new Error(`nobody has said what "${verb}" does: is it missing in its register, or not loaded?`);
  return form;
};

const isOfDevices = ({ by }: Form): boolean => by.includes('device');

/** What a device does, a person who has but one in their pocket does with that. */
const inHand = (world: World, form: Form, act: Act): Act =>
  isOfDevices(form) ? { ...act, who: pocketed(world, act.who) ?? act.who } : act;

/** What comes of an act that is known to be possible. */
export const actedBy = (lexicon: Lexicon, stage: Stage, world: World, act: Act): Progress => {
  const form = formOf(lexicon, world, act);
  return form.does(stage, world, inHand(world, form, act));
};

/** What comes of an act, or that it is refused: before it is tried, by a server, or because nothing came of it. */
export const performing = (lexicon: Lexicon, stage: Stage, world: World, act: Act): Progress => {
  const form = formOf(lexicon, world, act);
  const own = inHand(world, form, act);
  const reason = whyNotAs(lexicon, stage, world, act, form);
  if (reason !== null) return noting(quiet(world), momentOf(act, { reason }));
  // The world from before is not to be looked at once the act is done (`Kernel.part`).
  const unsent = waits(form) ? unsentBy(world, act) : 0;
  const done = form.does(stage, world, own);
  const refusal =
    refusalIn(act, form, done) ??
    (isUnasked(unsent, act, form, done)
      ? (lastNo(act, done) ?? nothing)
      : isNothing(world, form, done)
        ? nothing
        : null);
  return refusal === null ? done : noting(done, momentOf(act, refusal));
};

const nothing: Refusal = { reason: 'nothing comes of it' };

const momentOf = ({ who, verb }: Act, refusal: Refusal): Moment => ({ kind: 'refused', player: who, verb, ...refusal });

// --- what can be known before ----------------------------------------------------------------------

/** Why an act cannot even be tried; `null` when it can. */
export const whyNot = (lexicon: Lexicon, stage: Stage, world: World, act: Act): string | null =>
  whyNotAs(lexicon, stage, world, act, formOf(lexicon, world, act));

const whyNotAs = (lexicon: Lexicon, stage: Stage, world: World, act: Act, form: Form): string | null => {
  const own = inHand(world, form, act);
  return (
    whyNotBy(stage, world, act, form) ??
    whyNotOf(lexicon, world, act) ??
    form.cannot(stage, world, own) ??
    (form.takesServer ? whyAway(stage, world, own.who) : null)
  );
};

/** Whoever acts is there, and has what it takes. */
const whyNotBy = (stage: Stage, world: World, { who }: Act, form: Form): string | null => {
  const attacker = named(world.attackers, who);
  if (attacker !== undefined) {
    // Whoever is a person like others does everything with the device in their pocket.
    if (roleOf(stage, attacker).account === 'ordinary' && pocketed(world, who) === undefined)
      return `${who} has no device to act with`;
    if (!form.takesDevice || !form.by.some((plays) => withDevice.includes(plays))) return null;
    const player = pocketed(world, who) ?? deviceOf(world, who);
    return player === undefined || named(world.devices, player) === undefined
      ? `${who} has no device to act with`
      : null;
  }
  if (who === 'everyone' || named(world.servers, who) !== undefined) return null;
  if (who.includes('.')) return whyAbsent(world, who);
  return form.takesDevice && deviceInHand(stage, world, who) === null ? `${who} has no device at hand` : null;
};

/** The devices it names are there, and the one it makes is not. */
const whyNotOf = ({ needs, newDeviceOf }: Lexicon, world: World, act: Act): string | null => {
  const made = newDeviceOf(act);
  if (
    made !== null &&
    named(world.devices, made) !== undefined &&
    !world.loggedOut.includes(made) &&
    isStillThere(world, made)
  )
    return `${made} is there already`;
  const missing = needs(act).find((player) => named(world.devices, player) === undefined);
  return missing === undefined ? null : whyAbsent(world, missing);
};

/** Whether its server still knows it; one that was removed may be logged in anew. */
const isStillThere = (world: World, player: PlayerId): boolean => {
  const me = named(world.devices, player)?.store.me;
  const server = me === undefined ? undefined : named(world.servers, me.server);
  return me !== undefined && server !== undefined && tamper.hasDevice(server, me.user, me.device);
};

// --- what became of it -----------------------------------------------------------------------------

/** Whether an act left no trace: nothing was said or changed, or its person did it and no part of the client had a use for that. */
const isNothing = (world: World, { isAlwaysDone }: Form, done: Progress): boolean =>
  !isAlwaysDone &&
  (done.moments.length === 0 ? done.world === world : done.moments.every(({ kind }) => kind === 'acted'));

type Answered = Extract<Moment, { kind: 'request' }>;

/** What whoever acts asked, and was answered. */
const askedBy = (act: Act, { world, moments }: Progress): readonly Answered[] =>
  moments.flatMap((moment) =>
    moment.kind === 'request' && moment.lost !== true && isBy(world, act, moment.from) ? [moment] : [],
  );

const isNo = ({ status }: Answered): boolean => status >= 400 && status < 500;
const isFor = ({ method, endpoint }: OwnRequest, one: Answered): boolean =>
  method === one.method && asksFor(endpoint, one.path);

const refusalOf = ({ status, response }: Answered): Refusal => {
  const errcode = stringAt(response, 'errcode');
  return {
    reason: stringAt(response, 'error') ?? 'the server says no',
    status,
    ...(errcode === undefined ? {} : { errcode }),
  };
};

/** What a server said no to: the act's own request, or whatever it was by somebody whose access token it does not know. */
const refusalIn = (act: Act, { asks }: Form, done: Progress): Refusal | null => {
  const asked = askedBy(act, done);
  // A request may be made again with what the first answer asked for ("User-interactive authentication"): the last one counts.
  const last = asks
    .map((own) => asked.findLast((one) => isFor(own, one) && !(own.orIsGone && one.status === 404)))
    .find((one) => one !== undefined && isNo(one));
  const answer =
    last ?? asked.find(({ status, response }) => status === 401 && stringAt(response, 'errcode') === 'M_UNKNOWN_TOKEN');
  return answer === undefined ? null : refusalOf(answer);
};

/** The last no to what was asked on the way: that there is no backup to delete. */
const lastNo = (act: Act, done: Progress): Refusal | null => {
  const no = askedBy(act, done).findLast(isNo);
  return no === undefined ? null : refusalOf(no);
};

/**
 * Whether an act ended before the request it is about was made, and nothing else came of it: no accident, no question to its person,
 * nothing else that it may come to, no letter or message that the device still has to send.
 */
const isUnasked = (unsent: number, act: Act, form: Form, { world, moments }: Progress): boolean =>
  form.asks.length > 0 &&
  !form.mayAskNothing &&
  !moments.some(
    (moment) =>
      isSomething(moment) ||
      form.comesTo(moment) ||
      (moment.kind === 'request' && form.asks.some((own) => isFor(own, moment))),
  ) &&
  (!waits(form) || unsentBy(world, act) <= unsent);
/** Whether what it is about can wait in the device. */
const waits = ({ asks }: Form): boolean => [letter, message, invitation].some((one) => asks.includes(one));
const isSomething = (moment: Moment): boolean =>
  moment.kind === 'fault' ||
  moment.kind === 'shown' ||
  moment.kind === 'refused' ||
  (moment.kind === 'request' && (moment.status === 429 || moment.status >= 500));
/** How many letters, messages and invitations the devices of whoever acts still have to send. */
const unsentBy = (world: World, act: Act): number =>
  Object.entries(world.devices).reduce(
    (sum, [player, device]) => (isBy(world, act, player) ? sum + device.store.outbox.length + waitingAt(device) : sum),
    0,
  );
/** Messages that wait in a device for their room key to be given, and invitations that wait for the one before them. */
const waitingAt = ({ charts }: Device): number =>
  Object.values(charts)
    .flatMap(({ context: { pending, waiting } }) => [pending, waiting])
    .reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);

/** Whether a request was made by whoever acts: the device itself, one of the person's, or one the attacker runs. */
const isBy = (world: World, { who }: Act, from: PlayerId): boolean =>
  from === who ||
  (who.includes('.') ? false : from.startsWith(`${who}.`)) ||
  Object.values(named(world.attackers, who)?.runs ?? {}).includes(from);
