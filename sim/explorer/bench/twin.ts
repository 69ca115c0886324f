/**
 * The twin model for this engine: three devices, bounded inboxes that lose and repeat, a rogue device that pushes. Local
 * steps are the device chart's, each worked out once; a world is three words. twin.pml is the same model for SPIN.
 *
 * A word for each device: 10 bits its state's number, then its inbox, 5 bits a message, the oldest lowest; above bit 25
 * the first word has the latest version, the second the losses and repetitions left, the third the forgeries left.
 */
import { type Local, makeLocal } from '../engine/local.ts';
import type { PackedModel } from '../engine/model.ts';
import { type DeviceEvent, type DeviceState, firstState, keyOf, rogue, type Sent, stepDevice } from './device.ts';

/** How large the model is. `room`: messages an inbox holds, at most 3; `versions`: at most 3; the others at most 7 (`losses` and `repeats` 3). */
export type Size = {
  readonly versions: number;
  readonly room: number;
  readonly losses: number;
  readonly repeats: number;
  readonly forgeries: number;
};

export type Twin = { readonly model: PackedModel; readonly local: Local<DeviceState> };

const devices = [0, 1, 2] as const;
const stateBits = 10;
const messageBits = 5;
const stateMask = (1 << stateBits) - 1;
const messageMask = (1 << messageBits) - 1;
const boxMask = (1 << (3 * messageBits)) - 1;
const spare = 25;

// Messages and local events by number, 1 and up: pushes of three devices, answers of three devices, the rogue's push.
const kinds = { push: 0, ack: 1 } as const;
const messageNumber = (versions: number, kind: keyof typeof kinds, from: number, version: number): number =>
  1 + (from === rogue ? 6 * (versions + 2) : (kinds[kind] * 3 + from) * (versions + 2) + version);

type Numbered = { readonly event: DeviceEvent; readonly number: number };
const eventsOf = (versions: number): readonly Numbered[] => {
  const held = Array.from({ length: versions + 2 }, (_, version) => version);
  const messages = (['push', 'ack'] as const).flatMap((type) =>
    devices.flatMap((from) =>
      held.map((version) => ({
        event: { type, from, version },
        number: messageNumber(versions, type, from, version),
      })),
    ),
  );
  const forged = messageNumber(versions, 'push', rogue, versions + 1);
  const acts: readonly DeviceEvent[] = [
    ...devices.map((peer) => ({ type: 'tell' as const, peer })),
    { type: 'tell again' },
    ...held.map((version) => ({ type: 'rotate' as const, version })),
  ];
  return [
    ...messages,
    { event: { type: 'push', from: rogue, version: versions + 1 }, number: forged },
    ...acts.map((event, i) => ({ event, number: forged + 1 + i })),
  ];
};

/** The model at `size`; `signedOnly` is the clause that keeps the rogue's secret out. */
export const makeTwin = ({ versions, room, losses, repeats, forgeries }: Size, signedOnly: boolean): Twin => {
  const numbered = eventsOf(versions);
  const events: DeviceEvent[] = [{ type: 'tell again' }];
  for (const { event, number } of numbered) events[number] = event;
  const forged = messageNumber(versions, 'push', rogue, versions + 1);
  if (forged > messageMask)
    throw new Error(`${versions} versions make more messages than ${messageBits} bits tell apart`);
  const [tell, tellAgain, rotate] = [forged + 1, forged + 4, forged + 5];

  const local = makeLocal<DeviceState, Sent>({
    key: keyOf,
    events: events.length,
    stateBits,
    step: (state, number) => {
      const event = events[number];
      if (event === undefined) throw new Error(`no event has number ${number}`);
      const { state: next, sent } = stepDevice(state, event);
      return { state: next, effects: sent };
    },
    // At most one message, and none to the rogue, who does not listen: one number says it.
    encode: (effects) => {
      const [sent, ...more] = effects.filter(({ to }) => to !== rogue);
      if (more.length > 0) throw new Error('a device sent two messages in one step, which the twin has no room for');
      return sent === undefined
        ? 0
        : (sent.to << messageBits) |
            messageNumber(versions, sent.message.kind, sent.message.from, sent.message.version);
    },
  });
  const first = devices.map((me) => local.intern(firstState(me, signedOnly)));
  /** By state number: 1 when a false secret is held, 2 when not, 0 while nobody has looked. */
  const fooled = new Uint8Array(1 << stateBits);
  const isFooled = (id: number): boolean => {
    if (fooled[id] === 0) fooled[id] = local.state(id).context.held > versions ? 1 : 2;
    return fooled[id] === 1;
  };

  const lengthOf = (word: number): number => {
    const box = (word >>> stateBits) & boxMask;
    return box === 0 ? 0 : box <= messageMask ? 1 : box < 1 << (2 * messageBits) ? 2 : 3;
  };
  const withLast = (word: number, message: number): number =>
    word | (message << (stateBits + messageBits * lengthOf(word)));
  const withoutFirst = (word: number): number =>
    (word & ~(boxMask << stateBits)) | ((((word >>> stateBits) & boxMask) >>> messageBits) << stateBits);

  let out: Int32Array = new Int32Array(0);
  let end = 0;
  /** Puts `world` with word `i` replaced at the end of what follows, and says where it stands. */
  const put = (world: Int32Array, i: number, word: number): number => {
    const at = end;
    end += 3;
    out[at] = world[0] as number;
    out[at + 1] = world[1] as number;
    out[at + 2] = world[2] as number;
    out[at + i] = word;
    return at;
  };
  /** A local step of device `i`, whose word is `word`, with what it sends put where there is room. */
  const takes = (world: Int32Array, i: number, word: number, step: number): number => {
    const at = put(world, i, (word & ~stateMask) | (step & stateMask));
    const effect = step >>> stateBits;
    if (effect !== 0) {
      const to = at + (effect >>> messageBits);
      const theirs = out[to] as number;
      if (lengthOf(theirs) < room) out[to] = withLast(theirs, effect & messageMask);
    }
    return at;
  };

  const model: PackedModel = {
    words: 3,
    successorsMax: 32,
    initial: (into) => {
      into[0] = first[0] as number;
      into[1] = (first[1] as number) | (losses << spare) | (repeats << (spare + 3));
      into[2] = (first[2] as number) | (forgeries << spare);
    },
    successors: (world, into, from) => {
      out = into;
      end = from;
      const w0 = world[0] as number;
      const latest = w0 >>> spare;
      const lossesLeft = ((world[1] as number) >>> spare) & 7;
      const repeatsLeft = (world[1] as number) >>> (spare + 3);
      const forgeriesLeft = (world[2] as number) >>> spare;
      for (let i = 0; i < 3; i++) {
        const word = world[i] as number;
        const id = word & stateMask;
        const length = lengthOf(word);
        if (latest < versions) {
          const at = takes(world, i, word, local.step(id, rotate + latest + 1));
          out[at] = (out[at] as number) + (1 << spare);
        }
        for (let peer = 0; peer < 3; peer++) {
          const told = local.step(id, tell + peer);
          if (told >>> stateBits !== 0 && lengthOf(world[peer] as number) < room) takes(world, i, word, told);
        }
        const again = local.step(id, tellAgain);
        if (again !== id) takes(world, i, word, again);
        if (length > 0) {
          const message = (word >>> stateBits) & messageMask;
          takes(world, i, withoutFirst(word), local.step(id, message));
          if (lossesLeft > 0) {
            const at = put(world, i, withoutFirst(word));
            out[at + 1] = (out[at + 1] as number) - (1 << spare);
          }
          if (repeatsLeft > 0 && length < room) {
            const at = put(world, i, withLast(word, message));
            out[at + 1] = (out[at + 1] as number) - (1 << (spare + 3));
          }
        }
        if (forgeriesLeft > 0 && length < room) {
          const at = put(world, i, withLast(word, forged));
          out[at + 2] = (out[at + 2] as number) - (1 << spare);
        }
      }
      return (end - from) / 3;
    },
    violated: (world) =>
      isFooled((world[0] as number) & stateMask) ||
      isFooled((world[1] as number) & stateMask) ||
      isFooled((world[2] as number) & stateMask),
  };
  return { model, local };
};
