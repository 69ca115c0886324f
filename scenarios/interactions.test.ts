/** Every interaction of the ledger and every incident has its story; and what stories of interactions tell that no verdict says. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import clauses from '../machines/ledger/clauses.json' with { type: 'json' };
import interactions from '../machines/ledger/interactions.json' with { type: 'json' };
import type { Moment, Run, Scenario } from '../sim/engine/types.ts';
import { runStory } from '../sim/runs/run.ts';
import { expectedOf } from '../sim/scenario/claims.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const load = (file: string): Scenario => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
  if (!parsed.ok) throw new Error(`${file} does not parse: run it to see why`);
  return parsed.scenario;
};
const stories = globSync('scenarios/interactions/*.yaml').sort().map(load);
const actingOut = (interaction: string) => stories.filter(({ refs = [] }) => refs.includes(interaction));

/** Public defects, each with a story of that name that tells what mends it. */
const incidents = [
  'history-after-leaving',
  'bundle-after-join',
  'stopped-mid-import',
  'two-sources-one-session',
  'withheld-passed-on',
  'shared-by-its-author',
  'every-device-gets-history',
  'backup-off-and-on',
  'default-on-sign-in',
  'gaps-in-the-bundle',
  'gappy-sync',
  'poisoned-answer',
  'forwarded-by-anyone',
  'push-one-by-one',
];

describe('interactions', () => {
  it('are fourteen, and so are incidents', () => {
    expect([interactions.length, new Set(incidents).size]).toEqual([14, 14]);
  });

  it.each(interactions.map(({ id, title }) => [id, title] as const))('%s is acted out: %s', (id) => {
    expect(actingOut(id)).not.toEqual([]);
  });

  it.each(interactions)('$id is between proposals that its stories implement, and are about', (interaction) => {
    const meeting = new Set(
      interaction.clauses.map((clause) => clauses.find((one) => one.id === clause)?.proposal ?? `none has ${clause}`),
    );
    for (const { id, about, settings } of actingOut(interaction.id)) {
      const texts = [settings.everyone, ...Object.values(settings.byDevice)].map(({ implements: all }) => all);
      const played = [...meeting].filter((proposal) => texts.some((all) => (all[proposal] ?? 'none') !== 'none'));
      const named = [...meeting].filter((proposal) => about.includes(proposal));
      expect([id, played.length > 1, named.length > 1]).toEqual([id, true, true]);
    }
  });

  it.each(interactions.map(({ id }) => id))('%s has two sides: some promise fares differently on each', (id) => {
    const sides = actingOut(id).flatMap((story) =>
      [null, ...story.without].map((without) => expectedOf(story, without)),
    );
    const differs = sides
      .flat()
      .some(({ guarantee, verdict, by, shadow }) =>
        sides
          .flat()
          .some(
            (other) =>
              other.guarantee === guarantee &&
              (other.verdict !== verdict || other.by !== by || other.shadow !== shadow),
          ),
      );
    expect(differs).toBe(true);
  });

  it('are named by nobody but their stories', () => {
    for (const { id, refs = [] } of stories) expect([id, refs.length > 0]).toEqual([id, true]);
  });
});

it.each(incidents)('the incident %s has its story', (id) => {
  expect(existsSync(`scenarios/incidents/${id}.yaml`)).toBe(true);
});

// --- what no verdict says --------------------------------------------------------------------------

const run = (name: string): Run => runStory(load(`scenarios/interactions/${name}.yaml`));
const momentsOf = ({ steps }: Run): readonly Moment[] => steps.flatMap(({ moments }) => moments);
/** What a device shows, by the headings of its notices. */
const shownAt = (player: string, told: Run): readonly string[] =>
  momentsOf(told).flatMap((moment) => (moment.kind === 'shown' && moment.player === player ? moment.notice.about : []));

describe('the attention budget (i12)', () => {
  const questions = ['secret pushed', 'backup preference asked', 'identity changed before sharing'];

  it('is spent by others: four moves of a thief and one of a server are five questions, and five times she agrees', () => {
    const told = run('whoever-is-asked-too-often-says-yes');
    const asked = shownAt('alice.phone', told).filter((about) => questions.includes(about));
    expect(asked).toEqual([
      'secret pushed',
      'secret pushed',
      'backup preference asked',
      'backup preference asked',
      'identity changed before sharing',
    ]);
    const agreed = momentsOf(told).filter(
      (moment) => moment.kind === 'acted' && ['accepts', 'confirms invite'].includes(moment.what),
    );
    expect(agreed).toHaveLength(asked.length);
  });
});

describe('what is withheld and lies in the backup (i13)', () => {
  const reading = ['unreadable message', 'message'];
  it.each([
    ['what-a-bundle-withholds-the-backup-gives-back', ['unreadable message', 'message']],
    ['whoever-restores-first-is-never-told-of-what-is-withheld', ['message']],
    ['where-backup-is-off-the-word-that-it-is-withheld-stands', ['unreadable message']],
  ])('is told of in the order in which things come: %s', (name, expected) => {
    expect(shownAt('bob.laptop', run(name)).filter((about) => reading.includes(about))).toEqual(expected);
  });
});

describe('a device that is removed (i14)', () => {
  const lost = 'after the laptop was gone';
  it.each([
    ['a-removed-device-reads-on-with-what-a-bundle-gave-it', true],
    ['a-removed-device-reads-nothing-more-where-its-key-came-first-hand', false],
  ])('reads on or does not: %s', (name, readsOn) => {
    const told = run(name);
    const learned = momentsOf(told).flatMap((moment) => (moment.kind === 'learned' ? moment.what : []));
    expect(learned.some((what) => what.includes(lost))).toBe(readsOn);
    const gone = told.steps.findIndex(({ choice }) => choice.sentence.includes('removes'));
    const secrets = told.steps
      .slice(gone)
      .flatMap(({ moments }) => moments)
      .filter((moment) => moment.kind === 'learned' && moment.what.startsWith('m.'));
    expect([gone > 0, secrets]).toEqual([true, []]);
  });
});
