/** The page of a scenario, for those who have a script: folds that are filled, and ways through the steps. All else needs none. */
import { addStepFolds, fillComment, lettersAt } from './folds.ts';
import { startSteps } from './steps/start.ts';

const link = document.querySelector<HTMLAnchorElement>('a[data-letters]');
const text = document.querySelector<HTMLAnchorElement>('a[data-text]');
const copied = document.querySelector<HTMLElement>('details.copied');
if (link !== null) {
  const source = lettersAt(link.href);
  addStepFolds(source);
  if (text !== null && copied !== null) fillComment(copied, source, text.href);
}
startSteps();
