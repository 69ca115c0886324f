/** The page of a scenario, for those who have a script: folds that are filled, and ways through the steps. All else needs none. */
import { commentParts } from './copied.ts';
import { addDrawers, filledFrom, lettersAt } from './folds.ts';
import { bringNarrow } from './narrow.ts';
import { startSteps } from './steps/start.ts';

const link = document.querySelector<HTMLAnchorElement>('a[data-letters]');
const text = document.querySelector<HTMLAnchorElement>('a[data-text]');
const inspector = document.querySelector('.inspector');
if (link !== null && inspector !== null) addDrawers(inspector, () => lettersAt(link.href));
const copied = document.querySelector<HTMLElement>('details.copied');
if (link !== null && text !== null && copied !== null)
  filledFrom(
    copied,
    () => lettersAt(link.href),
    ({ comment }) => commentParts(comment, text.href, 'This run as Markdown'),
  );
const stage = document.querySelector('.stage');
if (link !== null && stage !== null) bringNarrow(stage, () => lettersAt(link.href));
startSteps();
