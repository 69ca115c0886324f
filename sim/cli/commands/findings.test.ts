import { expect, it } from 'vitest';
import { objectOf } from './findings.ts';

it.each([
  [
    '{"pairs":',
    'scenarios/x.json:1:10 the file ends here; expected a value: a text, a number, true, false, null, a list or an object',
  ],
  ['{"pairs":[],"pairs":[]}', 'scenarios/x.json:1:13 the key “pairs” stands here twice; expected each key once'],
  ['{"rows":[]}', 'scenarios/x.json: “pairs” expected in it'],
  ['[]', 'scenarios/x.json: “pairs” expected in it'],
])('says what is wrong with a file of the clone that was damaged: %s', (text, said) => {
  expect(() => objectOf('scenarios/x.json', text, 'pairs')).toThrow(said);
});
