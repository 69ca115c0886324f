import { clausesOf } from '../../machines/acceptances.ts';
import { type JsonObject, objectAt, stringAt, without } from '../../machines/json.ts';
import type { UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { filed, filedIn, loginOf, notedIn, userOf } from './evidence/accounts.ts';
import { isVouched, keysCome } from './evidence/arrivals.ts';
import { doneAs, doneIn, toldAs } from './evidence/asked.ts';
import { asCopied } from './evidence/beginning.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { decisionIn, noPreferences, type Preferences, preferencesAfter, saidIn } from './evidence/preferences.ts';
import { shownAs, storedAs } from './evidence/requests.ts';
import { filedUnder } from './evidence/room-keys.ts';
import { type Genuine, genuineAfter, ownersOfSecret, secretStored } from './evidence/secrets.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

type Meant = { readonly isOn: boolean; readonly by: PlayerId };

type Code = { readonly code: string; readonly from: UserId };

type Memory = Holdings & {
  readonly preferences: Preferences;
  readonly secrets: Genuine;
  /** Session → own devices that have put it into a backup. */
  readonly sealers: Readonly<Record<string, Readonly<Record<string, readonly PlayerId[]>>>>;
  /** User of the cast → type of account data → what whoever wrote it last meant. */
  readonly meant: Readonly<Record<string, Readonly<Record<string, Meant>>>>;
  /** Device → session → the codes by which it was told that the session is withheld, and by whose account, each once. */
  readonly codes: Readonly<Record<PlayerId, Readonly<Record<string, readonly Code[]>>>>;
};

/** Whether two devices are of different forms of a text, or either goes by other names than the final ones. */
const differ = (witness: Witness, one: PlayerId, other: PlayerId): boolean => {
  const [mine, theirs] = [witness.form(one), witness.form(other)];
  return mine.text !== theirs.text || !mine.isFinal || !theirs.isFinal;
};

/** The honest device that a letter is from, of another form than its reader's; `null`: none. */
const otherForm = (
  memory: Memory,
  moment: Extract<Moment, { kind: 'delivery' }>,
  witness: Witness,
): PlayerId | null => {
  const { sender } = moment.facts;
  const login = sender === null ? null : loginOf(memory.accounts, sender.user, sender.device);
  const isMet = login !== null && witness.honest(login.by) && witness.honest(moment.to) && login.by !== moment.to;
  return isMet && differ(witness, login.by, moment.to) ? login.by : null;
};

const remembering = (before: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  let memory = asCopied(holdingsAfter(before, moment, witness), moment, 'codes');
  const secrets = genuineAfter(memory.secrets, moment, step, witness);
  const preferences = preferencesAfter(memory.preferences, moment, step, witness);
  if (secrets !== memory.secrets || preferences !== memory.preferences) memory = { ...memory, secrets, preferences };
  const sealed = storedAs(moment, 'backed up');
  const user = sealed === null ? null : userOf(memory.accounts, sealed.player);
  if (sealed !== null && user !== null && witness.honest(sealed.player))
    for (const name of sealed.patch.sessions)
      memory = { ...memory, sealers: notedIn(memory.sealers, filedUnder(name), user, sealed.player) };
  const withheld = storedAs(moment, 'withheld');
  if (withheld !== null && witness.honest(withheld.player)) {
    const told = Object.values(withheld.patch.entries).reduce(
      (codes, { sessionId, code, from }) => filed(codes, sessionId, withCode(codes[sessionId] ?? [], { code, from })),
      memory.codes[withheld.player] ?? {},
    );
    memory = { ...memory, codes: filed(memory.codes, withheld.player, told) };
  }
  return writing(memory, moment, witness);
};

const withCode = (codes: readonly Code[], code: Code): readonly Code[] =>
  codes.some((one) => one.code === code.code && one.from === code.from)
    ? codes
    : [...codes, code].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/**
 * An honest client writes under one of its names what its user wants, who has chosen there, or else what it goes by itself. Where a thief
 * wrote anything, nobody can tell any more.
 */
const writing = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'set account data') return memory;
  if (!witness.honest(moment.from)) {
    return { ...memory, meant: without(memory.meant, witness.personOf(asked.user) ?? '') };
  }
  const person = witness.ownerOf(moment.from) ?? '';
  const { chosen, chosenOn, decided } = memory.preferences;
  const says = saidIn(asked.type, moment.body);
  const own = says === 'on' || says === 'off' ? says === 'on' : named(decided, moment.from)?.isOn;
  const isOn = named(chosenOn, person) === moment.from ? named(chosen, person) : own;
  if (isOn === undefined) return memory;
  return {
    ...memory,
    meant: filedIn(memory.meant, person, asked.type, { isOn, by: moment.from }),
  };
};

/** A choice is read as its opposite, where all that was written of it says the same and nobody lied. */
const misreadChoice = (memory: Memory, moment: Moment, witness: Witness): Break | null => {
  const decision = decisionIn(moment, witness);
  if (decision === null || decision.why !== 'preference') return null;
  const user = witness.ownerOf(decision.player) ?? '';
  const meant = Object.values(named(memory.meant, user) ?? {});
  if (
    named(memory.preferences.decided, decision.player)?.isMisled === true ||
    meant.some(({ isOn }) => isOn === decision.isOn)
  )
    return null;
  if (!meant.some(({ by }) => differ(witness, by, decision.player))) return null;
  return {
    at: decision.player,
    about: { is: 'preference', user },
    why: `${decision.player} turns backup ${decision.isOn ? 'on' : 'off'} by what was written to say the opposite`,
    acceptedBy: null,
  };
};

/** A mark of a room key is read as its opposite, by a device that is given it by its maker, or by a backup of one's own. */
const misreadFlags = (memory: Memory, moment: Moment, step: Step, witness: Witness): readonly Break[] =>
  keysCome(step, moment, witness).flatMap(({ player, held, way }): readonly Break[] => {
    const { sessionId } = held.session;
    const session = memory.sessions[sessionId];
    if (session === undefined || !witness.honest(player) || !witness.implementsText(player, 'MSC4268')) return [];
    if (held.sharedHistory === session.flag || isVouched(way) || way.how === 'made') return [];
    // Of a key file it is not known who wrote it.
    const sealers = way.how === 'backup' ? memory.sealers[sessionId]?.[userOf(memory.accounts, player) ?? ''] : [];
    const writers = way.how === 'room_key' ? [session.maker] : (sealers ?? []);
    const writer = writers.find((one) => differ(witness, one, player));
    if (writer === undefined || !witness.implementsText(writer, 'MSC4268')) return [];
    const why = `${player} reads in what ${writer} wrote that a room key ${held.sharedHistory ? 'may' : 'may not'} be shared with later members, which was to say the opposite`;
    return [{ at: player, about: { is: 'room key', room: session.room, sessionId }, why, acceptedBy: null }];
  });

/** A code is shown that is none of those that were sent. */
const misreadCode = (memory: Memory, moment: Moment, witness: Witness): Break | null => {
  const told = shownAs(moment, 'unreadable message');
  if (told === null || !witness.honest(told.player)) return null;
  const { player, notice } = told;
  const known = memory.codes[player]?.[stringAt(notice, 'session') ?? ''];
  const reason = stringAt(notice, 'reason') ?? '';
  if (known === undefined || reason === 'no key' || known.some(({ code }) => code === reason)) return null;
  const writers = memory.accounts.logins.filter(
    ({ user, by }) => known.some(({ from }) => from === user) && witness.honest(by),
  );
  const writer = writers.find(({ by }) => differ(witness, by, player))?.by;
  if (writer === undefined) return null;
  return {
    at: player,
    about: { is: 'event', room: stringAt(notice, 'room') ?? '', event: stringAt(notice, 'event') ?? '' },
    why: `${player} does not understand the code by which ${writer} says why a room key is withheld`,
    acceptedBy: null,
  };
};

/** A secret of an honest device of one's own is filed under another name than its own. */
const misfiled = (memory: Memory, moment: Moment, witness: Witness): Break | null => {
  const stored = secretStored(moment);
  if (stored === null || !witness.honest(stored.player)) return null;
  const { name, held } = stored.patch;
  if (held.origin.how !== 'push' && held.origin.how !== 'request') return null;
  const { user, device } = held.origin;
  const sender = device === null ? null : loginOf(memory.accounts, user, device);
  const owners = ownersOfSecret(memory.secrets, held.secret);
  const [owner] = owners;
  if (sender === null || owner === undefined || !witness.honest(sender.by)) return null;
  if (owners.some((one) => one.name === name)) return null;
  if (!differ(witness, sender.by, stored.player)) return null;
  return {
    at: stored.player,
    about: { is: 'secret', user: owner.user, name: owner.name },
    why: `${stored.player} keeps as ${name} what ${sender.by} sent it as ${owner.name}`,
    acceptedBy: null,
  };
};

/** Letters of a sync that nobody ever opened or threw away: something before them took them down. */
const takenDown = (memory: Memory, step: Step, witness: Witness): readonly Break[] =>
  step.moments.flatMap((moment, nth): readonly Break[] => {
    const sync = toldAs(moment, 'sync');
    if (sync === null) return [];
    const player = sync.from;
    const events = objectAt(sync.response, 'to_device').events;
    const sent = Array.isArray(events) ? (events as readonly JsonObject[]) : [];
    if (sent.length < 2 || !witness.honest(player)) return [];
    const rest = step.moments.slice(nth + 1);
    const end = rest.findIndex((one) => doneAs(one, 'sync')?.from === player);
    const heard = end < 0 ? rest : rest.slice(0, end);
    if (heard.some((one) => one.kind === 'restarted' && one.player === player)) return [];
    const seen = new Set(
      heard.flatMap((one) =>
        (one.kind === 'delivery' && one.to === player) || (one.kind === 'discarded' && one.player === player)
          ? [JSON.stringify(one.event)]
          : [],
      ),
    );
    const lost = sent.filter((event) => !seen.has(JSON.stringify(event))).length;
    const last = heard.findLast((one) => one.kind === 'delivery' && one.to === player);
    const by = lost === 0 || last?.kind !== 'delivery' ? null : otherForm(memory, last, witness);
    if (by === null) return [];
    const own = memory.accounts.logins.find((login) => login.by === player);
    const about = { is: 'device', user: own?.user ?? '', device: own?.device ?? '' } as const;
    const why = `${player} trips over what ${by} sends, and loses ${lost} letters that came behind it`;
    return [{ at: player, about, why, acceptedBy: null }];
  });

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment, step, witness);
  if (!isStory(step)) return { memory };
  const breaks = [
    misreadChoice(memory, moment, witness),
    ...misreadFlags(memory, moment, step, witness),
    misreadCode(memory, moment, witness),
    misfiled(memory, moment, witness),
  ].flatMap((one) => one ?? []);
  return { memory, breaks, shadow: moment.kind === 'delivery' && otherForm(memory, moment, witness) !== null };
};

export const interopCompat: Guarantee<Memory> = {
  id: 'interop-compat',
  kind: 'always',
  accepts: clausesOf('interop-compat'),
  begin: { ...noHoldings, preferences: noPreferences, secrets: {}, sealers: {}, meant: {}, codes: {} },
  see: (memory, step, witness) => {
    const seen = throughout(memory, step, (before, moment) => look(before, moment, step, witness));
    return isStory(step) ? { ...seen, breaks: [...seen.breaks, ...takenDown(seen.memory, step, witness)] } : seen;
  },
};
