/** To-device events as a sync brings them: opened, told as evidence, and handed to whoever hears their type. */
import type { Out } from '../effects.ts';
import { type CoreTask, type ToDevice, wireTypeOf } from '../events.ts';
import { isObject, type JsonObject, own, stringAt } from '../json.ts';
import type { Store } from '../store.ts';
import type { Ms } from '../types.ts';
import { open } from './decrypt.ts';
import { type CoreStep, type Env, isHeard, moment, news } from './env.ts';
import { queryUsers } from './key-query.ts';

type InboxTask = Extract<CoreTask, { task: 'inbox' }>;

/** One to-device event to be heard once all before it is. */
export const laterInInbox = (raw: InboxTask['raw'], atMs: Ms): Out => ({
  out: 'later',
  incoming: { from: 'task', task: { task: 'inbox', raw, atMs, isLookedUp: false } },
});

/** One to-device event. */
export const inbox = (env: Env, store: Store, { raw, atMs, isLookedUp }: InboxTask): CoreStep => {
  if (!isObject(raw)) return { store, outs: [] };
  const sender = stringAt(raw, 'sender');
  // Somebody never heard of: who they are is looked up before what they write is held against it.
  const isStranger =
    sender !== undefined && own(store.users, sender) === undefined && stringAt(raw, 'type') === 'm.room.encrypted';
  if (!isStranger || isLookedUp || env.charts.length === 0) return arrived(env, store, raw, atMs);
  const again: Out = { out: 'hear', incoming: { from: 'task', task: { task: 'inbox', raw, atMs, isLookedUp: true } } };
  return { store, outs: [queryUsers([sender], null), again] };
};

const arrived = (env: Env, store: Store, raw: JsonObject, atMs: Ms): CoreStep => {
  const opened = open(env, store, raw, atMs);
  if ('discarded' in opened)
    return { store: opened.store, outs: [moment({ kind: 'discarded', event: raw, why: opened.discarded })] };
  const { event, inside } = opened;
  const delivery = moment({ kind: 'delivery', event: raw, opened: inside, facts: event.facts });
  // Whether a letter is to be believed is for an envelope chart to say; whoever has none takes it as it is.
  const heard =
    'listedFacts' in event && isHeard(env, 'envelope.incoming')
      ? news({ type: 'envelope.incoming', letter: event, raw })
      : heardBy(env, event);
  return { store: opened.store, outs: [delivery, heard] };
};

/** What arrived is heard by the charts that know its type; that nobody does is news of its own. */
export const heardBy = (env: Env, event: ToDevice): Out =>
  isHeard(env, event.type)
    ? { out: 'hear', incoming: { from: 'wire', event } }
    : news({ type: 'inbox.unknown type', unknown: wireTypeOf(event) });
