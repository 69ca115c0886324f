import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guaranteeTexts } from '../machines/guarantee-texts.ts';
import { ledgerClauses } from '../machines/ledger.ts';
import { clauseName } from '../machines/naming.ts';
import type { Run } from '../sim/engine/types.ts';
import { outcomeOf } from '../sim/runs/figures/outcomes.ts';
import { runStory } from '../sim/runs/run.ts';
import { firstScreen, inQuestion, type Verdict4 } from '../sim/runs/telling/first-screen.ts';
import { type ScreenWords, screenWords } from '../sim/runs/telling/screen-words.ts';
import { inQuotes } from '../sim/runs/telling/speech.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { subjectOf } from '../sim/scenario/written.ts';

type Seen = {
  readonly name: string;
  readonly run: Run;
  readonly siblings: readonly Run[];
  readonly verdict: Verdict4;
  readonly words: ScreenWords;
};
/** Every run of every story: as it is written, and with each setting turned. */
const seen: readonly Seen[] = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .flatMap((path) => {
    const parsed = parseScenario(readFileSync(join(import.meta.dirname, path), 'utf8'), path.replace(/\.yaml$/, ''));
    if (!parsed.ok || parsed.scenario.explore !== null) return [];
    const { scenario } = parsed;
    const runs = [[], ...scenario.without.map(({ turns }) => turns)].map((turns) =>
      runStory(scenario, { turns, suite: 'symbolic' }),
    );
    return runs.map((run, nth): Seen => {
      const siblings = runs.filter((other) => other !== run);
      const verdict = firstScreen(run, siblings);
      const key = nth === 0 ? '' : ` without ${scenario.without[nth - 1]?.key}`;
      return { name: `${scenario.id}${key}`, run, siblings, verdict, words: screenWords(run, verdict) };
    });
  });
const linesOf = ({ who, did, broke, stoppedBy }: ScreenWords): readonly string[] => [who, ...did, ...broke, stoppedBy];
/** Names of the runs in which something is wrong, with what. */
const wrong = (rule: (one: Seen) => readonly string[]): readonly string[] =>
  seen.flatMap((one) => rule(one).map((what) => `${one.name}: ${what}`));
const brokenIn = (run: Run) =>
  inQuestion(run).judgements.filter(({ verdict }) => verdict === 'breaks' || verdict === 'accepted');

describe('what every run of the library says at first sight', () => {
  test('has all four parts, none of them empty', () => {
    expect(seen.length).toBeGreaterThan(700);
    expect(
      wrong(({ words }) => [
        ...(words.did.length === 0 || words.did.length > 3 ? [`${words.did.length} deeds`] : []),
        ...(words.broke.length === 0 ? ['nothing is said of what broke'] : []),
        ...linesOf(words).filter((line) => line.trim().length < 10),
      ]),
    ).toEqual([]);
  });

  test('is short', () => {
    const tooLong = (line: string, most: number): readonly string[] =>
      line.length > most ? [`${line.length}: ${line}`] : [];
    expect(
      wrong(({ words }) => [
        ...tooLong(words.who, 120),
        ...words.did.flatMap((line) => tooLong(line, 110)),
        ...words.broke.flatMap((line) => tooLong(line, 240)),
        ...tooLong(words.stoppedBy, 190),
      ]),
    ).toEqual([]);
  });

  test('names nobody and nothing by an id', () => {
    const clauses = new Set(ledgerClauses.map(({ id }) => id));
    const guarantees = new Set(Object.keys(guaranteeTexts));
    // A user, a room, a file, a secret; a device by its owner is looked for below, as servers are named so.
    const id = /@\w|![a-z]|mxc:|\bm\.(?:megolm|cross|secret|room)[._]|undefined|null|\[object/;
    expect(
      wrong(({ run, words }) => {
        const players = [...run.players.map((player) => player.id)].filter(
          (player) => player.includes('.') && !run.scenario.cast.servers.includes(player),
        );
        return linesOf(words).filter(
          (line) =>
            id.test(line) ||
            players.some((player) => line.includes(player)) ||
            line.split(/[^\w-]+/).some((word) => clauses.has(word) || guarantees.has(word)),
        );
      }),
    ).toEqual([]);
  });

  test('names each guarantee that breaks with its steps, and none that does not', () => {
    expect(
      wrong(({ run, verdict, words }) => {
        const broken = brokenIn(run);
        if (broken.length === 0)
          return words.broke.length === 1 && /^Nothing/.test(words.broke[0] ?? '') ? [] : words.broke;
        const missing = broken.filter(({ guarantee, cause, certain, verdict: how, breaks }) => {
          const line = words.broke.find((one) => one.startsWith(`“${guaranteeTexts[guarantee].short}”`)) ?? '';
          const told = verdict.broke.find((one) => one.guarantee === guarantee);
          const steps = new Set([certain, ...(told?.again ?? [])]);
          return !(
            line.includes(`step ${(cause ?? 0) + 1}`) &&
            (cause === certain || line.includes(`from step ${(certain ?? 0) + 1} on nothing can mend it`)) &&
            line.includes('the text itself accepts') === (how === 'accepted') &&
            breaks.every((group) => steps.has(group.certain)) &&
            (steps.size < 2 || /; (?:and again )?in (?:steps? )?\d/.test(line))
          );
        });
        return [
          ...missing.map(({ guarantee }) => `${guarantee} is not told with its step`),
          ...(words.broke.length === broken.length ? [] : ['something is told that does not break']),
          ...verdict.held.filter((held) => broken.some(({ guarantee }) => guarantee === held)),
        ];
      }),
    ).toEqual([]);
  });

  test('says of what holds where nothing was at stake in it: its shadow never happened, and no setting breaks it', () => {
    const falls = (run: Run, id: string): boolean =>
      run.judgements.some(({ guarantee, verdict }) => guarantee === id && verdict !== 'holds');
    const shortsOf = (isIdle: boolean, { run, siblings }: Seen): readonly string[] =>
      inQuestion(run).judgements.flatMap(({ guarantee, verdict, shadow }) => {
        const wasAtStake = shadow || siblings.some((other) => falls(other, guarantee));
        return verdict === 'holds' && wasAtStake !== isIdle ? [`“${guaranteeTexts[guarantee].short}”`] : [];
      });
    const quiet = seen.filter(({ run }) => brokenIn(run).length === 0);
    expect(quiet.filter((one) => shortsOf(true, one).length > 0).length).toBeGreaterThan(20);
    expect(
      quiet.flatMap((one) => {
        const [holding = '', idle = ''] = (one.words.broke[0] ?? '').split(/(?=nothing was at stake in)/);
        const [idleShorts, heldShorts] = [shortsOf(true, one), shortsOf(false, one)];
        const isSaid = idleShorts.length > 2 ? idle !== '' : idleShorts.every((short) => idle.includes(short));
        const isRight = idleShorts.length === 0 ? idle === '' : isSaid;
        const wrongly = [
          ...idleShorts.filter((short) => holding.includes(short)),
          ...heldShorts.filter((short) => idle.includes(short)),
        ];
        return [...wrongly, ...(isRight ? [] : [one.words.broke[0]])].map((what) => `${one.name}: ${what}`);
      }),
    ).toEqual([]);
  });

  test('tells breaks whole, in the order of the steps that did them', () => {
    expect(
      wrong(({ verdict: { broke }, words }) => [
        ...linesOf(words).filter((line) => /…(?!”|’)/.test(line)),
        ...(broke.every(({ cause }, nth) => nth === 0 || cause >= (broke[nth - 1]?.cause ?? 0)) ? [] : words.broke),
      ]),
    ).toEqual([]);
  });

  test('says that something is stopped only where somebody attacks and nothing breaks', () => {
    expect(
      wrong(({ run, words: { stoppedHead } }) => {
        const isAttacked = run.players.some(({ kind }) => kind === 'attacker');
        const head = brokenIn(run).length > 0 ? 'Would help' : isAttacked ? 'Stopped by' : 'Kept by';
        return stoppedHead === head ? [] : [stoppedHead];
      }),
    ).toEqual([]);
  });

  test('tells what was done in the step in which the clause spoke that stops it, and in that of the first break', () => {
    const deedless = wrong(({ run, verdict: { did, broke, stoppedBy } }) => {
      const spoke = 'spoke' in stoppedBy ? stoppedBy.spoke?.step : undefined;
      const step = broke[0]?.cause ?? spoke;
      // Of a sync in which a device only shows something the line on the break says all there is.
      if (step === undefined || run.steps[step]?.choice.kind === 'sync') return [];
      return did.some((deed) => deed.step === step || deed.again.includes(step)) ? [] : [`step ${step + 1}`];
    });
    expect(deedless).toEqual([]);
  });

  test('tells the act that decides, though no line of the story has it', () => {
    const didOf = (id: string) => seen.find(({ name }) => name === id)?.words.did;
    expect(didOf('key-bundle/an-inviter-who-is-gone-has-shared-already')).toContain(
      'Alice’s laptop invites Bob to den and shares a key bundle with Bob’s phone (step 3)',
    );
    expect(didOf('secret-push/several-pushes-while-offline')).toContain(
      'Alice’s phone takes of 3 pushed backup keys only the live one (step 6)',
    );
    expect(didOf('key-bundle/a-pointer-that-comes-a-day-late-is-left-alone')).toContain(
      'Bob’s phone does not act on a pointer to a bundle from Alice’s phone (step 9)',
    );
    expect(didOf('interactions/one-false-identity-knocks-at-three-doors')?.[0]).toContain(
      'puts an identity of their own in the place of Bob’s',
    );
  });

  test('tells deeds of steps that there are, in their order', () => {
    expect(
      wrong(({ run, verdict }) => {
        const steps = verdict.did.map(({ step }) => step);
        const inOrder = steps.every(
          (step, nth) => step < run.steps.length && (nth === 0 || step > (steps[nth - 1] ?? 0)),
        );
        return inOrder ? [] : [steps.join()];
      }),
    ).toEqual([]);
  });

  test('says that a clause decides only where runs with and without it end otherwise, or where it threw something away', () => {
    const verdictsOf = (run: Run): string =>
      inQuestion(run)
        .judgements.map(({ verdict }) => verdict)
        .join();
    expect(
      wrong(({ run, siblings, verdict: { stoppedBy } }) => {
        switch (stoppedBy.is) {
          case 'holds by':
          case 'mended by': {
            // Some other run differs in all of these settings, and in its verdicts.
            const told = JSON.stringify(
              stoppedBy.by
                .map((one) =>
                  one.is === 'clause'
                    ? one.clause
                    : 'question' in one
                      ? one.question
                      : 'option' in one
                        ? one.option
                        : 'proposal' in one
                          ? one.proposal
                          : subjectOf(one.fault),
                )
                .sort(),
            );
            const turned = (other: Run): string =>
              JSON.stringify(
                [...new Set([...run.trace.turns, ...other.trace.turns].map((turn) => JSON.stringify(turn)))]
                  .map((turn) => JSON.parse(turn) as Run['trace']['turns'][number])
                  .filter((turn) => {
                    const has = (list: Run['trace']['turns']) =>
                      list.some((one) => JSON.stringify(one) === JSON.stringify(turn));
                    return has(run.trace.turns) !== has(other.trace.turns);
                  })
                  .map((turn) => (turn.turn === 'off' ? turn.clause : subjectOf(turn)))
                  .filter((name, nth, all) => all.indexOf(name) === nth)
                  .sort(),
              );
            return siblings.some((other) => turned(other) === told && verdictsOf(other) !== verdictsOf(run))
              ? []
              : [`no run differs in ${told} alone`];
          }
          case 'spoke': {
            const { step, clauses } = stoppedBy.spoke;
            const taken = run.steps[step];
            const threw = (taken?.moments ?? []).flatMap((moment) =>
              moment.kind === 'clause' && taken !== undefined && outcomeOf(run, taken, moment).is === 'thrown away'
                ? [moment.clause]
                : [],
            );
            return clauses.filter((clause) => !threw.includes(clause));
          }
          case 'off here': {
            const missed = brokenIn(run).flatMap((one) => one.missed);
            return stoppedBy.clauses.filter((clause) => !missed.includes(clause));
          }
          case 'none':
            return brokenIn(run).length > 0 && siblings.every((other) => brokenIn(other).length > 0)
              ? []
              : ['some run holds'];
          case 'not seen': {
            const isHeldByAll = [run, ...siblings].every((other) => brokenIn(other).length === 0);
            return isHeldByAll === (stoppedBy.runs !== null) && brokenIn(run).length === 0
              ? []
              : ['it is not so in all'];
          }
        }
      }),
    ).toEqual([]);
  });

  test('names a clause that it says decides, by its name', () => {
    expect(
      wrong(({ words }) => {
        const [first] = words.clauses;
        return first === undefined || words.stoppedBy.includes(inQuotes(clauseName(first))) ? [] : [words.stoppedBy];
      }),
    ).toEqual([]);
  });

  test('shows an attacker wherever there is one, and says that nobody lies wherever there is none', () => {
    expect(
      wrong(({ run, verdict, words }) => {
        const has = run.players.some(({ kind }) => kind === 'attacker');
        return has === (verdict.who.is === 'attacker') && has !== words.who.startsWith('Nobody lies')
          ? []
          : [words.who];
      }),
    ).toEqual([]);
  });
});
