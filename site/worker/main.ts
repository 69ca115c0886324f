/** The worker of a page: hears questions and answers them. What a question needs is loaded when it is first asked. */
import type { Answer, Asks, Message, Name, Reply } from './protocol.ts';

/** What plays, for whatever tells of it: a file of its own, which is fetched beside those that bring it. */
const playing = (): Promise<unknown> => import('../../sim/runs/playing.ts');

/** Every question there is, with what answers it. */
const answers: { readonly [N in Name]: () => Promise<Answer<N>> } = {
  ready: async () => {
    await Promise.all([import('./answers/run.ts'), playing()]);
    return () => null;
  },
  run: async () => (await Promise.all([import('./answers/run.ts'), playing()]))[0].run,
  rest: async () => (await import('./answers/rest.ts')).rest,
  fork: async () => (await import('./answers/fork.ts')).fork,
  text: async () => (await import('./answers/text.ts')).text,
  preview: async () => (await import('./answers/preview.ts')).preview,
  least: async () => (await import('./answers/least.ts')).least,
  letters: async () => (await import('./answers/letters.ts')).letters,
  comment: async () => (await import('./answers/comment.ts')).comment,
  edit: async () => (await import('./answers/edit.ts')).edit,
  turned: async () => (await import('./answers/turned.ts')).turned,
  complete: async () => (await import('./answers/writing.ts')).complete,
  explain: async () => (await import('./answers/writing.ts')).explain,
  offer: async () => (await import('./answers/writing.ts')).offer,
  splice: async () => (await import('./answers/writing.ts')).splice,
  turnable: async () => (await import('./answers/turnable.ts')).turnable,
  play: async () => (await import('./answers/play.ts')).play,
  show: async () => (await import('./answers/show.ts')).show,
  explore: async () => (await import('./answers/explore.ts')).explore,
};

/** As `fetching.ts` says it, which is within a file that is fetched beside this one. */
const notFetched = (): never => {
  throw new Error('the simulator could not be loaded');
};

/**
 * Has the guarantees and the verbs of a story fetched while what answers the question is still on its way. Where they are not to be had,
 * the answer says so.
 */
const fetchBeside = async (asked: Asks[Name]['asked']): Promise<void> => {
  if (asked === null || !('scenario' in asked)) return;
  const { scenario } = asked;
  const [{ judgesCalled }, { verbsCalled }] = await Promise.all([import('./judges.ts'), import('./verbs.ts')]);
  await Promise.all([judgesCalled(scenario.expect.map(({ guarantee }) => guarantee)), verbsCalled(scenario)]);
};

/** Questions that are under way and still wanted. */
const open = new Set<number>();

const reply = (message: Reply): void => postMessage(message);

/** Until all that has come in meanwhile is heard. */
const otherTurn = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });

const answerTo = async <N extends Name>(id: number, name: N, asked: Asks[N]['asked']): Promise<void> => {
  open.add(id);
  try {
    fetchBeside(asked).catch(() => undefined);
    const answer = await answers[name]().catch(notFetched);
    const answered = await answer(asked, {
      report: (progress) => {
        if (open.has(id)) reply({ id, is: 'progress', progress });
      },
      isWanted: async () => {
        await otherTurn();
        return open.has(id);
      },
    });
    if (open.has(id)) reply({ id, is: 'answer', answered });
  } catch (error) {
    reply({ id, is: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
  open.delete(id);
};

addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.name === 'never mind') open.delete(data.id);
  else void answerTo(data.id, data.name, data.asked);
});
