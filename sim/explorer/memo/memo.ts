/**
 * Never work the same step out twice.
 *
 * A step is a call, and so is each request within it, what attackers overhear, and what may happen next. What a call looked at
 * and what came of it is remembered as a way through a tree; whoever comes with the same in those few places is led to the
 * result. Worlds are many, but what a laptop and its server find when it syncs is not.
 */
import { hear } from '../../../machines/core/device.ts';
import { asking, without } from '../../engine/between.ts';
import type { Kernel, Plain } from '../../engine/kernel.ts';
import type { World } from '../../engine/world.ts';
import { respondToServer } from '../../homeserver/federation/answering.ts';
import { rounds } from '../../homeserver/federation/ask-servers.ts';
import { respond } from '../../homeserver/index.ts';
import type { ClientRequest, ClientResponse, FederationRequest, Homeserver } from '../../homeserver/types.ts';
import { type Branch, type Cells, makeCells } from '../cells.ts';
import type { Interner } from '../intern.ts';
import { makeRecorders, namesOf, type Recorder, sortOf } from './read-set.ts';
import { type Ground, makeWays } from './read-trie.ts';

export type Recall = {
  readonly interner: Interner;
  readonly cells: Cells;
  readonly kernel: Kernel;
  /** The cells of the world that calls read and write. */
  readonly now: Int32Array;
  /**
   * A call: `act`, by identity, on what is `given`, by value. It gets a stand-in of the world, and gives back what came of it and
   * its result.
   */
  readonly callOf: <G extends Plain>(act: (world: World, given: G) => Acted, given: G) => number;
  /** Makes a call on the world in `now`: its result. */
  readonly run: (call: number) => number;
  /** Steps that were really worked out, and nested calls. */
  readonly worked: () => number;
  readonly bytes: () => number;
};
/** `world`: what it is afterwards, `null` when it is the same. `result` is interned. */
export type Acted = { readonly world: World | null; readonly result: unknown };

type Call = {
  readonly begin: number;
  readonly at: Branch;
  readonly act: (here: object) => Came;
};
/** `value`: what the branch that a call is made on holds afterwards, `null` when it is the same. */
type Came = { readonly value: object | null; readonly result: unknown };
/** What a call does. What it is about besides what it is given never changes, and counts by identity like the function itself. */
type Doing<G> = {
  readonly as: 'view' | 'part' | 'call' | 'server';
  readonly does: object;
  readonly about?: object;
  readonly act: (here: object, given: G) => Came;
};
/** Functions and stages that calls may be about. There are a few dozen. */
const doingsMax = 1000;

/** What a homeserver makes of a request, once others have answered what it had to ask them; `asks` while it has more to ask. */
const answersClient = (
  server: Homeserver,
  given: {
    readonly request: ClientRequest;
    readonly nowMs: number;
    readonly answers: NonNullable<Parameters<typeof respond>[3]>;
  },
): Came => {
  const answered = respond(server, given.request, given.nowMs, given.answers);
  return answered.asks === undefined || answered.asks.length === 0
    ? { value: answered.server, result: answered.response }
    : { value: null, result: { asks: answered.asks } };
};
const answersServer = (
  server: Homeserver,
  given: { readonly origin: string; readonly request: FederationRequest; readonly nowMs: number },
): Came => {
  const answered = respondToServer(server, given.origin, given.request, given.nowMs);
  return { value: answered.server, result: answered.response };
};

/**
 * @param isChecked whatever is remembered is worked out again all the same, and an error where that goes another way: what a step, a
 * view or a part went by besides the world and what it was given
 */
export const makeRecall = (cellsMax: number, isChecked = false): Recall => {
  const now = new Int32Array(cellsMax);
  const ways = makeWays();
  const calls: Call[] = [];
  const callIds = new Map<string, number>();
  let undone = new Int32Array(1 << 12);
  let undos = 0;
  let worked = 0;

  const undo = (cell: number): void => {
    if (undos + 2 > undone.length) {
      const wider = new Int32Array(undone.length * 2);
      wider.set(undone);
      undone = wider;
    }
    undone[undos] = cell;
    undone[undos + 1] = now[cell] as number;
    undos += 2;
  };
  const undoTo = (mark: number): void => {
    while (undos > mark) {
      undos -= 2;
      now[undone[undos] as number] = undone[undos + 1] as number;
    }
  };

  // A nested call is only made once everything here is there.
  const recorders = makeRecorders({ now, ways, undo, run: (call) => run(call) }, (interner) =>
    makeCells(interner, cellsMax),
  );
  const { interner, cells } = recorders;

  const doings = new Map<object | undefined, number>();
  const numberOf = (doing: object | undefined): number => {
    const known = doings.get(doing);
    if (known !== undefined) return known;
    if (doings.size === doingsMax)
      throw new Error('views and parts are asked of ever new functions: is one made anew for each, inside another?');
    doings.set(doing, doings.size);
    return doings.size - 1;
  };
  /** A call is told from others by all there is to tell: what it does, where, and what it is given. */
  const callFor = <G>({ as, does, about, act }: Doing<G>, at: Branch, given: G): number => {
    const id = interner.idOf(given);
    const key = `${as} ${numberOf(does)} ${numberOf(about)} ${at.nth} ${id}`;
    const known = callIds.get(key);
    if (known !== undefined) return known;
    const told = interner.valueOf(id) as G;
    callIds.set(key, calls.length);
    return calls.push({ begin: ways.begin(), at, act: (here) => act(here, told) }) - 1;
  };

  /** Runs the step itself, and remembers the way. */
  const record = ({ begin, at, act }: Call): number => {
    worked += 1;
    const recorder = recorders.record(begin);
    try {
      const { value, result } = act(recorder.standIn(at));
      const id = interner.idOf(result);
      if (value !== null) recorder.write(at, value);
      recorder.done(id);
      return id;
    } finally {
      recorders.leave();
    }
  };

  const ground: Ground = {
    now,
    sortOf: (cell) => sortOf(interner, now[cell] as number),
    namesOf: (nth) => namesOf(interner, cells.branchNth(nth), now),
    call: (call) => run(call),
    write: (cell, id) => {
      undo(cell);
      now[cell] = id;
    },
  };
  /** Walks the way of a call as far as somebody has gone; from there it is run. */
  const run = (nth: number): number => {
    const call = calls[nth] as Call;
    const mark = undos;
    const walked = ways.walk(call.begin, ground);
    if (walked >= 0 && !isChecked) return walked;
    undoTo(mark);
    return record(call);
  };

  const heard = new Map<string, ReturnType<Kernel['hear']>>();
  const envs = new Map<object, number>();
  const same = <T>(value: T): T => interner.valueOf(interner.idOf(value)) as T;
  const busy = (): Recorder => {
    const recorder = recorders.at();
    if (recorder === undefined) throw new Error('the remembering kernel works inside of calls only');
    return recorder;
  };

  /** Calls on servers of a world, each a scope of its own, and the world after them. */
  const atServers = (world: World) => {
    const recorder = busy();
    const rest = { ...world };
    const servers = { ...world.servers };
    const called = new Map<string, Branch>();
    return {
      has: (name: string): boolean => servers[name] !== undefined,
      call: <G>(name: string, act: (server: Homeserver, given: G) => Came, given: G): unknown => {
        const branch = cells.branchAt('servers', name);
        if (!called.has(name)) {
          const server = servers[name];
          if (server === undefined) throw new Error(`there is no server ${name}: was the cast checked?`);
          recorder.write(branch, server);
          called.set(name, branch);
        }
        const doing: Doing<G> = { as: 'server', does: act, act: (here, told) => act(here as Homeserver, told) };
        return interner.valueOf(recorder.call(callFor(doing, branch, given), branch.scope));
      },
      world: (): World => {
        const now = [...called].map(([name, branch]) => [name, recorder.standIn(branch) as Homeserver] as const);
        return { ...rest, servers: { ...servers, ...Object.fromEntries(now) } };
      },
    };
  };
  const askedOf = (
    at: ReturnType<typeof atServers>,
    origin: string,
    request: FederationRequest,
    nowMs: number,
  ): ClientResponse => at.call(request.to, answersServer, { origin, request, nowMs }) as ClientResponse;

  const kernel: Kernel = {
    hear: (env, device, incoming) => {
      const deviceId = interner.idOf(device);
      const eventId = interner.idOf(incoming);
      const envId = envs.get(env) ?? envs.size;
      envs.set(env, envId);
      const key = `${envId} ${deviceId} ${eventId}`;
      const known = heard.get(key);
      if (known !== undefined && !isChecked) return known;
      const step = hear(env, interner.valueOf(deviceId) as typeof device, interner.valueOf(eventId) as typeof incoming);
      const result = {
        device: same(step.device),
        outs: step.outs.map((out) => ('incoming' in out ? { ...out, incoming: same(out.incoming) } : out)),
      };
      if (known !== undefined && interner.idOf(known) !== interner.idOf(result))
        throw new Error('a device is no function of what it is and hears: does a chart keep a memory of its own?');
      heard.set(key, result);
      return result;
    },
    respond: (world, name, request, nowMs) => {
      const at = atServers(world);
      const between = asking(world, name, (ask) => (at.has(ask.to) ? askedOf(at, name, ask, nowMs) : null));
      // A server that has yet to ask others is not changed: it begins anew with what they answered.
      const { last, asked } = rounds(
        name,
        request,
        (answers) => {
          const result = at.call(name, answersClient, { request, nowMs, answers }) as
            | ClientResponse
            | { readonly asks: readonly FederationRequest[] };
          return 'asks' in result ? { last: null, asks: result.asks } : { last: result, asks: [] };
        },
        between.ask,
      );
      if (last === null) throw new Error(`${name} has not answered ${request.method} ${request.path}`);
      return {
        world: without(at.world(), between.struck),
        response: last,
        asked: between.asAnswered(asked),
        struck: between.struck,
      };
    },
    answerServer: (world, origin, request, nowMs) => {
      const at = atServers(world);
      const response = askedOf(at, origin, request, nowMs);
      return { world: at.world(), response };
    },
    view: (about, world, look, given) => {
      const recorder = busy();
      recorder.write(cells.root, world);
      const doing: Doing<typeof given> = {
        as: 'view',
        does: look,
        about,
        act: (here, told) => ({ value: null, result: look(about, here as World, told) }),
      };
      const result = recorder.call(callFor(doing, cells.root, given), 'nothing');
      return interner.valueOf(result) as ReturnType<typeof look>;
    },
    part: (about, world, act, given) => {
      const recorder = busy();
      recorder.write(cells.root, world);
      const doing: Doing<typeof given> = {
        as: 'part',
        does: act,
        about,
        act: (here, told) => {
          const done = act(about, here as World, told);
          return { value: done.world, result: done.result };
        },
      };
      const result = recorder.call(callFor(doing, cells.root, given), 'everything');
      return {
        world: recorder.standIn(cells.root) as World,
        result: interner.valueOf(result) as ReturnType<typeof act>['result'],
      };
    },
  };

  return {
    interner,
    cells,
    kernel,
    now,
    callOf: (act, given) =>
      callFor(
        {
          as: 'call',
          does: act,
          act: (here, told: typeof given) => {
            const { world, result } = act(here as World, told);
            return { value: world, result };
          },
        },
        cells.root,
        given,
      ),
    run: (call) => {
      undos = 0;
      return run(call);
    },
    worked: () => worked,
    bytes: () => ways.bytes(),
  };
};
