import { clausesOf } from '../../machines/acceptances.ts';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { stringAt, without } from '../../machines/json.ts';
import type { ClauseId, DeviceId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy, firstConceded } from './conceded.ts';
import { filed, filedIfAny, filedIn, filedOrNot, hasLeft, loginOf, userOf } from './evidence/accounts.ts';
import { doneAs } from './evidence/asked.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { nothingPublished, type Published, publishedAfter, workingPublic } from './evidence/published.ts';
import { lettersIn, secretSentIn, shownAs } from './evidence/requests.ts';
import { type Genuine, genuineAfter, type Halves, halvesAfter, secretStored } from './evidence/secrets.ts';
import { noneSigned, type Signed, signedAfter, signedDevices } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, throughout } from './watching.ts';

type BySecret = Readonly<Record<PlayerId, Readonly<Record<string, string>>>>;
/** Device → secret name → a value that it has not taken, and the sentence by which it may not: texts that come later excuse nothing. */
type Untaken = Readonly<
  Record<PlayerId, Readonly<Record<string, { readonly value: string; readonly letBy: ClauseId | null }>>>
>;
type Memory = Copied & {
  readonly genuine: Genuine;
  readonly halves: Halves;
  readonly published: Published;
  readonly signed: Signed;
  /** Device → secret name → the value it holds. */
  readonly held: BySecret;
  /** Device without support → secret name → the value that last came to it and was not understood. */
  readonly wasted: Untaken;
  /** Device → secret name → the device that offers one → the value it offers. */
  readonly offered: Readonly<Record<PlayerId, Readonly<Record<string, Readonly<Record<DeviceId, string>>>>>>;
  /** Device → the secret that its person is asked about. */
  readonly asked: Readonly<Record<PlayerId, { readonly name: string; readonly value: string | null }>>;
  /** Device → secret name → the value that its person has turned down. */
  readonly turnedDown: Untaken;
};

/** The value that works under a name: `null` where nobody has what is published, `undefined` where nothing has to work. */
const workingValue = (
  { genuine, halves, published }: Memory,
  user: string,
  name: string,
): string | null | undefined => {
  const half = workingPublic(published, user, name);
  if (half === null) return undefined;
  if (half === undefined) return named(named(genuine, user) ?? {}, name)?.at(-1);
  return named(named(named(halves, user) ?? {}, name) ?? {}, half) ?? null;
};

/** `list` without what that device has not taken under that name; where a value is given, without that one alone. */
const taken = (list: Untaken, player: PlayerId, name: string, value?: string): Untaken => {
  const own = list[player] ?? {};
  const entry = named(own, name);
  if (entry === undefined || (value !== undefined && entry.value !== value)) return list;
  const others = without(own, name);
  return filedIfAny(list, player, others);
};

/** What came last counts: a device that has that value goes without nothing. */
const untaken = (
  { held }: Memory,
  list: Untaken,
  player: PlayerId,
  name: string,
  { value, letBy }: Untaken[string][string],
): Untaken => {
  if (named(held[player] ?? {}, name) === value) return taken(list, player, name);
  return named(list[player] ?? {}, name)?.value === value ? list : filedIn(list, player, name, { value, letBy });
};

type Question = { readonly player: PlayerId; readonly name: string };
/** What the person of a device asks its siblings for. */
const wantedIn = (moment: Moment): Question | null => {
  if (moment.kind !== 'acted' || moment.what !== 'request secret') return null;
  return { player: moment.player, name: stringAt(moment.detail, 'name') ?? '' };
};
/** What a device asks its siblings for, be it by itself ("Sharing", `m.secret.request`). */
const questionsIn = (moment: Moment): readonly Question[] => {
  const sent = lettersIn(moment);
  if (moment.kind !== 'request' || sent?.type !== 'm.secret.request') return [];
  return sent.letters.flatMap(({ content }) => {
    const name = stringAt(content, 'name');
    return stringAt(content, 'action') === 'request' && name !== undefined ? [{ player: moment.from, name }] : [];
  });
};

/**
 * What ends any excuse: the device has the value after all, or was answered (what goes wrong then is the answer's doing); its person asks
 * for it; or it begins anew.
 */
const excusesLess = (list: Untaken, moment: Moment): Untaken => {
  const stored = secretStored(moment);
  if (stored !== null) {
    const { player, patch } = stored;
    return taken(list, player, patch.name, patch.held.origin.how === 'request' ? undefined : patch.held.secret);
  }
  const wanted = wantedIn(moment);
  if (wanted !== null) return taken(list, wanted.player, wanted.name);
  const login = doneAs(moment, 'log in');
  return login === null ? list : filedOrNot(list, login.from, null);
};

const holding = (held: BySecret, moment: Moment): BySecret => {
  const stored = secretStored(moment);
  if (stored !== null) return filedIn(held, stored.player, stored.patch.name, stored.patch.held.secret);
  if (moment.kind === 'restarted' && moment.holds !== undefined)
    return filed(held, moment.player, moment.holds.secrets);
  if (moment.kind !== 'stored' || moment.patch.patch !== 'forget secret') return held;
  const { name } = moment.patch;
  return filed(
    held,
    moment.player,
    Object.fromEntries(Object.entries(held[moment.player] ?? {}).filter(([one]) => one !== name)),
  );
};

type Delivery = Extract<Moment, { kind: 'delivery' }>;
/** A secret that comes in a letter that opened, whoever wrote it. */
const offerIn = (
  moment: Moment,
): { readonly letter: Delivery; readonly name: string; readonly value: string } | null => {
  if (moment.kind !== 'delivery' || moment.opened === null) return null;
  const { content } = moment.opened;
  const name = stringAt(content, 'name');
  const value = stringAt(content, 'secret');
  return name === undefined || value === undefined ? null : { letter: moment, name, value };
};

/** A device that has the text by now is sent that value by another of its user's: whatever becomes of it, it is no longer wasted. */
const sentAgain = (wasted: Untaken, { published: { accounts } }: Memory, moment: Moment, witness: Witness): Untaken => {
  const sent = secretSentIn(moment);
  if (sent === null || !witness.honest(sent.player)) return wasted;
  return sent.to
    .flatMap(({ user, device }) => loginOf(accounts, user, device)?.by ?? [])
    .filter((to) => witness.implementsText(to, 'MSC4385'))
    .reduce(
      (left, to) => Object.keys(left[to] ?? {}).reduce((own, name) => taken(own, to, name, sent.secret), left),
      wasted,
    );
};

/**
 * A secret that another device of its user's sends to a client without support: as far as it goes, the push is wasted, and the client
 * left behind until it asks.
 */
const wasting = (before: Memory, moment: Moment, witness: Witness): Untaken => {
  const wasted = questionsIn(moment).reduce(
    (left, { player, name }) => taken(left, player, name),
    sentAgain(excusesLess(before.wasted, moment), before, moment, witness),
  );
  const offer = offerIn(moment);
  if (offer === null) return wasted;
  const { to, facts } = offer.letter;
  const { accounts } = before.published;
  const from = loginOf(accounts, userOf(accounts, to) ?? '', facts.sender?.device ?? '')?.by;
  const isOwn = from !== undefined && witness.honest(from);
  if (!isOwn) return wasted;
  if (witness.implementsText(to, 'MSC4385')) return taken(wasted, to, offer.name, offer.value);
  return untaken(before, wasted, to, offer.name, { value: offer.value, letBy: wasteLetBy(witness, to) });
};

/** What comes to a client with support: its person may be asked about it. */
const offering = (offered: Memory['offered'], moment: Moment, witness: Witness): Memory['offered'] => {
  const offer = offerIn(moment);
  if (offer === null || !witness.implementsText(offer.letter.to, 'MSC4385')) return offered;
  const { letter, name, value } = offer;
  const device = letter.facts.sender?.device ?? '';
  const own = offered[letter.to] ?? {};
  return filed(offered, letter.to, filed(own, name, filed(named(own, name) ?? {}, device, value)));
};

/** A push is asked about, and what its person answers. */
const answering = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const shown = shownAs(moment, 'secret pushed');
  if (shown !== null) {
    const { player, notice } = shown;
    const name = stringAt(notice, 'name') ?? '';
    const half = stringAt(notice, 'public');
    const device = stringAt(notice, 'device') ?? '';
    const value =
      half === undefined
        ? named(named(memory.offered[player] ?? {}, name) ?? {}, device)
        : named(named(named(memory.halves, witness.ownerOf(player) ?? '') ?? {}, name) ?? {}, half);
    return { ...memory, asked: filed(memory.asked, player, { name, value: value ?? null }) };
  }
  const isAnswer = moment.kind === 'acted' && (moment.what === 'refuses' || moment.what === 'accepts');
  if (!isAnswer && moment.kind !== 'restarted') return memory;
  const { player } = moment;
  const { [player]: about, ...others } = memory.asked;
  if (about === undefined) return memory;
  // What was asked before a client stopped is no question any more.
  if (!isAnswer) return { ...memory, asked: others };
  const asked = others;
  if (about.value === null) return { ...memory, asked };
  if (moment.what === 'accepts')
    return { ...memory, asked, turnedDown: taken(memory.turnedDown, player, about.name, about.value) };
  // Whoever has turned down what works has done so, whatever else they turn down.
  const works = workingValue(memory, witness.ownerOf(player) ?? '', about.name);
  if (named(memory.turnedDown[player] ?? {}, about.name)?.value === works) return { ...memory, asked };
  const letBy = firstConceded(witness, player, ['4385-push-may-prompt', '4385-send-may-prompt']);
  const turnedDown = untaken(memory, memory.turnedDown, player, about.name, { value: about.value, letBy });
  return { ...memory, asked, turnedDown };
};

const remember = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const before = asCopied(earlier, moment, 'offered', 'asked');
  return answering(
    {
      ...before,
      genuine: genuineAfter(before.genuine, moment, step, witness),
      halves: halvesAfter(before.halves, moment, witness),
      published: publishedAfter(before.published, moment, step, witness),
      signed: signedAfter(before.signed, moment, step, witness),
      held: holding(before.held, moment),
      // What came before the story was understood by all.
      wasted: isStory(step) ? wasting(before, moment, witness) : before.wasted,
      offered: offering(before.offered, moment, witness),
      turnedDown: excusesLess(before.turnedDown, moment),
    },
    moment,
    witness,
  );
};

/** The sentence by which a push may be wasted on a device without support, as the texts of its siblings have it now. */
const wasteLetBy = (witness: Witness, player: PlayerId): ClauseId | null => {
  if (witness.implementsText(player, 'MSC4385')) return null;
  const devices = witness.devicesOf(witness.ownerOf(player) ?? '');
  const clauses = ['4385-push-legacy-wasted', '4385-send-legacy-wasted'];
  const clause = clauses.find((one) => devices.some((device) => concededBy(witness, device, one) !== null));
  if (clause === undefined) return null;
  // Waste is accepted where a push is skipped without harm, not where it takes down what came behind it.
  const isHarmful = [clause, '4385-push-legacy-ignore', '4385-send-legacy-discard'].some((one) =>
    witness.off(player, one),
  );
  return isHarmful ? null : clause;
};

/** Who is left behind with the text's own word: this push was wasted on a client without support, or its person turned it down. */
const acceptedBy = ({ wasted, turnedDown }: Memory, player: PlayerId, name: string, works: string): ClauseId | null =>
  [wasted, turnedDown].map((list) => named(list[player] ?? {}, name)).find((one) => one?.value === works)?.letBy ??
  null;

const behind = (memory: Memory, witness: Witness, user: string, name: string): readonly Break[] => {
  const works = workingValue(memory, user, name);
  if (works === undefined) return [];
  return signedDevices(memory.signed, user, witness)
    .filter((player) => witness.honest(player) && !hasLeft(memory.published.accounts, player))
    .filter((player) => named(memory.held[player] ?? {}, name) !== works)
    .map((player) => ({
      at: player,
      about: { is: 'secret', user, name },
      why: `${player} does not hold the ${name} that works now`,
      acceptedBy: works === null ? null : acceptedBy(memory, player, name, works),
    }));
};

/** The names under which a user has secrets: also of a backup whose key nobody kept. */
const namesOf = ({ genuine }: Memory, user: string): readonly string[] => [
  ...new Set([...Object.keys(named(genuine, user) ?? {}), BACKUP_SECRET]),
];

export const secretConvergence: Guarantee<Memory> = {
  id: 'secret-convergence',
  kind: 'finally',
  accepts: clausesOf('secret-convergence'),
  begin: {
    ...noneCopied,
    genuine: {},
    halves: {},
    published: nothingPublished,
    signed: noneSigned,
    held: {},
    wasted: {},
    offered: {},
    asked: {},
    turnedDown: {},
  },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const stored = secretStored(moment);
      const how = stored?.patch.held.origin.how;
      return {
        memory: remember(before, moment, step, witness),
        shadow:
          isStory(step) && stored !== null && witness.honest(stored.player) && (how === 'push' || how === 'request')
            ? [stored.patch.name]
            : false,
      };
    }),
  end: (memory, witness) => {
    const users = [...new Set([...Object.keys(memory.genuine), ...Object.keys(memory.published.versions)])];
    return users.flatMap((user) => namesOf(memory, user).flatMap((name) => behind(memory, witness, user, name)));
  },
};
