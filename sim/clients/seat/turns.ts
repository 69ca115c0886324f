/** Code that waits for the answers of a server, played turn by turn: what it sends is what it wants, and it goes on when it is told. */
import type { ClientResponse } from '../../homeserver/types.ts';
import type { Said, Shows, Told, Wanted, WantedAnswer } from './client.ts';

/** What somebody can do who waits. `op`s other than these two and hellos go to it one at a time. */
export type Waiting = {
  readonly does: (told: Exclude<Told, { op: 'hello' | 'answered' }>) => Promise<string | null>;
  readonly shows: () => Promise<Shows>;
};
export type Sends = (wanted: Wanted) => Promise<ClientResponse>;

/** Nothing came back, and who asked has to stop there. */
export class NothingCame extends Error {}

/**
 * @param seated given the way to send, makes whoever waits
 * @returns what tells it something: it answers with what is wanted next, or shows what it came to
 */
export const turnByTurn = (seated: (send: Sends) => Waiting): ((told: Told) => Promise<Said>) => {
  let pass: ((said: Said) => void) | null = null;
  let goOn: ((answer: WantedAnswer) => void) | null = null;
  const say = (said: Said): void => {
    const to = pass;
    pass = null;
    to?.(said);
  };
  const who = seated((wanted) => {
    const answered = new Promise<WantedAnswer>((resolve) => {
      goOn = resolve;
    });
    return who
      .shows()
      .then((shows) => say({ wants: [wanted], shows }))
      .then(() => answered)
      .then(({ status, body }) => {
        if (status === 0) throw new NothingCame(`${wanted.method} ${wanted.path}: nothing came back`);
        return { status, body };
      });
  });
  const begin = async (told: Exclude<Told, { op: 'hello' | 'answered' }>): Promise<void> => {
    let failed: string | null;
    try {
      failed = await who.does(told);
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
    say({ shows: await who.shows(), ...(failed === null ? {} : { failed }) });
  };
  return (told) =>
    new Promise<Said>((resolve) => {
      pass = resolve;
      if (told.op === 'hello') return say({ cannot: 'hello is not for whoever waits' });
      if (told.op !== 'answered') return void begin(told);
      const [answer] = told.answers;
      const next = goOn;
      goOn = null;
      if (next === null || answer === undefined) say({ cannot: 'nothing was asked' });
      else next(answer);
    });
};
