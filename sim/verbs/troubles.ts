/** Faults of a server, on the next request of that kind, and accidents of what a device asks next. */
import type { Perform } from '../engine/acting.ts';
import type { Accident } from '../engine/stage.ts';
import { atRequest, quiet, type Trouble } from '../engine/world.ts';
import { devices, wire } from './actors.ts';
import { asker, endpoint } from './arguments.ts';
import { arg, first } from './telling.ts';
import { type Actor, accident, type Given, type Verb, verb } from './verb.ts';

/** Trouble with a request: of a device with its server, or of a server with the one that acts. */
const arms = (
  name: string,
  how: 'fail' | 'lose' | 'repeat',
  by: readonly Actor[],
  text: string,
  more: Partial<Given> = {},
): Verb =>
  verb(name, {
    by,
    text,
    takes: endpoint,
    more: { for: asker },
    isAheadOfTime: true,
    laid: (act, trouble) =>
      trouble.how === how &&
      first(act) === trouble.endpoint &&
      act.args.for === trouble.player &&
      (trouble.to === undefined || act.who === trouble.to),
    ...more,
    does: (_stage, world, act) => {
      const player = arg(act, 'for');
      const to = world.servers[player] === undefined ? {} : { to: act.who };
      return quiet({ ...world, troubles: [...world.troubles, { player, endpoint: first(act), how, ...to }] });
    },
  });

export const fail = arms(
  'fail',
  'fail',
  ['server', ...wire],
  'Answers the next such request of a device, or of another server, with an error, and does nothing.',
  {
    isUsualMove: true,
    offers: {
      device: ({ world, device }) =>
        world.troubles.some(({ player }) => player === device) ? [] : [{ fail: 'sendToDevice', for: device }],
    },
  },
);
export const loseAnswerOf = arms(
  'lose answer of',
  'lose',
  ['server'],
  'Does the next such request; the answer never arrives.',
);
export const repeat = arms('repeat', 'repeat', ['server'], 'Receives the next such request twice.');

/** Trouble with what this device asks next of an endpoint, or of the homeserver as a whole. */
const troubles =
  (how: Trouble['how'], at = '/'): Perform =>
  (_stage, world, { who }) =>
    quiet({ ...world, troubles: [...world.troubles, { player: who, endpoint: at, how }] });

export const repeatRequest = accident('repeat a request', {
  name: 'repeated request',
  text: 'A request is received twice.',
  strikes: 'device',
  does: troubles('repeat'),
});
export const failRequest = accident('fail a request', {
  name: 'failed request',
  text: 'A request is answered with an error, and nothing is done.',
  strikes: 'device',
  does: troubles('fail'),
});
export const failDownload = accident('fail a download', {
  name: 'failed download',
  text: 'A download is answered with an error; it may be had later.',
  strikes: 'device',
  does: troubles('fail', '/media/download/'),
});

/** Trouble with what a device asks, at the nth of its requests from then on; as an accident, at one within a step. */
const withinStep = (
  name: string,
  how: 'lose' | 'stop',
  text: string,
  struck: Pick<Accident, 'name' | 'text' | 'strikes'>,
): Verb =>
  verb(name, {
    by: devices,
    text,
    takes: { is: 'count', max: 40 },
    isAlwaysDone: true,
    laid: (act, trouble) => trouble.how === how && trouble.endpoint === '/' && trouble.player === act.who,
    does: (_stage, world, act) => {
      const trouble = atRequest(act.who, how, Number(act.args[name]));
      return quiet({ ...world, troubles: [...world.troubles, trouble] });
    },
    accident: struck,
  });

export const loseAnswerTo = withinStep(
  'lose answer to request',
  'lose',
  'The answer to its nth request from here on never arrives, though it was done: 1 for the next.',
  {
    name: 'lost answer in a step',
    text: 'A request of a step is done, and its answer never arrives.',
    strikes: 'answer',
  },
);
export const stopAfter = withinStep(
  'stop after request',
  'stop',
  'The client stops once its nth request from here on is done, before it hears the answer, and starts again: 1 for the next.',
  {
    name: 'stop in a step',
    text: 'A client stops between two requests of a step, and starts again.',
    strikes: 'between requests',
  },
);
