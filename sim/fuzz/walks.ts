/**
 * Random walks through the library, with every fault there is and one attacker more than its casts have: nothing throws, and whatever
 * breaks with terms breaks with bytes, from its line.
 */
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Scenario } from '../engine/types.ts';
import { replay, type SuiteMaker, wander } from '../runs/run.ts';
import { formatTrace, parseTrace } from '../runs/trace.ts';
import { type ParsedScenario, parseScenario } from '../scenario/parse.ts';
import { printScenario } from '../scenario/print.ts';
import { faults } from '../verbs/forms.ts';
import { digestOf, type Luck, luckOf } from './luck.ts';
import { failing, type Outcome, type Part, type Text, type Wrong } from './part.ts';
import { verdictLines } from './play.ts';
import { oneMoreAttacker } from './scenarios.ts';

/** Choices of a walk at most: long enough for every story to end and more to happen after it. */
const stepsMax = 60;
const attackersMax = 3;

/** The scenario in worse company: every fault may strike once, and an attacker comes along who may make two moves at any time. */
const worse = (luck: Luck, scenario: Scenario): Scenario => {
  const { cast, explore } = scenario;
  const known = cast.attackers.map((one) => ({ ...one, budget: { moves: 2, ...one.budget } }));
  const isFull = known.length >= attackersMax || luck.oneIn(4);
  const dealt = Object.fromEntries([...faults.keys()].map((fault) => [fault, 1]));
  return {
    ...scenario,
    cast: { ...cast, attackers: isFull ? known : [...known, oneMoreAttacker(luck, cast)] },
    faults: dealt,
    explore: {
      acts: explore?.acts ?? [],
      ...(explore?.storyFirst === true ? { storyFirst: true } : {}),
      faults: {},
      until: { depth: stepsMax, worlds: 1000 },
    },
    expect: [{ guarantee: luck.one(guaranteeIds), verdict: 'holds', at: null, by: null, shadow: 'happens' }],
    without: [],
  };
};

/** The text in worse company where it is a scenario then; as people wrote it where it is none (two thieves of one token). */
const walked = (luck: Luck, { id, text }: Text): ParsedScenario => {
  const written = parseScenario(text, id);
  if (!written.ok) return written;
  const bent = parseScenario(printScenario(worse(luck, written.scenario)), id);
  return bent.ok ? bent : written;
};

type Walked = { readonly told: readonly string[] } | { readonly wrong: Wrong };

const walk = (luck: Luck, seed: string, text: Text, bytes: SuiteMaker): Walked => {
  const parsed = walked(luck, text);
  if (!parsed.ok) return { wrong: { cause: 'a scenario of the library is refused', message: text.id } };
  const { scenario } = parsed;
  // What a maker has made is kept as long as the maker is, and no two walks share a seed.
  const run = wander(scenario, { seed, stepsMax, suite: (own) => makeSymbolicSuite(own) });
  const line = formatTrace(run.trace);
  const told = verdictLines(run);
  if (run.judgements.some(({ verdict }) => verdict === 'breaks' || verdict === 'accepted')) {
    const trace = parseTrace(line);
    if (!trace.ok) return { wrong: { cause: 'a line that replays a walk is not read', message: line } };
    const real = replay(scenario, trace.trace, (own) => bytes(own));
    if (verdictLines(real).join() !== told.join())
      return { wrong: { cause: 'a walk that breaks something comes to other verdicts with bytes', message: line } };
  }
  return { told: [line, ...told] };
};

export const walkPart: Part = {
  name: 'walk',
  perCase: 1,
  begin:
    ({ seed, library, bytes }) =>
    (nth): Outcome => {
      const luck = luckOf(`walk/${seed}/${nth}`);
      // One scenario after another, so that all of them are walked through equally often.
      const text = library[nth % library.length] ?? { id: 'none', text: '' };
      const done = failing(() => walk(luck, `${seed}-${nth}`, text, bytes));
      const came: Walked = 'ok' in done ? done.ok : { wrong: done.thrown };
      if ('told' in came) return { digest: digestOf(came.told), failure: null, looks: [] };
      const again = failing(() => walked(luckOf(`walk/${seed}/${nth}`), text));
      const shrunk = 'ok' in again && again.ok.ok ? printScenario(again.ok.scenario) : text.text;
      return { digest: digestOf([came.wrong.cause]), failure: { ...came.wrong, shrunk }, looks: [] };
    },
};
