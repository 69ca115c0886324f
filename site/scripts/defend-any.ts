/** Defend any story of the library that an attacker is in: each set of clauses is run here, and so is every smaller one that is asked for. */
import { counted } from '../../sim/runs/figures/counted.ts';
import { keptWords } from '../play/came-words.ts';
import { type Defending, readDefence, writeDefence } from '../play/defence-address.ts';
import { withoutOthers } from '../play/sets.ts';
import { ask } from './asking.ts';
import { runAt, scenarioAt } from './choosing.ts';
import { make, whyOf } from './elements.ts';
import { answersAt } from './latest.ts';

type Named = { readonly clause: string; readonly name: string };

const begin = (quiz: HTMLElement): void => {
  const select = quiz.querySelector<HTMLSelectElement>('select[name="story"]');
  const kept = quiz.querySelector<HTMLElement>('[data-kept]');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  const found = quiz.querySelector<HTMLElement>('[data-found]');
  const least = quiz.querySelector<HTMLButtonElement>('[data-least]');
  const stories = quiz.querySelector<HTMLAnchorElement>('[data-stories]')?.href;
  if (!select || !kept || !said || !found || !least || stories === undefined) return;
  const options = [...select.options];
  // Written by the page itself (`pages/play/defend.astro`).
  const namedIn = (story: string): readonly Named[] =>
    JSON.parse(options.find(({ value }) => value === story)?.dataset.clauses ?? '[]') as readonly Named[];
  const clausesIn = (story: string): readonly string[] => namedIn(story).map(({ clause }) => clause);
  const addressOf = (story: string): string => new URL(`${story}/steps.json.gz`, stories).href;
  const [plays, searches] = [answersAt(said), answersAt(found)];

  /** What stands there to be chosen: whatever is answered is of a choice as it was when it was asked about. */
  const chosen = (): Defending => ({
    story: select.value,
    on: [...kept.querySelectorAll('input')].flatMap(({ checked, value }) => (checked ? [value] : [])),
  });
  const play = async ({ story, on }: Defending): Promise<void> => {
    const tell = plays.asked('It runs …');
    try {
      const { run, line } = await runAt(addressOf(story), withoutOthers(clausesIn(story), on));
      const asked = run.judgements.map(({ verdict, guarantee }, nth) => ({
        name: run.guarantees[nth] ?? guarantee,
        verdict,
      }));
      const { tone, words } = keptWords(asked, on.length);
      tell(make('p', { class: `${tone} ends` }, words), line);
    } catch (error) {
      tell(`It could not be computed here: ${whyOf(error)}.`);
    }
  };
  const search = async (story: string): Promise<void> => {
    const named = namedIn(story);
    const nameOf = (clause: string): string => `“${named.find((one) => one.clause === clause)?.name ?? clause}”`;
    const tell = searches.asked('The search begins …');
    try {
      const scenario = await scenarioAt(addressOf(story));
      const { sets, tried } = await ask(
        'least',
        { scenario, clauses: clausesIn(story) },
        { onProgress: (now) => void tell(`${now.tried} of ${now.of} sets were run.`) },
      );
      const head =
        sets.length === 0
          ? 'not even all of them together keep the guarantees asked about.'
          : sets[0]?.length === 0
            ? 'none is needed.'
            : `${sets.length === 1 ? 'this set' : `each of these ${sets.length} sets`} keeps the guarantees asked about, and none that is smaller:`;
      tell(
        make('p', {}, make('b', { class: 'computed' }, 'Computed in your browser'), ` of “${scenario.title}”: ${head}`),
        make('ul', {}, ...sets.map((set) => make('li', {}, set.map(nameOf).join(' and ')))),
        make('p', { class: 'sub' }, `${counted(tried, 'set')} ${tried === 1 ? 'was' : 'were'} run.`),
      );
    } catch (error) {
      tell(`The search ended: ${whyOf(error)}.`);
    }
  };

  /** Puts a choice there. What was asked about another is dropped. */
  const show = ({ story, on }: Defending): void => {
    select.value = story;
    kept.replaceChildren(
      ...[...kept.children].slice(0, 1),
      ...namedIn(story).map(({ clause, name }) => {
        const box = make('input', { type: 'checkbox', value: clause });
        box.checked = on.includes(clause);
        return make('label', {}, box, ` ${name}`);
      }),
    );
    plays.drop();
    searches.drop();
  };
  const take = (): void => {
    history.pushState(null, '', writeDefence(chosen()));
    void play(chosen());
  };
  const follow = (): void => {
    const all = options.map(({ value }) => ({ story: value, clauses: clausesIn(value) }));
    const read = readDefence(location.search, all);
    const asked = read.ok ? read.asked : null;
    show(asked ?? { story: options[0]?.value ?? '', on: [] });
    if (asked !== null) void play(asked);
    else if (!read.ok) plays.drop(`This link cannot be played: ${read.why}. Nothing is run.`);
  };
  select.addEventListener('change', () => {
    show({ story: select.value, on: [] });
    take();
  });
  kept.addEventListener('change', take);
  least.addEventListener('click', () => void search(select.value));
  addEventListener('popstate', follow);
  quiz.hidden = options.length === 0;
  follow();
};
for (const quiz of document.querySelectorAll<HTMLElement>('[data-any]')) begin(quiz);
