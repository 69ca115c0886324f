/** What pictures call refused was thrown away: held against the run of every story and variant of the library. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { objectAt, stringAt } from '../machines/json.ts';
import { ledgerClause } from '../machines/ledger.ts';
import type { Moment, PlayerId, Run, Step } from '../sim/engine/types.ts';
import { fallenIn, isForetold } from '../sim/runs/figures/breaks.ts';
import { isShut } from '../sim/runs/figures/folding.ts';
import { knowledgeOf } from '../sim/runs/figures/knowledge.ts';
import { miniSvg } from '../sim/runs/figures/mini.ts';
import { type ClauseMoment, outcomeOf, outcomeWords } from '../sim/runs/figures/outcomes.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { sequenceSvg } from '../sim/runs/figures/sequence.ts';
import { isAttacker, stepWords } from '../sim/runs/figures/sides.ts';
import { runStories } from '../sim/runs/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { turnKey } from '../sim/scenario/written.ts';

const runs: readonly Run[] = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .toSorted()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    if (!parsed.ok || parsed.scenario.explore !== null) return [];
    const { scenario } = parsed;
    const guarantees = scenario.expect.map(({ guarantee }) => guarantee);
    const variants = scenario.without.map(({ turns }) => ({ turns, guarantees }));
    const played = runStories(scenario, variants, { suite: 'symbolic', guarantees });
    return [played.story, ...played.variants];
  });

const playerOf = (moment: Moment): PlayerId =>
  'player' in moment ? moment.player : moment.kind === 'delivery' ? moment.to : moment.from;

/** A refusal, with where it stands. `ahead`: moments of the same player that follow, step by step; `before`: those before it. */
type Refusal = {
  readonly run: Run;
  readonly nth: number;
  readonly step: Step;
  readonly moment: ClauseMoment;
  readonly ahead: readonly Moment[];
  readonly later: readonly Moment[];
  readonly before: readonly Moment[];
};
const refusals: readonly Refusal[] = runs.flatMap((run) =>
  run.steps.flatMap((step, nth) =>
    step.moments.flatMap((moment, place) => {
      if (moment.kind !== 'clause' || moment.says !== 'refuses' || moment.off) return [];
      const own = (moments: readonly Moment[]) => moments.filter((one) => playerOf(one) === moment.player);
      const ahead = own(step.moments.slice(place + 1));
      const later = own(run.steps.slice(nth + 1).flatMap(({ moments }) => moments));
      return [{ run, nth, step, moment, ahead, later, before: own(step.moments.slice(0, place)) }];
    }),
  ),
);
const told = ({ run, nth, moment }: Refusal): string =>
  `${run.scenario.id} [${run.trace.turns.map((turn) => JSON.stringify(turn)).join()}] step ${nth + 1}: ${moment.clause} at ${moment.player}`;

type Letter = Extract<Moment, { kind: 'delivery' }>;
const heardIn = ({ before }: Refusal): string => {
  const heard = before.findLast(({ kind }) => kind === 'heard');
  return heard?.kind === 'heard' ? heard.event.type : '';
};
const contentOf = ({ opened, event }: Letter) => opened?.content ?? objectAt(event, 'content');
const secretIn = (letter: Letter): string | undefined => stringAt(contentOf(letter), 'secret');
const urlIn = (letter: Letter): string | undefined => stringAt(objectAt(contentOf(letter), 'file'), 'url');
const sessionIn = (letter: Letter): string | undefined => stringAt(contentOf(letter), 'session_id');

/** Up to the next letter that brings the same once more: from there on it is another’s doing. */
const untilAgain = (moments: readonly Moment[], what: (letter: Letter) => string | undefined, value: string) => {
  const end = moments.findIndex((one) => one.kind === 'delivery' && what(one) === value);
  return end < 0 ? moments : moments.slice(0, end);
};

/** How what a letter brought got in after all, in what follows; `null`: it did not. */
const letIn = (letter: Letter, following: readonly Moment[]): string | null => {
  const [secret, url, session] = [secretIn(letter), urlIn(letter), sessionIn(letter)];
  const among = (
    what: (letter: Letter) => string | undefined,
    value: string | undefined,
    found: (one: Moment) => boolean,
  ) => value !== undefined && untilAgain(following, what, value).some(found);
  if (
    among(
      secretIn,
      secret,
      (one) => one.kind === 'stored' && one.patch.patch === 'secret' && one.patch.held.secret === secret,
    )
  )
    return 'the secret is stored';
  const media = url?.split('/').at(-1) ?? '';
  if (among(urlIn, url, (one) => one.kind === 'request' && one.method === 'GET' && one.path.includes(media)))
    return 'the bundle is fetched';
  const isKey = (letter.opened?.type ?? '').endsWith('room_key');
  const holds = (one: Moment): boolean =>
    one.kind === 'stored' && one.patch.patch === 'room keys' && JSON.stringify(one.patch).includes(`"${session}"`);
  return isKey && among(sessionIn, session, holds) ? 'the room key is stored' : null;
};

/** What comes from outside and can be thrown away; what a device asks itself can only be left undone, or chosen. */
const fromOutside =
  /^(?:to-device (?!m\.secret\.request)|envelope\.|inbox\.|room\.event|room-keys\.read|keys\.(?:queried|claimed)|bundle\.(?:downloaded|opened|read)|backup\.read|push\.(?:published|share)|sync\.devices)/;

/** What brings several things at once, each to be judged. */
const ofSeveral = /^(?:keys\.(?:queried|claimed)|bundle\.(?:opened|read)|backup\.read|push\.published)$/;

/** Whether what was asked for was not there: a no of the server’s, not of the device’s. */
const isEmptyAnswer = (one: Refusal): boolean => {
  const asked = one.before.findLast(({ kind }) => kind === 'request');
  return heardIn(one) === 'bundle.downloaded' && asked?.kind === 'request' && asked.status >= 400;
};
/** The duty that keeps pointers to bundles for later. */
const keeper = '4268-store-pointer';

/** What speaks against calling it refused; empty where it was thrown away. */
const against = (one: Refusal): readonly string[] => {
  const { ahead, later, before } = one;
  const event = heardIn(one);
  const end = ahead.findIndex(({ kind }) => kind === 'heard' || kind === 'delivery');
  const hearing = end < 0 ? ahead : ahead.slice(0, end);
  const rest = [...ahead, ...later];
  const letter = before.findLast((moment): moment is Letter => moment.kind === 'delivery');
  const isLetter = /^(?:to-device |push\.share|inbox\.|room-keys\.read)/.test(event);
  return [
    ...(fromOutside.test(event) && !isEmptyAnswer(one) ? [] : [`nothing came: ${event}`]),
    ...hearing.flatMap((moment) =>
      moment.kind === 'clause' && moment.clause === keeper && moment.says === 'done' ? ['it is kept'] : [],
    ),
    ...hearing.flatMap((moment) =>
      moment.kind === 'stored' ? [`its chart stores ${moment.patch.patch} of what it heard`] : [],
    ),
    ...hearing.flatMap((moment) =>
      moment.kind === 'shown' && moment.notice.about === 'message' ? ['the message is shown'] : [],
    ),
    ...(event.startsWith('envelope.') && !hearing.some(({ kind }) => kind === 'discarded')
      ? ['the letter is opened']
      : []),
    ...(isLetter && letter !== undefined && !isBroughtTwice(one, letter)
      ? [letIn(letter, [...before.slice(before.indexOf(letter) + 1), ...rest]) ?? []].flat()
      : []),
    ...(event === 'push.published' ? keptCandidate(one) : []),
  ];
};

/** Whether another letter had brought the same secret already: then nobody can tell whose was taken. */
const isBroughtTwice = ({ before }: Refusal, letter: Letter): boolean =>
  before.some((one) => one.kind === 'delivery' && one !== letter && secretIn(one) === (secretIn(letter) ?? null));

/** A secret that was offered up to here, failed, and was taken in a later step though nobody had offered it again. */
const keptCandidate = ({ run, nth, moment, later }: Refusal): readonly string[] => {
  const offered = run.steps
    .slice(0, nth + 1)
    .flatMap(({ moments }) => moments)
    .flatMap((one) => (one.kind === 'delivery' && one.to === moment.player ? (secretIn(one) ?? []) : []));
  return offered.some((secret) =>
    untilAgain(later, secretIn, secret).some(
      (one) =>
        one.kind === 'stored' &&
        one.patch.patch === 'secret' &&
        one.patch.held.secret === secret &&
        one.patch.held.origin.how === 'push',
    ),
  )
    ? ['the secret is taken later']
    : [];
};

const outcome = (one: Refusal) => outcomeOf(one.run, one.step, one.moment);
const isWhole = (one: Refusal): boolean => {
  const now = outcome(one);
  return now.is === 'thrown away' && now.some !== true;
};

/** Clauses whose refusals mean that, in the runs of the library. */
const clausesBeing = (is: string): readonly string[] => [
  ...new Set(refusals.filter((one) => outcome(one).is === is).map(({ moment }) => moment.clause)),
];

describe('what became of what a clause did not let pass', () => {
  test('all of what is refused was thrown away', () => {
    const wrong = refusals.filter(isWhole).flatMap((one) => against(one).map((why) => `${told(one)}: ${why}`));
    expect(wrong).toEqual([]);
  });

  test('what is refused in part came in several, of which some got in', () => {
    const parts = refusals.filter((one) => outcome(one).is === 'thrown away' && !isWhole(one));
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.filter((one) => !ofSeveral.test(heardIn(one))).map(told)).toEqual([]);
  });

  test('what is thrown away before it is opened is called refused, and by the clause that did it', () => {
    const discarding = refusals.filter(
      ({ moment, ahead }) => moment.chart === 'envelope' && ahead[0]?.kind === 'discarded',
    );
    const byClause = discarding.filter(
      ({ ahead: [next] }) => next?.kind === 'discarded' && next.cause !== 'keys not fetched',
    );
    expect(byClause.length).toBeGreaterThan(10);
    expect(byClause.filter((one) => !isWhole(one)).map(told)).toEqual([]);
  });

  test('what is called otherwise would be found out if it were called refused', () => {
    const others = refusals.filter((one) => outcome(one).is !== 'thrown away');
    const unknown = [...new Set(others.map(({ moment }) => moment.clause))].filter(
      (clause) => !others.some((one) => one.moment.clause === clause && against(one).length > 0),
    );
    expect(unknown).toEqual([]);
  });

  test('what is kept for later is put by, or was and stays so', () => {
    const lost = refusals.filter((one) => {
      const { run, moment } = one;
      const readsB = run.trace.turns.some((turn) => turn.turn === 'reading' && turn.question === 'q07');
      const set = (run.scenario.settings.byDevice[moment.player] ?? run.scenario.settings.everyone).readings.q07;
      const isKept = against(one).includes('it is kept') || /^(?:sync\.|told\.|user\.)/.test(heardIn(one));
      return (
        outcome(one).is === 'kept for later' &&
        !isKept &&
        !(heardIn(one) === 'push.published' && (readsB || set === 'B'))
      );
    });
    expect(lost.map(told)).toEqual([]);
    expect(refusals.some((one) => outcome(one).is === 'kept for later' && keptCandidate(one).length > 0)).toBe(true);
  });

  test('what does not pass on one ground gets in on another, somewhere', () => {
    const inAnyway = refusals.filter((one) => outcome(one).is === 'not on this ground' && against(one).length > 0);
    const never = clausesBeing('not on this ground').filter(
      (clause) => !inAnyway.some(({ moment }) => moment.clause === clause),
    );
    expect(never).toEqual([]);
  });

  test('what is not done, read or chosen has its words in the ledger', () => {
    for (const is of ['not done', 'read as', 'chose'])
      for (const clause of clausesBeing(is)) expect(ledgerClause(clause)?.refusing_what, clause).toMatch(/^\S.{3,}/);
  });
});

/** What became of what a clause did not let pass in a story, or in its variant of that key. */
const outcomesIn = (id: string, clause: string, key?: string): readonly string[] => [
  ...new Set(
    refusals
      .filter(
        ({ run, moment }) =>
          run.scenario.id === id &&
          run.trace.turns.map(turnKey).join(' + ') === (key ?? '') &&
          moment.clause === clause,
      )
      .map((one) => outcomeWords(outcome(one))),
  ),
];

describe('single stories', () => {
  test.each([
    // A failed secret is thrown away, or kept to be tried again: question q07.
    ['secret-push/a-push-that-overtakes-its-version-is-lost', '4385-push-works-test', undefined, ['refused']],
    ['secret-push/a-push-that-overtakes-its-version-is-lost', '4385-push-works-test', 'q07: B', ['kept for later']],
    // Nobody asked for it, and another sentence would have stopped it: without that it is taken.
    ['secret-push/in-the-first-text-an-answer-is-no-share', '1946-ignore-unasked', undefined, ['refused']],
    [
      'secret-push/in-the-first-text-an-answer-is-no-share',
      '1946-ignore-unasked',
      '4385-send-solicited-unchanged',
      ['not on this ground'],
    ],
    // Whoever has not signed its device may still be read, but not everywhere.
    [
      'interactions/one-false-identity-knocks-at-three-doors',
      '4147-owner-via-cross-signing',
      undefined,
      ['refused', 'not on this ground'],
    ],
    ['incidents/forwarded-by-anyone-as-it-was', '4268-absent-flag-false', undefined, ['read as: not shareable']],
    [
      'key-backup/a-backup-of-unknown-make-gets-no-room-keys',
      '1219-trust-before-upload',
      undefined,
      ['uploads nothing'],
    ],
  ] as const)('%s: %s', (id, clause, key, words) => {
    expect(outcomesIn(id, clause, key)).toEqual(words);
  });

  test('a forged key that is believed is refused nowhere in its pictures', () => {
    const run = runs.find(({ scenario }) => scenario.id === 'incidents/forwarded-by-anyone-as-it-was');
    if (run === undefined) throw new Error('the incident is not there');
    for (const svg of [sequenceSvg(run), miniSvg(run, { prefix: 'm', named: true })])
      expect(textsIn(svg).filter((text) => /refuse/i.test(text))).toEqual([]);
  });
});

/** Texts of an SVG. */
const textsIn = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);

describe('pictures of the whole library', () => {
  test('say refused, and have bars, for what was thrown away and for nothing else', () => {
    let bars = 0;
    for (const run of runs) {
      const { rows } = rowsOf(run);
      const thrown = rows.flatMap(({ gates }) => gates.filter((gate) => gate.outcome.is === 'thrown away'));
      const shut = rows.filter((row) => isShut(row)).length;
      bars += shut;
      const small = miniSvg(run, { prefix: 'm', named: true });
      const said = textsIn(small).filter((text) => /refused$/i.test(text) && !text.startsWith('✕'));
      expect(said.length, run.scenario.id).toBeLessThanOrEqual(thrown.length);
      expect(small.match(/class="gate shut"/g)?.length ?? 0, run.scenario.id).toBeLessThanOrEqual(shut);
      if (thrown.length === 0) {
        const large = sequenceSvg(run);
        expect(large, run.scenario.id).not.toContain('class="gate shut');
        expect(
          textsIn(large).filter((text) => /^(?:some of it )?refuse[sd]\b/.test(text)),
          run.scenario.id,
        ).toEqual([]);
      }
    }
    expect(bars).toBeGreaterThan(100);
  });

  test('draw nothing that an attacker does, or does with a device it stole, as honest', () => {
    const stolen = runs.filter(({ players }) => players.some(({ kind }) => kind === 'stolen device'));
    expect(stolen.length).toBeGreaterThan(40);
    const wrong = runs.flatMap((run) => {
      const theirs = new Set(run.players.filter(isAttacker).map(({ id }) => id));
      return rowsOf(run)
        .rows.filter(
          ({ kind, from, to, asked }) => kind === 'honest' && (theirs.has(from) || (asked && theirs.has(to))),
        )
        .map(({ step, label }) => `${run.scenario.id} step ${step + 1}: ${label}`);
    });
    expect(wrong).toEqual([]);
  });

  test('mark every step that broke something, and every one that did it, large and small', () => {
    for (const run of runs) {
      const fallen = fallenIn(run).filter(({ verdict }) => verdict === 'breaks');
      const { rows } = rowsOf(run);
      const stepsOf = (marked: (row: (typeof rows)[number]) => readonly { readonly verdict: string }[]) => [
        ...new Set(
          rows.filter((row) => marked(row).some(({ verdict }) => verdict === 'breaks')).map(({ step }) => step),
        ),
      ];
      const sorted = (steps: readonly number[]) => [...new Set(steps)].toSorted((one, other) => one - other);
      expect(
        stepsOf(({ verdicts }) => verdicts),
        run.scenario.id,
      ).toEqual(sorted(fallen.map(({ certain }) => certain)));
      expect(
        stepsOf(({ causes }) => causes),
        run.scenario.id,
      ).toEqual(sorted(fallen.filter(isForetold).map(({ cause }) => cause)));
      const small = textsIn(miniSvg(run, { prefix: 'm' }));
      const count = (sign: string) => small.filter((text) => text.includes(sign)).length;
      const rowsWith = (of: 'verdicts' | 'causes') =>
        rows.filter((row) => row[of].some(({ verdict }) => verdict === 'breaks')).length;
      expect([count('✕'), count('●')], run.scenario.id).toEqual([rowsWith('verdicts'), rowsWith('causes')]);
    }
  });

  test('call nobody by an id: a device has its name, and its owner’s in a sentence', () => {
    const wrong = runs.flatMap((run) => {
      const ids = run.players.flatMap(({ kind, id }) => (kind === 'homeserver' || !id.includes('.') ? [] : [id]));
      const raw = new RegExp(`(?<![\\w.@-])(?:${ids.map((id) => id.replace('.', '\\.')).join('|')})(?![\\w-])`);
      const { rows } = rowsOf(run);
      const read = [
        ...[sequenceSvg(run), sequenceSvg(run, { form: 'narrow' }), miniSvg(run, { prefix: 'm', named: true })],
        ...rows.flatMap(({ label, wire, learned }) => [label, wire, ...learned.map(({ what }) => what)]),
        ...run.steps.map((step) => stepWords(run, step)),
        ...fallenIn(run).map(({ why }) => why),
        ...knowledgeOf(run).flatMap(({ what, text, from }) => [what, text, ...from.map(({ what: source }) => source)]),
      ];
      const found = ids.length === 0 ? undefined : read.find((text) => raw.test(text));
      return found === undefined ? [] : [`${run.scenario.id}: ${raw.exec(found)?.[0]} in ${found.slice(0, 200)}`];
    });
    expect(wrong).toEqual([]);
  });
});
