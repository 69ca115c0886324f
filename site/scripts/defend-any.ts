/** Defend any story of the library that an attacker is in: each set of clauses is run here, and so is every smaller one that is asked for. */
import { counted } from '../../sim/runs/figures/counted.ts';
import { keptWords } from '../play/came-words.ts';
import { withoutOthers } from '../play/sets.ts';
import { ask } from './asking.ts';
import { runAt, scenarioAt } from './choosing.ts';
import { make, whyOf } from './elements.ts';
import { latest } from './latest.ts';

type Named = { readonly clause: string; readonly name: string };

const begin = (quiz: HTMLElement): void => {
  const story = quiz.querySelector<HTMLSelectElement>('select[name="story"]');
  const kept = quiz.querySelector<HTMLElement>('[data-kept]');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  const found = quiz.querySelector<HTMLElement>('[data-found]');
  const least = quiz.querySelector<HTMLButtonElement>('[data-least]');
  const stories = quiz.querySelector<HTMLAnchorElement>('[data-stories]')?.href;
  if (!story || !kept || !said || !found || !least || stories === undefined) return;
  // Written by the page itself (`pages/play/defend.astro`).
  const clausesOf = (): readonly Named[] =>
    JSON.parse(story.selectedOptions[0]?.dataset.clauses ?? '[]') as readonly Named[];
  const address = (): string => new URL(`${story.value}/steps.json.gz`, stories).href;
  const boxes = (): readonly HTMLInputElement[] => [...kept.querySelectorAll('input')];
  const on = (): readonly string[] => boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
  const plays = latest();
  const searches = latest();

  const play = async (): Promise<void> => {
    const isLast = plays.asked();
    const clauses = clausesOf().map(({ clause }) => clause);
    const turns = withoutOthers(clauses, on());
    said.replaceChildren('It runs …');
    try {
      const { run, line } = await runAt(address(), turns);
      if (!isLast()) return;
      const asked = run.judgements.map(({ verdict, guarantee }, nth) => ({
        name: run.guarantees[nth] ?? guarantee,
        verdict,
      }));
      const { tone, words } = keptWords(asked, on().length);
      said.replaceChildren(make('p', { class: `${tone} ends` }, words), line);
    } catch (error) {
      if (isLast()) said.replaceChildren(`It could not be computed here: ${whyOf(error)}.`);
    }
  };
  const search = async (): Promise<void> => {
    const isLast = searches.asked();
    const named = clausesOf();
    const nameOf = (clause: string): string => `“${named.find((one) => one.clause === clause)?.name ?? clause}”`;
    found.replaceChildren('The search begins …');
    try {
      const { sets, tried } = await ask(
        'least',
        { scenario: await scenarioAt(address()), clauses: named.map(({ clause }) => clause) },
        {
          onProgress: (now) => {
            if (isLast()) found.replaceChildren(`${now.tried} of ${now.of} sets were run.`);
          },
        },
      );
      if (!isLast()) return;
      const head =
        sets.length === 0
          ? 'Not even all of them together keep the guarantees asked about.'
          : sets[0]?.length === 0
            ? 'None is needed.'
            : `${sets.length === 1 ? 'This set' : `Each of these ${sets.length} sets`} keeps the guarantees asked about, and none that is smaller:`;
      found.replaceChildren(
        make('p', {}, make('b', { class: 'computed' }, 'Computed in your browser'), `: ${head}`),
        make('ul', {}, ...sets.map((set) => make('li', {}, set.map(nameOf).join(' and ')))),
        make('p', { class: 'sub' }, `${counted(tried, 'set')} ${tried === 1 ? 'was' : 'were'} run.`),
      );
    } catch (error) {
      if (isLast()) found.replaceChildren(`The search ended: ${whyOf(error)}.`);
    }
  };

  const write = (): void => {
    const query = new URLSearchParams({ story: story.value });
    if (on().length > 0) query.set('on', on().join());
    history.pushState(null, '', `?${query.toString()}`);
  };
  const show = (keeps: readonly string[]): void => {
    kept.replaceChildren(
      ...[...kept.children].slice(0, 1),
      ...clausesOf().map(({ clause, name }) => {
        const box = make('input', { type: 'checkbox', value: clause });
        box.checked = keeps.includes(clause);
        return make('label', {}, box, ` ${name}`);
      }),
    );
    // What is searched for another story is not told of this one.
    searches.asked();
    found.replaceChildren();
  };
  const follow = (): void => {
    const query = new URLSearchParams(location.search);
    const id = query.get('story');
    if (id !== null && [...story.options].some(({ value }) => value === id)) story.value = id;
    show((query.get('on') ?? '').split(','));
    if (id === story.value) void play();
    else said.replaceChildren();
  };
  story.addEventListener('change', () => {
    show([]);
    write();
    void play();
  });
  kept.addEventListener('change', () => {
    write();
    void play();
  });
  least.addEventListener('click', () => void search());
  addEventListener('popstate', follow);
  quiz.hidden = story.options.length === 0;
  follow();
};
for (const quiz of document.querySelectorAll<HTMLElement>('[data-any]')) begin(quiz);
