/**
 * The twin as XState's users would compose it: one machine whose context is the whole world, three device snapshots and
 * their inboxes, every move an event with a guard. What `xstate/graph` is given to search, to be compared with the engine.
 */
import { assign, setup } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import {
  type DeviceState,
  firstState,
  keyOf,
  type Message,
  rogue,
  type Sent,
  stepDevice,
} from '../explorer/bench/device.ts';
import type { Size } from '../explorer/bench/twin.ts';

type World = {
  readonly devices: readonly DeviceState[];
  readonly boxes: readonly (readonly Message[])[];
  readonly latest: number;
  readonly losses: number;
  readonly repeats: number;
  readonly forgeries: number;
};
type Move =
  | { readonly type: 'rotate' | 'tell again' | 'take' | 'lose' | 'repeat' | 'forge'; readonly device: number }
  | { readonly type: 'tell'; readonly device: number; readonly peer: number };

const devices = [0, 1, 2] as const;
const moves: readonly Move[] = devices.flatMap((device) => [
  ...(['rotate', 'tell again', 'take', 'lose', 'repeat', 'forge'] as const).map((type) => ({ type, device })),
  ...devices.map((peer) => ({ type: 'tell' as const, device, peer })),
]);

const changed = <T>(list: readonly T[], at: number, value: T): readonly T[] =>
  list.map((old, i) => (i === at ? value : old));

/** The world after a move, or `null` where it cannot be made. */
const after = (world: World, move: Move, { versions, room }: Size): World | null => {
  const { device: i } = move;
  const { boxes, latest } = world;
  const device = world.devices[i];
  const box = boxes[i];
  if (device === undefined || box === undefined) throw new Error(`there is no device ${i}`);
  const [message, ...rest] = box;
  /** What a step leaves behind; a message that finds its inbox full is gone, as is one to the rogue. */
  const left = ({ state, sent }: ReturnType<typeof stepDevice>, from = boxes): World => {
    const put = (into: typeof boxes, one: Sent) =>
      into.map((old, to) => (to === one.to && old.length < room ? [...old, one.message] : old));
    return { ...world, devices: changed(world.devices, i, state), boxes: sent.reduce(put, from) };
  };
  switch (move.type) {
    case 'rotate':
      if (latest === versions) return null;
      return { ...left(stepDevice(device, { type: 'rotate', version: latest + 1 })), latest: latest + 1 };
    case 'tell': {
      const told = stepDevice(device, { type: 'tell', peer: move.peer });
      return told.sent.length > 0 && (boxes[move.peer]?.length ?? room) < room ? left(told) : null;
    }
    case 'tell again': {
      const again = stepDevice(device, { type: 'tell again' });
      return again.state === device ? null : left(again);
    }
    case 'take': {
      if (message === undefined) return null;
      const { kind, from, version } = message;
      return left(stepDevice(device, { type: kind, from, version }), changed(boxes, i, rest));
    }
    case 'lose':
      if (message === undefined || world.losses === 0) return null;
      return { ...world, boxes: changed(boxes, i, rest), losses: world.losses - 1 };
    case 'repeat':
      if (message === undefined || world.repeats === 0 || box.length >= room) return null;
      return { ...world, boxes: changed(boxes, i, [...box, message]), repeats: world.repeats - 1 };
    case 'forge': {
      if (world.forgeries === 0 || box.length >= room) return null;
      const forged: Message = { kind: 'push', from: rogue, version: versions + 1 };
      return { ...world, boxes: changed(boxes, i, [...box, forged]), forgeries: world.forgeries - 1 };
    }
  }
};

const machineOf = (size: Size) => {
  const { losses, repeats, forgeries } = size;
  const one = setup({ types: { context: {} as World, events: {} as Move } });
  const move = {
    guard: ({ context, event }: { readonly context: World; readonly event: Move }) =>
      after(context, event, size) !== null,
    actions: assign<World, Move, undefined, Move, never>(
      ({ context, event }) => after(context, event, size) ?? context,
    ),
  };
  return one.createMachine({
    context: {
      devices: devices.map((me) => firstState(me, true)),
      boxes: [[], [], []],
      latest: 0,
      losses,
      repeats,
      forgeries,
    },
    on: { '*': move },
  });
};

/** A world as text: cheaper than the usual one, which writes every snapshot out whole. */
const textOf = ({ devices: three, boxes, latest, losses, repeats, forgeries }: World): string =>
  `${three.map(keyOf).join()} ${JSON.stringify(boxes)} ${latest} ${losses} ${repeats} ${forgeries}`;

/** Stops a search that takes too long. */
class Enough extends Error {}

export type GraphRun = {
  readonly ms: number;
  readonly worlds: number;
  /** Whether it came to the end: if not, it would have taken longer, and found more. */
  readonly ended: boolean;
};

/**
 * Searches the composed machine with `getAdjacencyMap`, for `msMax` milliseconds at most. `tuned`: it is told which moves can be made
 * in a world, where usually every event is tried in every world.
 */
export const searchGraph = (size: Size, msMax: number, tuned: boolean): GraphRun => {
  const seen = new Set<string>();
  const begun = performance.now();
  const passed = (): number => performance.now() - begun;
  try {
    const map = getAdjacencyMap(machineOf(size), {
      events: tuned ? ({ context }) => moves.filter((move) => after(context, move, size) !== null) : () => [...moves],
      limit: Number.POSITIVE_INFINITY,
      serializeState: ({ context }) => {
        if (passed() > msMax) throw new Enough();
        const text = textOf(context);
        seen.add(text);
        return text;
      },
    });
    return { ms: passed(), worlds: Object.keys(map).length, ended: true };
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return { ms: passed(), worlds: seen.size, ended: false };
  }
};
