/**
 * Does a client enforce a clause? Its counterexamples are played with the client in the seat of the device that left the clause out. Where
 * the break comes about as it does with the model's device, it does not. Where it does not come about, and all that came to the model's
 * device when the clause spoke was seen to come to the client as well, it does.
 */
import type { ClauseId } from '../../../machines/types.ts';
import type { Judgement, PlayerId, Run, Scenario } from '../../engine/types.ts';
import { severity } from '../../explorer/ablate.ts';
import { type RunOptions, runStory } from '../../runs/run.ts';
import { judged, settingsNear, unplayed } from '../compare/compare.ts';
import { type Kind, whyNot, withProductionNames, withSettings, withTexts } from '../compare/seats.ts';
import { seenFrom, sendsSecrets, unseen } from '../compare/sights.ts';
import type { Hello, Seating } from '../seat/client.ts';
import { type PlayedBy, playWith } from '../seat/played.ts';
import { arrivalOf, type Came, stepName } from './came.ts';
import type { Counterexample } from './counterexamples.ts';
import { type TakesHonest, takesHonest } from './honest.ts';

export type Outcome =
  /** The break does not come about. `came`: what was seen to come to it wherever the clause has something to say. */
  | { readonly is: 'enforces'; readonly came: Came }
  /** It comes about, as with the model's device without the clause. */
  | { readonly is: 'does not enforce'; readonly came: Came; readonly at: PlayerId | null; readonly why: string | null }
  /** The same, but the model's device comes to it without others of its clauses as well (or by other readings): it does not show which. */
  | { readonly is: 'one of several'; readonly others: readonly string[]; readonly why: string | null }
  | { readonly is: 'not measured'; readonly because: string };
export type Tried = Omit<Counterexample, 'scenario'> & Outcome;

/** A client, and what is known of it. */
export type Company = {
  readonly hello: Hello;
  readonly kind: Kind;
  readonly play: (scenario: Scenario, seat: PlayerId) => PlayedBy;
  readonly takes: TakesHonest;
};

/** Each story is played once with it in a seat, whatever is asked about it. */
export const companyOf = (
  seating: Seating,
  { hello, kind, seed }: { readonly hello: Hello; readonly kind: Kind; readonly seed: string },
  storyOf: (id: string) => Scenario | undefined,
): Company => {
  const played = new Map<string, PlayedBy>();
  const play = (scenario: Scenario, seat: PlayerId): PlayedBy => {
    const { story, cast, settings } = scenario;
    const name = JSON.stringify([seat, story, cast, settings]);
    const known = played.get(name) ?? playWith(scenario, seat, seating, seed);
    played.set(name, known);
    return known;
  };
  const honest = (scenario: Scenario, seat: PlayerId): PlayedBy =>
    play(withTexts(withProductionNames(scenario), seat, hello.texts), seat);
  return { hello, kind, play, takes: takesHonest(storyOf, honest) };
};

const said = ({ verdict, at }: Judgement): string => `${verdict}${at === null ? '' : ` at ${at}`}`;
const unmeasured = (because: string): Outcome => ({ is: 'not measured', because });
const isSame = (one: Judgement | undefined, other: Judgement | undefined): boolean =>
  one?.verdict === other?.verdict && one?.at === other?.at;

/** The same verdict, of the same player, by the same step, on the same evidence. */
const isSameBreak = (one: Run, other: Run, guarantee: Judgement['guarantee']): boolean => {
  const [first, second] = [judged(one, guarantee), judged(other, guarantee)];
  return (
    isSame(first, second) &&
    first?.why === second?.why &&
    stepName(one, first?.cause ?? null) === stepName(other, second?.cause ?? null)
  );
};

/** A counterexample as the model tells it, with real names and the texts of the client. */
type Model = {
  readonly scenario: Scenario;
  readonly seat: PlayerId;
  /** With the clause in force, and with it off in that seat alone. */
  readonly inForce: Run;
  readonly off: Run;
};

/** `string`: why it shows nothing of the clause at a client. */
const modelOf = (one: Counterexample, { hello, kind }: Company): Model | string => {
  const { clause, seat, guarantee } = one;
  if (seat === null) return 'no device of honest people alone has it break by leaving the clause out';
  const hidden = unseen(guarantee, hello.shows);
  if (hidden !== null) return hidden;
  const scenario = withTexts(withProductionNames(one.scenario), seat, hello.texts);
  const told = (more: RunOptions = {}): Run =>
    runStory(scenario, { suite: 'symbolic', guarantees: [guarantee], ...more });
  const turns = [{ turn: 'off', clause, for: seat }] as const;
  const inForce = told();
  const reasons = whyNot(scenario, seat, inForce, hello, kind);
  if (reasons.length > 0) return reasons.join('; ');
  if (guarantee === 'device-authenticity' && sendsSecrets(inForce, seat))
    return 'whom a client sends secrets to is sealed when it leaves';
  const off = told({ turns });
  const [kept, broken] = [judged(inForce, guarantee), judged(off, guarantee)];
  if (kept === undefined || broken === undefined) return 'it is not judged';
  if (broken.verdict !== one.verdict)
    return `with the clause off at ${seat} alone, and the names that production uses, it comes to ${said(broken)}`;
  if (severity[kept.verdict] >= severity[broken.verdict]) return `with the clause in force it comes to ${said(kept)}`;
  const shownAs = seenFrom(seat, hello.shows);
  const [keptSeen, brokenSeen] = [told({ shownAs }), told({ shownAs, turns })].map((run) => judged(run, guarantee));
  return isSame(kept, keptSeen) && isSame(broken, brokenSeen) && kept.shadow === keptSeen?.shadow
    ? { scenario, seat, inForce, off }
    : `what it goes by at ${seat} is inside the device`;
};

/** Other single settings of the model's device with which it comes to the same as with the clause off; what a profile leaves out is no single one. */
const othersThan = (
  { clause, guarantee }: Counterexample,
  { scenario, seat, inForce, off }: Model,
  { kind }: Company,
): readonly string[] =>
  settingsNear(inForce, seat, { ...kind, playsLike: [] }).flatMap(([name, changed]) => {
    if (name === clause) return [];
    const run = runStory(withSettings(scenario, seat, changed), { suite: 'symbolic', guarantees: [guarantee] });
    return isSameBreak(run, off, guarantee) ? [name] : [];
  });

/** Whether the clause refused something there, and did not only ask for something to be done. */
const isRule = ({ steps }: Run, seat: PlayerId, clause: ClauseId): boolean =>
  steps.some(({ moments }) =>
    moments.some(
      (moment) =>
        moment.kind === 'clause' &&
        moment.player === seat &&
        moment.clause === clause &&
        moment.role === 'guard' &&
        moment.says === 'refuses',
    ),
  );

/** A type of letter of which the client was seen to take none from anybody, so that refusing one says nothing. */
const untaken = ({ letters, opened }: Came, { takes }: Company): string | undefined =>
  [...letters, ...opened].map(({ type }) => type).find((type) => takes(type) === false);

/** What one counterexample says of a client. */
export const tryOne = (one: Counterexample, company: Company): Outcome => {
  const model = modelOf(one, company);
  if (typeof model === 'string') return unmeasured(model);
  const { clause, guarantee } = one;
  const { scenario, seat, inForce, off } = model;
  const { run: real, notes } = company.play(scenario, seat);
  const undone = unplayed(inForce, real, notes);
  if (undone !== null) return unmeasured(undone);
  const arrival = arrivalOf(inForce, real, seat, clause);
  if (arrival.is === 'did not come') return unmeasured(arrival.what);
  const { came } = arrival;
  const [kept, got] = [judged(inForce, guarantee), judged(real, guarantee)];
  if (kept === undefined || got === undefined) return unmeasured('it is not judged');
  if (isSame(kept, got)) {
    if (kept.shadow && !got.shadow) return unmeasured('what would show it did not come about');
    const type = isRule(inForce, seat, clause) ? untaken(came, company) : undefined;
    return type === undefined
      ? { is: 'enforces', came }
      : unmeasured(`it was not seen to take a letter of the type ${type} from anybody`);
  }
  if (!isSameBreak(real, off, guarantee))
    return unmeasured(`it comes to ${said(got)}, otherwise than with the clause off`);
  const others = othersThan(one, model, company);
  return others.length === 0
    ? { is: 'does not enforce', came, at: got.at, why: got.why }
    : { is: 'one of several', others, why: got.why };
};

const nameOf = ({ clause, seat, guarantee }: Counterexample): string => `${clause} ${seat} ${guarantee}`;

/** What says more of a client comes first: one way that it leaves open is not closed by another that it does not. */
export const telling: readonly Outcome['is'][] = ['does not enforce', 'one of several', 'enforces', 'not measured'];

/** All of them, one for each clause, seat and guarantee: of several ways to the same break the most telling. */
export const tryAll = (all: readonly Counterexample[], company: Company): readonly Tried[] => {
  const found = new Map<string, Tried>();
  for (const one of all) {
    const before = found.get(nameOf(one));
    if (before?.is === telling[0]) continue;
    const { scenario: _, ...known } = one;
    const tried = { ...known, ...tryOne(one, company) };
    if (before === undefined || telling.indexOf(tried.is) < telling.indexOf(before.is)) found.set(nameOf(one), tried);
  }
  return [...found.values()];
};
