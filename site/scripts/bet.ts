/** Bet: says whether lane and step were right, and opens what came of it. */
const begin = (quiz: HTMLElement): void => {
  const place = quiz.querySelector<HTMLElement>('[data-place]');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  const fold = quiz.querySelector<HTMLDetailsElement>('details');
  const right = Number(quiz.dataset.right);
  // Written by the page itself (`pages/play/bet.astro`).
  const steps = JSON.parse(quiz.dataset.steps ?? '[]') as readonly number[];
  if (place === null || said === null || fold === null) return;
  const chosen = (which: 'lane' | 'step'): number | null => {
    const one = quiz.querySelector<HTMLInputElement>(`input[name$="-${which}"]:checked`);
    return one === null ? null : Number(one.value);
  };
  const verdict = (lane: number, step: number | null): string => {
    if (right < 0) return lane < 0 ? 'Right: none of them breaks.' : 'Wrong: none of them breaks.';
    if (lane !== right) return lane < 0 ? 'Wrong: one of them does break.' : 'Wrong: it is another guarantee.';
    if (step === null) return 'The guarantee is right. You did not say in which step.';
    return steps.includes(step) ? 'Right, guarantee and step.' : 'The guarantee is right, the step is another.';
  };
  place.hidden = false;
  place.querySelector('button')?.addEventListener('click', () => {
    const lane = chosen('lane');
    if (lane === null) {
      said.replaceChildren('Choose a guarantee first, or none of them.');
      return;
    }
    said.replaceChildren(verdict(lane, chosen('step')));
    fold.open = true;
  });
};
for (const quiz of document.querySelectorAll<HTMLElement>('.bet')) begin(quiz);
