/**
 * The browser and the command line agree byte for byte: every scenario of the library as it is written and with each of its own settings
 * turned, and fifty with settings of all kinds by dice, asked of the worker as pages ask it, under the policy of the site.
 *
 * There on noble's curves, here on Node's. What is compared is the text that `npx hearsay replay` prints, the line that it is given, and
 * everything that each step carried: requests, letters with all layers of their envelopes, what devices kept of them.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerQuestions, ledgerRevisions } from '../machines/ledger.ts';
import { implementedClauses } from '../machines/parts.ts';
import { hearsayHere } from '../sim/cli/testing.ts';
import { realSuite } from '../sim/crypto/node/suite.ts';
import { dice } from '../sim/engine/chance.ts';
import type { OptionValue, Run, Scenario, Turn } from '../sim/engine/types.ts';
import { runStory } from '../sim/runs/run.ts';
import { inQuestion } from '../sim/runs/telling/first-screen.ts';
import { formatTrace } from '../sim/runs/trace.ts';
import { transcript } from '../sim/runs/transcript.ts';
import { type OptionKind, options, valuesOf } from '../sim/scenario/options.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { knownSecrets } from '../sim/scenario/secret-names.ts';
import { turnableIn, wrongTurns } from '../sim/scenario/turns.ts';
import { subjectOf, turnsKey } from '../sim/scenario/written.ts';
import { strikable } from '../sim/verbs/forms.ts';
import { lettersOf } from '../site/letters.ts';
import { bundleParts } from '../site/test/bundle.ts';
import { launch } from '../site/test/chromium.ts';

const scenarios: readonly Scenario[] = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .sort()
  .map((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    if (!parsed.ok) throw new Error(`${file} does not parse`);
    return parsed.scenario;
  });

const policy = "default-src 'none'; script-src 'self'";
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const parts = await bundleParts(`
    import { ask } from '/site/scripts/asking.ts';
    globalThis.ask = ask;`);
  browser = await launch();
  page = await browser.newPage();
  await page.route('http://localhost/**', (route) => {
    const code = parts.get(new URL(route.request().url()).pathname.slice(1));
    const headers = { 'content-security-policy': policy };
    return code === undefined
      ? route.fulfill({
          body: '<!doctype html><title>here</title><script type="module" src="/entry.js"></script>',
          contentType: 'text/html',
          headers,
        })
      : route.fulfill({ body: code, contentType: 'text/javascript', headers });
  });
  await page.goto('http://localhost/');
});
afterAll(async () => {
  await browser.close();
});

type Told = { readonly text: string; readonly line: string; readonly letters: string };
type Asking = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

const digest = (text: string): string => [...createHash('sha256').update(text).digest()].join(' ');

/** What the worker says of each, one after the other. */
const told = async (all: readonly Asking[]): Promise<readonly Told[]> => {
  const asked: unknown = all;
  return await page.evaluate(async (questions) => {
    const { ask } = globalThis as unknown as { ask: (name: string, asked: unknown) => Promise<unknown> };
    const said: { readonly text: string; readonly line: string; readonly letters: string }[] = [];
    for (const question of questions as readonly unknown[]) {
      const run = (await ask('run', { ...(question as object), form: null })) as { readonly line: string };
      const text = (await ask('text', question)) as string;
      const carried = new TextEncoder().encode(JSON.stringify(await ask('letters', question)));
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', carried));
      said.push({ text, line: run.line, letters: [...digest].join(' ') });
    }
    return said;
  }, asked);
};
const toldOf = (run: Run): Told => ({
  text: transcript(run),
  line: formatTrace(run.trace),
  letters: digest(JSON.stringify(lettersOf(inQuestion(run)))),
});
const here = ({ scenario, turns }: Asking): Told => toldOf(runStory(scenario, { turns, suite: realSuite }));

describe.each([...Map.groupBy(scenarios, ({ id }) => id.split('/', 1)[0] ?? '')])('%s', (_folder, own) => {
  it.each(own.map((scenario) => [scenario.id, scenario] as const))(
    '%s is told by the worker as it is here',
    async (_id, scenario) => {
      const all = [[], ...scenario.without.map(({ turns }) => turns)].map((turns) => ({ scenario, turns }));
      expect(await told(all)).toEqual(all.map(here));
    },
  );
});

/** Fifty of the scenarios, each with one to three settings turned, of every kind that there is, by dice with a seed. */
const fifty = (): readonly Asking[] => {
  const roll = dice('fifty random settings');
  const one = <T>(list: readonly T[]): T => {
    const taken = list[roll(list.length)];
    if (taken === undefined) throw new Error('there is nothing to choose from');
    return taken;
  };
  const texts = Object.entries(ledgerRevisions).flatMap(([proposal, all]) =>
    [...Object.keys(all), 'none'].map((revision): Turn => ({ turn: 'revision', proposal, revision })),
  );
  const readings = ledgerQuestions.flatMap(({ id }) =>
    (['A', 'B'] as const).map((reading): Turn => ({ turn: 'reading', question: id, reading })),
  );
  const value = (kind: OptionKind): OptionValue => {
    if (kind.is === 'count') return 1 + roll(kind.max);
    return kind.is === 'words' ? [...knownSecrets.keys()].filter(() => roll(2) === 0) : one(valuesOf(kind));
  };
  const option = (kinds: readonly OptionKind['is'][]): Turn => {
    const [name, { kind }] = one([...options].filter(([, known]) => kinds.includes(known.kind.is)));
    return { turn: 'option', option: name, value: value(kind) };
  };
  const turn = (scenario: Scenario): Turn => {
    const { devices, lines, hasFault } = turnableIn(scenario);
    const faulty = Array.from({ length: lines }, (_, nth) => nth + 1).filter(hasFault);
    const makers: readonly (() => Turn)[] = [
      () => one(readings),
      () => one(texts),
      () => ({ turn: 'off', clause: one(implementedClauses).clause }),
      () => ({ turn: 'off', clause: one(implementedClauses).clause, for: one(devices) }),
      () => option(['switch', 'one of']),
      () => option(['count', 'words']),
      () => ({ turn: 'struck', line: 1 + roll(lines), fault: one([...strikable.keys()]), at: one(devices) }),
      () => ({ turn: 'struck', line: 1 + roll(lines), fault: one([...strikable.keys()]), at: one(devices) }),
      ...(faulty.length === 0 ? [] : [() => ({ turn: 'spared', line: one(faulty) }) as const]),
    ];
    return one(makers)();
  };
  const hasFaults = (scenario: Scenario): boolean =>
    scenario.story.some((_, nth) => turnableIn(scenario).hasFault(nth + 1));
  const [faulty, told] = [scenarios.filter(hasFaults), scenarios.filter(({ story }) => story.length > 0)];
  return Array.from({ length: 50 }, (_, nth) => {
    // Few have something that goes wrong: every fifth time it is one of those.
    const scenario = one(nth % 5 === 0 ? faulty : told);
    const turns = Array.from({ length: 1 + roll(3) }, () => turn(scenario));
    const subjects = turns.map(subjectOf);
    return { scenario, turns: turns.filter((_turn, at) => subjects.indexOf(subjects[at] ?? '') === at) };
  });
};

describe('fifty random settings', () => {
  const all = fifty();

  it('are of every kind that there is', () => {
    const turns = all.flatMap((one) => one.turns);
    expect([...new Set(turns.map((one) => one.turn))].sort()).toEqual([
      'off',
      'option',
      'reading',
      'revision',
      'spared',
      'struck',
    ]);
    expect(new Set(turns.flatMap((one) => (one.turn === 'option' ? [typeof one.value] : [])))).toEqual(
      new Set(['boolean', 'string', 'number', 'object']),
    );
    for (const { scenario, turns: own } of all) expect(wrongTurns(own, turnableIn(scenario))).toEqual([]);
  });

  it.each(all.map((one) => [`${one.scenario.id}: ${turnsKey(one.turns)}`, one] as const))('%s', async (_name, one) => {
    const [there] = await told([one]);
    expect(there).toEqual(here(one));
    const printed = await hearsayHere('replay', there?.line ?? '');
    expect(printed).toEqual({ status: 0, stdout: there?.text, stderr: '' });
  });
});
