/** What tests ask of vitest, as far as the tests of this house do: they are gathered here, and run when they are wanted. */
import { expect } from 'vitest';

export type GatheredTest = { readonly name: string; readonly body: () => unknown };

type Body = (...row: readonly unknown[]) => unknown;
/** `it(name, body)`, `it(name, body, ms)` and `it(name, { timeout }, body)`: how long a test may take is not asked here. */
type Declare = (name: string, first: unknown, second?: unknown) => void;
type DeclareEach = (rows: readonly unknown[]) => Declare;

const bodyOf = (first: unknown, second: unknown): Body => {
  const body = typeof first === 'function' ? first : second;
  if (typeof body !== 'function') throw new Error('a test has no body: is it written in a way that is not known here?');
  return body as Body;
};

const rowOf = (row: unknown): readonly unknown[] => (Array.isArray(row) ? row : [row]);

const eachOf =
  (declare: Declare): DeclareEach =>
  (rows) =>
  (name, first, second) => {
    const body = bodyOf(first, second);
    for (const [nth, row] of rows.entries()) declare(`${name} #${nth + 1}`, () => body(...rowOf(row)));
  };

/** A stand-in for the module `vitest`, and the tests that were declared to it. */
export const gathering = () => {
  const tests: GatheredTest[] = [];
  let within: readonly string[] = [];
  const it: Declare = (name, first, second) => {
    const body = bodyOf(first, second);
    tests.push({ name: [...within, name].join(' > '), body: () => body() });
  };
  const describe: Declare = (name, first, second) => {
    const before = within;
    within = [...before, name];
    bodyOf(first, second)();
    within = before;
  };
  const test = Object.assign(it, { each: eachOf(it) });
  const module = { expect, it: test, test, describe: Object.assign(describe, { each: eachOf(describe) }) };
  return { tests, module };
};
