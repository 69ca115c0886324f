/** Sabotage: what a player opens is run without that clause here and now, and so is any other clause that speaks in the story. */
import { changesWords, faredWords, notTheOne } from '../play/came-words.ts';
import { brokenIn, type Ran, runAt } from './choosing.ts';
import { make, whyOf } from './elements.ts';
import { answersAt } from './latest.ts';

const begin = (quiz: HTMLElement): void => {
  const address = quiz.querySelector<HTMLAnchorElement>('[data-letters]')?.href;
  const form = quiz.querySelector<HTMLFormElement>('[data-any]');
  const select = form?.querySelector('select');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  if (address === undefined || !form || !select || said === null) return;
  const ranWithout = (clause: string): ReturnType<typeof runAt> => runAt(address, [{ turn: 'off', clause }], true);
  const outcome = (run: Ran): HTMLElement => {
    const broken = brokenIn(run);
    if (broken.length > 0)
      return make('p', { class: 'bad ends' }, `That goes wrong, too: ${broken.map((one) => `“${one}”`).join(', ')}.`);
    const { tone, words } = notTheOne(run.besides);
    return make('p', { class: `${tone} ends` }, words);
  };
  const failed = (error: unknown): HTMLElement =>
    make('p', { class: 'hint' }, `It could not be computed here: ${whyOf(error)}.`);
  for (const fold of quiz.querySelectorAll<HTMLDetailsElement>('details[data-clause]'))
    fold.addEventListener('toggle', () => {
      const came = fold.querySelector('.came');
      if (!fold.open || came === null || fold.dataset.ran !== undefined) return;
      fold.dataset.ran = '';
      came.querySelector('.hint')?.remove();
      ranWithout(fold.dataset.clause ?? '').then(
        ({ run, line }) => {
          const changes = [...run.changes, ...run.besides.map(faredWords)];
          came.prepend(make('p', { 'data-computed': true }, `${changesWords(changes, true)}.`), line);
        },
        (error: unknown) => {
          delete fold.dataset.ran;
          came.prepend(failed(error));
        },
      );
    });
  const others = answersAt(said);
  select.addEventListener('change', () => others.drop());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const tell = others.asked('It runs …');
    ranWithout(select.value).then(
      ({ run, line }) => tell(outcome(run), line),
      (error: unknown) => tell(failed(error)),
    );
  });
  form.hidden = select.options.length === 0;
};
for (const quiz of document.querySelectorAll<HTMLElement>('.sabotage')) begin(quiz);
