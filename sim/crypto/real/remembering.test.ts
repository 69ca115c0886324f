import { expect, it } from 'vitest';
import type { Suite } from '../../../machines/suite.ts';
import { rememberingSuite } from './remembering.ts';

type Call = readonly [name: string, args: readonly unknown[]];

/** A suite whose every function says what it was asked, and how often somebody asked it. */
const echoing = () => {
  const asked: Call[] = [];
  const suite = new Proxy({} as Record<string, unknown>, {
    get: (_suite, name) =>
      name === 'name'
        ? 'real'
        : (...args: readonly unknown[]) => {
            asked.push([String(name), args]);
            return { name, args: args.map((arg) => arg ?? 'nothing'), many: args.length };
          },
    ownKeys: () => names,
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
  return { suite: rememberingSuite(suite as unknown as Suite) as unknown as Record<string, Ask>, asked };
};
type Ask = (...args: readonly unknown[]) => unknown;

const account = { made: 1, oneTime: { a: { secret: 's', public: 'p' } } };
const session = { id: 'i', state: { root: 'r' } };
const object = { a: 1, signatures: {} };
/** For each function that remembers, arguments by which it is asked. */
const questions: Readonly<Record<string, readonly unknown[]>> = {
  signingKey: ['label'],
  signingPublic: ['secret'],
  sign: ['secret', object],
  verify: ['key', object, 'signature'],
  newAccount: ['label'],
  makeOneTimeKeys: [account, 2, 'label'],
  makeFallbackKey: [account, 'label'],
  olmOutbound: [account, 'peer', 'key', 'label'],
  olmInbound: [account, 'sender', { type: 0, body: 'body' }],
  olmSessionIdOf: [{ type: 0, body: 'body' }],
  olmEncrypt: [session, 'text', 'label'],
  olmDecrypt: [session, { type: 1, body: 'body' }],
  megolmOutbound: ['label'],
  megolmSessionKey: [{ sessionId: 'id', index: 0, state: {} }],
  megolmEncrypt: [{ sessionId: 'id', index: 0, state: {} }, 'text'],
  megolmInbound: ['key', 'signed'],
  megolmDecrypt: [{ sessionId: 'id', state: 'state' }, 'ciphertext'],
  backupKey: ['label'],
  backupPublic: ['secret'],
  backupSeal: ['key', object, 'label'],
  backupOpen: ['secret', { ephemeral: 'e', ciphertext: 'c', mac: 'm' }],
  attachmentSeal: ['text', 'label'],
  attachmentOpen: ['ciphertext', { v: 'v2', iv: 'iv' }, 'whatever its hash'],
  secretStorageKey: ['label'],
  secretSeal: ['key', 'name', 'secret', 'label'],
  secretOpen: ['key', 'name', { iv: 'i', ciphertext: 'c', mac: 'm' }],
};
const names = ['name', ...Object.keys(questions)];

/** The same value with something else somewhere in it, once for each place. */
const others = (value: unknown): readonly unknown[] => {
  if (typeof value === 'string') return [`${value} and more`];
  if (typeof value === 'number') return [value + 1];
  return Object.entries(value as object).flatMap(([name, member]) => [
    ...(typeof member === 'object' && Object.keys(member).length === 0 ? [] : others(member)).map((other) => ({
      ...(value as object),
      [name]: other,
    })),
    Object.fromEntries(Object.entries(value as object).filter(([one]) => one !== name)),
  ]);
};

const answerTo = (name: string, args: readonly unknown[]) => ({
  name,
  args: args.map((arg) => arg ?? 'nothing'),
  many: args.length,
});

it.each(Object.entries(questions))('%s is answered once for equal arguments, and anew for any other', (name, args) => {
  const { suite, asked } = echoing();
  const ask = (given: readonly unknown[]): unknown => suite[name]?.(...given);
  expect(ask(args)).toEqual(answerTo(name, args));
  // As read from a file: equal, and not the same objects.
  expect(ask(JSON.parse(JSON.stringify(args)) as readonly unknown[])).toEqual(answerTo(name, args));
  expect(asked).toHaveLength(1);
  const changed = args.flatMap((arg, nth) => others(arg).map((other) => args.with(nth, other)));
  const shorter = name === 'attachmentOpen' ? [args.slice(0, -1)] : [];
  for (const given of [...changed, ...shorter]) expect(ask(given)).toEqual(answerTo(name, given));
  expect(asked).toHaveLength(1 + changed.length + shorter.length);
});
