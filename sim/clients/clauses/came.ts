/** What came to a device in the steps in which a clause had something to say there: whether the same came to a client in its place. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { ClauseId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { endpointOf } from '../../homeserver/index.ts';
import type { ClientRequest } from '../../homeserver/types.ts';

/** A to-device event: by its type on the wire, or by that of what was inside. */
type CameLetter = { readonly type: string; readonly sender: string };
/** An event of a room, or `invite` where somebody was asked in. */
type CameEvent = CameLetter & { readonly room: string };
/** What came by sync, which of it opened, and what was asked for or sent: by kind, as bytes differ. */
export type Came = {
  readonly letters: readonly CameLetter[];
  readonly opened: readonly CameLetter[];
  readonly events: readonly CameEvent[];
  /** Methods and endpoints: `PUT sendToDevice/:eventType/:txnId`. */
  readonly asked: readonly string[];
};

type Asked = Extract<Moment, { readonly kind: 'request' }>;
const askedAt = ({ method, path }: Asked): string =>
  endpointOf({ method: method as ClientRequest['method'], path }) ?? `${method} ${path}`;
const isSync = (asked: Asked): boolean => askedAt(asked) === 'GET sync';

const eventsAt = (value: Json | undefined): readonly JsonObject[] => {
  const events = isObject(value) ? value.events : undefined;
  return Array.isArray(events) ? events.filter(isObject) : [];
};
const letterIn = (event: JsonObject): CameLetter => ({
  type: stringAt(event, 'type') ?? '',
  sender: stringAt(event, 'sender') ?? '',
});
const eventsIn = ({ response }: Asked): readonly CameEvent[] => {
  const rooms = objectAt(response, 'rooms');
  const entered = ['join', 'leave'].flatMap((section) => Object.entries(objectAt(rooms, section)));
  return [
    ...entered.flatMap(([room, one]) =>
      ['state', 'timeline'].flatMap((part) =>
        eventsAt(objectAt(one, part)).map((event) => ({ room, ...letterIn(event) })),
      ),
    ),
    ...Object.keys(objectAt(rooms, 'invite')).map((room) => ({ room, type: 'invite', sender: '' })),
  ];
};

const cameIn = ({ moments }: Step, seat: PlayerId): Came => {
  const asked = moments.flatMap((moment) => (moment.kind === 'request' && moment.from === seat ? [moment] : []));
  const syncs = asked.filter(isSync);
  return {
    letters: syncs.flatMap(({ response }) => eventsAt(objectAt(response, 'to_device')).map(letterIn)),
    opened: moments.flatMap((moment) =>
      moment.kind === 'delivery' && moment.to === seat && moment.opened !== null
        ? [{ type: moment.opened.type, sender: stringAt(moment.event, 'sender') ?? '' }]
        : [],
    ),
    events: syncs.flatMap(eventsIn),
    asked: asked.filter((one) => !isSync(one)).map(askedAt),
  };
};

/** What a client keeps up whenever it likes: asked for in the same steps only where a rule judges the answer. */
const upkeep = ['POST keys/claim', 'POST keys/query', 'POST keys/upload'];

/** What the device asked last before a rule of that clause refused something: the answer is what it judged, or what it judged by. */
const judgedAnswers = ({ moments }: Step, seat: PlayerId, clause: ClauseId): readonly string[] => {
  let last: string | null = null;
  return moments.flatMap((moment) => {
    if (moment.kind === 'request' && moment.from === seat && !isSync(moment)) last = askedAt(moment);
    const isJudging = moment.kind === 'clause' && moment.player === seat && moment.clause === clause;
    return isJudging && moment.role === 'guard' && moment.says === 'refuses' && last !== null ? [last] : [];
  });
};

/** A step by its choice, and how often that was made before: runs are laid beside each other by it. */
const namedSteps = (run: Run): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  return new Map(
    run.steps.map(({ choice }, nth) => {
      const before = times.get(choice.id) ?? 0;
      times.set(choice.id, before + 1);
      return [`${choice.id} ${before}`, nth] as const;
    }),
  );
};
/** The name of a step (index) of a run, which is the same in another run of the story. */
export const stepName = (run: Run, nth: number | null): string | null =>
  [...namedSteps(run)].find(([, at]) => at === nth)?.[0] ?? null;

/** Steps in which a clause refused or did something at a device. */
const speaking = (run: Run, seat: PlayerId, clause: ClauseId): readonly number[] =>
  run.steps.flatMap(({ moments }, nth) =>
    moments.some(
      (moment) =>
        moment.kind === 'clause' && moment.player === seat && moment.clause === clause && moment.says !== 'permits',
    )
      ? [nth]
      : [],
  );

/** The same steps of the model, each with its place (index) in the run with the client; absent: it was not reached there. */
const laidBeside = (
  model: Run,
  real: Run,
  seat: PlayerId,
  clause: ClauseId,
): readonly { readonly ours: Step; readonly at: number | undefined }[] => {
  const [spoke, places] = [speaking(model, seat, clause), namedSteps(real)];
  return [...namedSteps(model)].flatMap(([name, nth]) => {
    const ours = model.steps[nth];
    return ours === undefined || !spoke.includes(nth) ? [] : [{ ours, at: places.get(name) }];
  });
};
const notReached = 'the step in which the clause speaks was not reached';

/** Those of `wanted` that are not in `had`, each as often as it is wanted. */
const lacking = <T>(wanted: readonly T[], had: readonly T[]): readonly T[] => {
  const left = had.map((one) => JSON.stringify(one));
  return wanted.filter((one) => {
    const at = left.indexOf(JSON.stringify(one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};
const once = <T>(all: readonly T[]): readonly T[] =>
  all.filter((one, nth) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === nth);

export type Arrival =
  | { readonly is: 'came'; readonly came: Came }
  | { readonly is: 'did not come'; readonly what: string };

const nowhere = (what: string): Arrival => ({ is: 'did not come', what });

/** What of a step was not brought to the client, or did not open. `had`: what was brought to it in the same step. */
const unbrought = (wanted: Came, had: Came): string | null => {
  const [letter] = lacking(wanted.letters, had.letters);
  if (letter !== undefined) return `${letter.type} of ${letter.sender} did not come to it`;
  const [sealed] = lacking(wanted.opened, had.opened);
  if (sealed !== undefined) return `${sealed.type} of ${sealed.sender} came, and did not open`;
  const [event] = lacking(wanted.events, had.events);
  return event === undefined ? null : `${event.type} in ${event.room} did not come to it`;
};

/** What of a step did not come to the client. `had`: what came to it in the same step, and what it asked in the whole run, and from then on. */
const missingIn = (
  wanted: Came,
  judgedBy: readonly string[],
  had: Came,
  asked: { readonly ever: readonly string[]; readonly since: readonly string[] },
): string | null => {
  const kept = unbrought(wanted, had);
  if (kept !== null) return kept;
  const [unasked] = [
    ...wanted.asked.filter((one) => !upkeep.includes(one) && !asked.ever.includes(one)),
    ...judgedBy.filter((one) => !(upkeep.includes(one) ? asked.since : asked.ever).includes(one)),
  ];
  return unasked === undefined ? null : `it never sent ${unasked}`;
};

/**
 * What was brought to the model's device in a step in which the clause spoke, and in the same step not to the client in its seat, or did
 * not open there; `null`: nothing. What the client asks for is its own affair.
 *
 * @param model the run with the clause in force
 */
export const keptFrom = (model: Run, real: Run, seat: PlayerId, clause: ClauseId): string | null => {
  for (const { ours, at } of laidBeside(model, real, seat, clause)) {
    const theirs = at === undefined ? undefined : real.steps[at];
    if (theirs === undefined) return notReached;
    const kept = unbrought(cameIn(ours, seat), cameIn(theirs, seat));
    if (kept !== null) return kept;
  }
  return null;
};

/**
 * Whether all that came to the model's device wherever the clause spoke came to the client in its seat as well, in the same steps, and
 * whether it asked for and sent the same.
 *
 * @param model the run with the clause in force
 */
export const arrivalOf = (model: Run, real: Run, seat: PlayerId, clause: ClauseId): Arrival => {
  const spoke = laidBeside(model, real, seat, clause);
  if (spoke.length === 0) return nowhere('the clause refuses and does nothing there in the model');
  const each = real.steps.map((step) => cameIn(step, seat));
  const ever = each.flatMap(({ asked }) => asked);
  const all: Came[] = [];
  for (const { ours, at } of spoke) {
    const had = at === undefined ? undefined : each[at];
    if (had === undefined) return nowhere(notReached);
    const wanted = cameIn(ours, seat);
    const judgedBy = judgedAnswers(ours, seat, clause);
    const since = each.slice(at).flatMap(({ asked }) => asked);
    const missing = missingIn(wanted, judgedBy, had, { ever, since });
    if (missing !== null) return nowhere(missing);
    all.push({ ...wanted, asked: [...wanted.asked.filter((one) => !upkeep.includes(one)), ...judgedBy] });
  }
  return {
    is: 'came',
    came: {
      letters: once(all.flatMap(({ letters }) => letters)),
      opened: once(all.flatMap(({ opened }) => opened)),
      events: once(all.flatMap(({ events }) => events)),
      asked: once(all.flatMap(({ asked }) => asked)),
    },
  };
};
