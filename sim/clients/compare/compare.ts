/** A scenario with a client in one seat beside the same with the model's own device there: what was measured, and where the two part. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { ledgerQuestions } from '../../../machines/ledger.ts';
import { PLAYS_LIKE } from '../../../machines/profiles.ts';
import type { ClauseId, DeviceSettings } from '../../../machines/types.ts';
import type { Judgement, Moment, PlayerId, Run, Scenario, Verdict } from '../../engine/types.ts';
import { type RunOptions, runStory } from '../../runs/run.ts';
import { keptFrom } from '../clauses/came.ts';
import type { Hello, Seating } from '../seat/client.ts';
import { playWith } from '../seat/played.ts';
import type { Note } from '../seat/seat.ts';
import { tellingOf } from './came-about.ts';
import { type Kind, settingsAt, whyNot, withProductionNames, withSettings, withTexts } from './seats.ts';
import { seenFrom, sendsSecrets, unseen } from './sights.ts';

export type Found = { readonly verdict: Verdict; readonly at: PlayerId | null; readonly why: string | null };
/**
 * One guarantee. `not measured`: what it goes by could not be seen, or did not come about, with the client in that seat, so that nothing is
 * said of it.
 */
export type Row = { readonly guarantee: GuaranteeId; readonly model: Found } & (
  | { readonly is: 'agree' | 'differ'; readonly real: Found }
  | { readonly is: 'not measured'; readonly because: string }
);
export type Compared =
  | { readonly seat: PlayerId; readonly is: 'not played'; readonly reasons: readonly string[] }
  | {
      readonly seat: PlayerId;
      readonly is: 'played';
      readonly rows: readonly Row[];
      readonly notes: readonly Note[];
      /** Settings of the model's device (a clause off, a question read otherwise) with which it comes to what the client came to. */
      readonly explained: readonly string[];
    };

type Clause = Extract<Moment, { readonly kind: 'clause' }>;
const symbolic = { suite: 'symbolic' } as const;

export const foundOf = ({ verdict, at, why }: Judgement): Found => ({ verdict, at, why });
export const judged = (run: Run, guarantee: GuaranteeId): Judgement | undefined =>
  run.judgements.find((one) => one.guarantee === guarantee);
const isSame = (one: Judgement | undefined, other: Judgement | undefined): boolean =>
  one?.verdict === other?.verdict && one?.at === other?.at;

export type Comparing = {
  readonly scenario: Scenario;
  readonly seat: PlayerId;
  readonly seating: Seating;
  readonly hello: Hello;
  readonly kind: Kind;
  readonly seed: string;
};

/** Guarantees of the scenario whose every verdict, as written and with each setting turned, can be told from what a client shows. */
const observable = ({ scenario, seat, hello }: Comparing, guarantees: readonly GuaranteeId[]) => {
  const shownAs = seenFrom(seat, hello.shows);
  const blind = new Map<GuaranteeId, string>();
  const look = (options: RunOptions, told: string): void => {
    const all = runStory(scenario, { ...symbolic, ...options, guarantees });
    const seen = runStory(scenario, { ...symbolic, ...options, guarantees, shownAs });
    for (const one of guarantees) {
      const [whole, part] = [judged(all, one), judged(seen, one)];
      if (blind.has(one) || (isSame(whole, part) && whole?.shadow === part?.shadow)) continue;
      blind.set(one, `what it goes by at ${seat} is inside the device${told}`);
    }
  };
  look({}, '');
  for (const { key, turns } of scenario.without) look({ turns }, `, as with ${key}`);
  return blind;
};

const refusedIn = (run: Run): readonly string[] =>
  run.refused.filter(({ refusal }) => refusal !== null).map(({ sentence }) => sentence);

/** Why nothing that was seen counts: the client did not play the story. */
export const unplayed = (model: Run, real: Run, notes: readonly Note[]): string | null => {
  const trouble = notes.find((one) => one.is === 'trouble');
  if (trouble?.is === 'trouble') return `the client went ${trouble.trouble}: ${trouble.why}`;
  const stopped = notes.find((one) => one.is !== 'trouble');
  if (stopped !== undefined)
    return `${stopped.is === 'cannot' ? 'it cannot do' : 'it did not come through'} “${stopped.act}”: ${stopped.why}`;
  const before = refusedIn(model);
  const undone = refusedIn(real).find((one) => !before.includes(one));
  return undone === undefined ? null : `a line of the story was not done: ${undone}`;
};

const rowOf = (guarantee: GuaranteeId, model: Judgement, real: Judgement | undefined, because: string | null): Row => {
  const row = { guarantee, model: foundOf(model) };
  if (because !== null || real === undefined)
    return { ...row, is: 'not measured', because: because ?? 'it is not judged' };
  return { ...row, is: isSame(model, real) ? 'agree' : 'differ', real: foundOf(real) };
};

/** Clauses that spoke in that seat, each once. */
const clausesAt = (run: Run, seat: PlayerId, isMeant: (says: Clause['says']) => boolean): readonly ClauseId[] => {
  const spoke = run.steps.flatMap(({ moments }) =>
    moments.flatMap((moment) =>
      moment.kind === 'clause' && moment.player === seat && isMeant(moment.says) ? [moment.clause] : [],
    ),
  );
  return [...new Set(spoke)];
};

/** Guarantees whose verdict hangs on clauses that refused or did something in that seat: without it there, it is another. Each with those clauses. */
const hanging = (
  scenario: Scenario,
  seat: PlayerId,
  model: Run,
  guarantees: readonly GuaranteeId[],
): ReadonlyMap<GuaranteeId, readonly ClauseId[]> => {
  if (guarantees.length === 0) return new Map();
  const found = new Map<GuaranteeId, readonly ClauseId[]>();
  for (const clause of clausesAt(model, seat, (says) => says !== 'permits')) {
    const run = runStory(withSettings(scenario, seat, { off: [clause] }), { ...symbolic, guarantees });
    for (const one of guarantees)
      if (!isSame(judged(model, one), judged(run, one))) found.set(one, [...(found.get(one) ?? []), clause]);
  }
  return found;
};

/** Single settings of the model's device: that it plays like the client, each clause that spoke there off, each question that its text asks read otherwise. */
export const settingsNear = (
  model: Run,
  seat: PlayerId,
  kind: Kind,
): readonly (readonly [string, Partial<DeviceSettings>])[] => {
  const spoke = clausesAt(model, seat, () => true);
  const { implements: texts } = settingsAt(model.scenario, seat);
  const questions = ledgerQuestions.filter(({ proposal }) => (texts[proposal] ?? 'none') !== 'none');
  return [
    ...kind.playsLike.map((name) => [`${PLAYS_LIKE}: ${name}`, { options: { [PLAYS_LIKE]: name } }] as const),
    ...[...spoke].sort().map((clause) => [clause, { off: [clause] }] as const),
    ...questions.flatMap(({ id }) =>
      (['A', 'B'] as const).map((reading) => [`${id}: ${reading}`, { readings: { [id]: reading } }] as const),
    ),
  ];
};

/** The settings with which the model comes to all that was measured of the client, where it differs. */
const explaining = ({ scenario, seat, kind }: Comparing, model: Run, rows: readonly Row[]): readonly string[] => {
  const measured = rows.filter((row) => row.is !== 'not measured');
  if (!measured.some(({ is }) => is === 'differ')) return [];
  const guarantees = measured.map(({ guarantee }) => guarantee);
  const comesTo = (changed: Partial<DeviceSettings>): boolean => {
    const run = runStory(withSettings(scenario, seat, changed), { ...symbolic, guarantees });
    return measured.every(({ guarantee, real }) => {
      const got = judged(run, guarantee);
      return got?.verdict === real.verdict && got.at === real.at;
    });
  };
  return settingsNear(model, seat, kind).flatMap(([name, changed]) => (comesTo(changed) ? [name] : []));
};

/** A scenario as it is told with a client in that seat, and what the model comes to by itself. `reasons`: why the client cannot take it. */
export const modelIn = (given: Omit<Comparing, 'seating' | 'seed'>, judgedAs?: RunOptions['judgedAs']) => {
  const { seat, hello, kind } = given;
  const scenario = withTexts(withProductionNames(given.scenario), seat, hello.texts);
  const guarantees = [...new Set(scenario.expect.map(({ guarantee }) => guarantee))];
  const model = runStory(scenario, { ...symbolic, guarantees, judgedAs });
  return { scenario, guarantees, model, reasons: whyNot(scenario, seat, model, hello, kind) };
};

/** Both, and what was measured. */
export const compareSeat = (given: Comparing): Compared => {
  const { seat, seating, hello, seed } = given;
  const [inModel, inReal] = [new Set<GuaranteeId>(), new Set<GuaranteeId>()];
  const { scenario, guarantees, model, reasons } = modelIn(
    given,
    tellingOf(seat, (one) => inModel.add(one)),
  );
  const comparing = { ...given, scenario };
  if (reasons.length > 0) return { seat, is: 'not played', reasons };
  const { run: real, notes } = playWith(
    scenario,
    seat,
    seating,
    seed,
    tellingOf(seat, (one) => inReal.add(one)),
  );
  const undone = unplayed(model, real, notes);
  const blind = observable(comparing, guarantees);
  const withSecrets = sendsSecrets(model, seat) ? 'whom a client sends secrets to is sealed when it leaves' : null;
  for (const one of guarantees) {
    const why = unseen(one, hello.shows) ?? (one === 'device-authenticity' ? withSecrets : null);
    if (why !== null) blind.set(one, why);
  }
  const alike = guarantees.filter((one) => isSame(judged(model, one), judged(real, one)));
  const hangs = hanging(scenario, seat, model, undone === null ? alike.filter((one) => !blind.has(one)) : []);
  const awayOf = (one: GuaranteeId): string | null =>
    (hangs.get(one) ?? []).flatMap((clause) => keptFrom(model, real, seat, clause) ?? [])[0] ?? null;
  const rows = guarantees.flatMap((one): readonly Row[] => {
    const [ours, theirs] = [judged(model, one), judged(real, one)];
    if (ours === undefined) return [];
    const isIdle = (ours.shadow && theirs?.shadow !== true) || (inModel.has(one) && !inReal.has(one));
    const idle = theirs?.verdict === 'holds' && isIdle ? 'what would show it did not come about' : null;
    return [rowOf(one, ours, theirs, blind.get(one) ?? undone ?? idle ?? awayOf(one))];
  });
  return { seat, is: 'played', rows, notes, explained: explaining(comparing, model, rows) };
};
