import type { Chart, ChartInput, ChartState } from '../chart.ts';
import type { Answering, CoreAnswers, CoreAsks, DeviceMoment, HttpRequest, Out } from '../effects.ts';
import type { AnyEvent, Asker, CoreNews, PendingTask, Reply } from '../events.ts';
import type { Store } from '../store.ts';
import type { Label, Suite } from '../suite.ts';

/**
 * A device: its store and its charts at rest, by id, or by id and room where each room has an instance (`key-bundle !den:x`).
 * A plain value.
 */
export type Device = { readonly store: Store; readonly charts: Readonly<Record<string, ChartState>> };

/** What a device runs on, and never changes during a run. */
export type Env = {
  readonly suite: Suite;
  /** First part of every label of its randomness. */
  readonly owner: string;
  /** In the register's fixed order. */
  readonly charts: readonly Chart[];
  readonly input: ChartInput;
  /** How many one-time keys are kept on the server. Clients keep 50; fewer make the same stories cheaper. */
  readonly oneTimeKeysMin: number;
};

/** A step of the core: a new store and what leaves. */
export type CoreStep = { readonly store: Store; readonly outs: readonly Out[] };
/** What a question of that name carries. */
export type Asked<K extends keyof CoreAsks> = Readonly<CoreAsks[K]>;
/** How a question of that name is carried out and answered; without `reply` nobody wants to know. */
export type Carries<K extends keyof CoreAsks> = (
  env: Env,
  store: Store,
  asked: Asked<K>,
  reply: Reply | null,
) => CoreStep;

export const label = (env: Env, purpose: string): Label => `${env.owner}/${purpose}`;

/** The next number of `what`, and the store that has counted it. */
export const count = (store: Store, what: string): { readonly store: Store; readonly number: number } => {
  const number = store.counts[what] ?? 0;
  return { number, store: { ...store, counts: { ...store.counts, [what]: number + 1 } } };
};

/**
 * Which device of its name this is, after others have logged out, and how often it came up from a copy; empty for a first one. What it
 * draws by chance, and the ids that nobody is to guess, differ from what the others drew.
 */
export const lifeOf = ({ former, restored }: Store['counts']): readonly string[] => [
  ...(former ? [`login ${former + 1}`] : []),
  ...(restored ? [`restored ${restored}`] : []),
];

/** The id of the next transaction ("Transaction identifiers"): none that a device of its name has used, whether it is this one or not. */
export const transaction = (store: Store): { readonly store: Store; readonly txn: string } => {
  const counted = count(store, 'transactions');
  const { former } = store.counts;
  return { store: counted.store, txn: former ? `t${former + 1}.${counted.number}` : `t${counted.number}` };
};

/** Whether some chart of this device hears events of that type. Devices that attackers run have none. */
export const isHeard = ({ charts }: Env, type: AnyEvent['type']): boolean =>
  charts.some(({ hears }) => hears.has(type));

/** Whom to answer: whoever asked, under the name that it gave; `null`: it did not want to know. */
export const replyTo = (to: Asker, asked: object): Reply | null => {
  const { answerAs, with: more }: { readonly answerAs?: string | null; readonly with?: unknown } = asked;
  return answerAs == null ? null : { to, as: answerAs, ...(more === undefined ? {} : { with: more }) };
};

/** The answer to a question of a chart, for it alone. */
export const answer = <K extends Answering>(reply: Reply | null, answers: K, found: CoreAnswers[K]): readonly Out[] => {
  if (reply === null) return [];
  const { to, as, with: more } = reply;
  const event = { type: as, answers, ...found, ...(more === undefined ? {} : { with: more }) };
  return [{ out: 'hear', incoming: { from: 'answer', to, event } }];
};

/** The same, before anything that waits: a request was between the question and its answer, and its place in the queue is kept. */
export const answerNext = (...given: Parameters<typeof answer>): readonly Out[] => answer(...given).map(first);
/** Heard before anything that waits. */
export const first = (out: Out): Out => (out.out === 'hear' ? { ...out, out: 'hear next' } : out);

/** A request of the core's own, and the task that goes on with its answer. */
export const request = (
  method: HttpRequest['method'],
  path: string,
  task: PendingTask,
  more: Pick<HttpRequest, 'query' | 'body'> = {},
): Extract<Out, { out: 'request' }> => ({ out: 'request', method, path, ...more, waiting: { core: task } });
/** Something that is seen from outside. */
export const moment = (seen: DeviceMoment): Out => ({ out: 'moment', moment: seen });

/** News of the core for whichever charts listen. */
export const news = (event: CoreNews): Out => ({ out: 'hear', incoming: { from: 'core', event } });
/** News that is known before anybody goes on. */
export const newsNext = (event: CoreNews): Out => first(news(event));
