/** What the inspector says of a step, to be told aloud and to be read for as long as it takes. */
import { articles, stepCount } from './chosen.ts';

const textOf = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

/** `Step 6 of 9: Alice’s phone syncs`, with what is flagged of it. */
export const stepTold = (step: number): string => {
  const article = articles()[step - 1];
  const flags = [...(article?.querySelectorAll('.flag') ?? [])].map((flag) => textOf(flag).replace(/^\W+/, ''));
  return [`Step ${step} of ${stepCount()}: ${textOf(article?.querySelector('h3'))}`, ...flags].join(', ');
};

/** How many words stand there of a step, without what opens. */
export const wordsOf = (step: number): number => {
  const article = articles()[step - 1];
  const parts = [article?.querySelector('h3'), ...(article?.querySelectorAll('.body > :not(details)') ?? [])];
  return parts
    .map(textOf)
    .join(' ')
    .split(' ')
    .filter((word) => word !== '').length;
};
