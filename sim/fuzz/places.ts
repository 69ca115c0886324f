/** Worlds to try things in: scenarios of the library, told up to some step, with answers and letters that can be bent. */
import type { JsonObject } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { settlingChoice, storyChoices } from '../engine/choices.ts';
import { type Kernel, plainKernel } from '../engine/kernel.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import type { Stage } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import type { Moment, Step } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import type { ClientResponse } from '../homeserver/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { stageWith } from '../verbs/port.ts';
import type { Luck } from './luck.ts';
import { failing, type Text } from './part.ts';

/** Somebody between devices and servers, who changes what passes; does nothing until told. */
export type Bending = {
  /** What a server answers, and what a device writes into its letters. Called for each, until they are `null` again. */
  answer: ((path: string, response: ClientResponse) => ClientResponse) | null;
  plaintext: ((text: string) => string) | null;
  /** What was bent, in words. */
  told: string[];
};

const bendingKernel = (bending: Bending): Kernel => ({
  ...plainKernel,
  respond: (world, name, request, now) => {
    const done = plainKernel.respond(world, name, request, now);
    return bending.answer === null ? done : { ...done, response: bending.answer(request.path, done.response) };
  },
});

const bendingSuite = (suite: Suite, bending: Bending): Suite => ({
  ...suite,
  olmEncrypt: (session, plaintext, label) =>
    suite.olmEncrypt(session, bending.plaintext?.(plaintext) ?? plaintext, label),
});

/** A letter or an event as somebody sent it: what is bent to make others. */
export type Letter = { readonly type: string; readonly content: JsonObject };
export type Asked = Extract<Moment, { kind: 'request' }>;

export type Place = {
  readonly stage: Stage;
  readonly world: World;
  readonly bending: Bending;
  /** `secret-push/a-story, step 4`. */
  readonly where: string;
  /** All that was sent up to there, before the story too. */
  readonly letters: readonly Letter[];
  readonly asked: readonly Asked[];
};

/** Places of one block share a suite, and so all that it remembers. */
export const placesFor = (luck: Luck, library: readonly Text[], count: number): readonly Place[] => {
  const bending: Bending = { answer: null, plaintext: null, told: [] };
  const suite = bendingSuite(makeSymbolicSuite('1'), bending);
  const places: Place[] = [];
  // A scenario that throws by itself is for the scenarios' part to find.
  for (let tries = 0; places.length < count && tries < count * 4; tries += 1) {
    const found = failing(() => placeIn(luck, library, suite, bending));
    if ('ok' in found && found.ok !== null) places.push(found.ok);
  }
  return places;
};

const placeIn = (luck: Luck, library: readonly Text[], suite: Suite, bending: Bending): Place | null => {
  const { id, text } = luck.one(library);
  const parsed = parseScenario(text, id);
  if (!parsed.ok) return null;
  const stage = stageWith(parsed.scenario, { suite, kernel: bendingKernel(bending) });
  let world = begin(stage);
  const steps: Step[] = [];
  const wanted = luck.below(30);
  while (steps.length < wanted) {
    const line = parsed.scenario.story[world.line];
    const next =
      line === undefined
        ? undefined
        : ((line.some(({ verb }) => verb === 'settle') ? settlingChoice(stage, world) : undefined) ??
          storyChoices(stage, world)[0]);
    if (next === undefined) break;
    const taken = step(stage, world, next.id, [next]);
    world = taken.world;
    steps.push(taken.step);
  }
  const moments = [beforehand(stage), ...steps].flatMap((one) => one.moments);
  return {
    stage,
    world,
    bending,
    where: `${id}, step ${steps.length}`,
    letters: moments.flatMap((moment) => (moment.kind === 'delivery' && moment.opened !== null ? [moment.opened] : [])),
    asked: moments.filter((moment) => moment.kind === 'request'),
  };
};
