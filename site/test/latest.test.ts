/** Where questions are answered stands what belongs to the last of them, or nothing. */
import { expect, it } from 'vitest';
import { answersAt } from '../scripts/latest.ts';

const place = () => {
  let shown: readonly (Node | string)[] = [];
  const replaceChildren = (...parts: readonly (Node | string)[]): void => {
    shown = parts;
  };
  return { replaceChildren, shown: () => shown };
};

it('an answer takes the place of what stood there meanwhile, and can be told again as it grows', () => {
  const at = place();
  const tell = answersAt(at).asked('It runs …');
  expect(at.shown()).toEqual(['It runs …']);
  expect(tell('1 of 2')).toBe(true);
  expect(tell('2 of 2')).toBe(true);
  expect(at.shown()).toEqual(['2 of 2']);
});

it('what was asked before is told to nobody, whether it comes before the answer to the last question or after it', () => {
  const at = place();
  const answers = answersAt(at);
  const [first, last] = [answers.asked('one'), answers.asked('another')];
  expect(first('of one')).toBe(false);
  expect(at.shown()).toEqual(['another']);
  expect(last('of another')).toBe(true);
  expect(first('of one')).toBe(false);
  expect(at.shown()).toEqual(['of another']);
});

it('an answer goes with what it was about, and one that is still to come does not come', () => {
  const at = place();
  const answers = answersAt(at);
  const tell = answers.asked('one');
  tell('of one');
  answers.drop();
  expect(at.shown()).toEqual([]);
  const late = answers.asked('another');
  answers.drop('Choose one first.');
  expect(late('of another')).toBe(false);
  expect(at.shown()).toEqual(['Choose one first.']);
});
