/** A served homeserver under random requests, while two people write to each other: what went wrong, and what came of the rest. */
import { connect, type Socket } from 'node:net';
import { type Json, type JsonObject, objectAt, sameJson, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { digestOf, luckOf } from '../../fuzz/luck.ts';
import { answered, companyOf, password } from './company.ts';
import { type Attempt, attemptOf, smuggled } from './fuzzing.ts';
import { serve } from './server.ts';

/** How many requests a server lives for. */
export const blockSize = 2500;
/** Nothing is answered so late: whatever takes longer is a hang. */
const patienceMs = 20_000;
/** After so many the two write to each other. */
const between = 20;
const openMax = 40;

export type Fuzzed = {
  readonly attempts: number;
  /** Status, or what else came of it → how often. */
  readonly came: Readonly<Record<string, number>>;
  /** Of the two: what was written, and what was read. */
  readonly written: number;
  readonly read: number;
  readonly failures: readonly string[];
  readonly digest: string;
};

type Answer = { readonly status: number; readonly isLast: boolean };
type Parsed = { readonly answers: readonly Answer[]; readonly rest: Buffer };

/** How many bytes a body has, by what its headers say; not a number where not all of it is there. The server itself writes none in chunks. */
const bodySize = (rest: Buffer, headers: ReadonlyMap<string, string>, isEnded: boolean): number => {
  const length = headers.get('content-length');
  if (length !== undefined) return Number(length);
  if (headers.get('transfer-encoding') === 'chunked')
    return rest.subarray(0, 5).toString() === '0\r\n\r\n' ? 5 : Number.NaN;
  return isEnded ? rest.length : Number.NaN;
};

/** The answers that are there in whole. @param isEnded nothing more comes */
const answersIn = (bytes: Buffer, method: string, isEnded: boolean): Parsed => {
  const answers: Answer[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { answers, rest };
    const [first = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? Number.NaN);
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const isLast = headers.get('connection') === 'close';
    const hasBody = method !== 'HEAD' && status >= 200 && status !== 204;
    const size = hasBody ? bodySize(rest.subarray(end + 4), headers, isEnded) : 0;
    if (!(rest.length >= end + 4 + size)) return { answers, rest };
    rest = rest.subarray(end + 4 + size);
    if (status >= 200 || Number.isNaN(status)) answers.push({ status, isLast });
  }
};

type Came = { readonly answers: readonly Answer[]; readonly isClosed: boolean; readonly isLate: boolean };

/** Sends on a connection, and waits for so many answers or its end. */
const exchanged = (socket: Socket, { parts, method }: Attempt, wanted: number): Promise<Came> =>
  new Promise((done) => {
    let bytes = Buffer.alloc(0);
    const finish = (isClosed: boolean, isLate = false): void => {
      clearTimeout(late);
      socket.off('data', onData).off('close', onClose);
      done({ answers: answersIn(bytes, method, isClosed).answers, isClosed, isLate });
    };
    const onData = (part: Buffer): void => {
      bytes = Buffer.concat([bytes, part]);
      if (answersIn(bytes, method, false).answers.length >= wanted) finish(false);
    };
    const onClose = (): void => finish(true);
    const late = setTimeout(() => finish(false, true), patienceMs);
    socket.on('data', onData).on('close', onClose);
    for (const part of parts) socket.write(part);
  });

/** What is wrong with what came; `null`: nothing. */
const wrongWith = (attempt: Attempt, { answers, isClosed, isLate }: Came): string | null => {
  if (isLate) return 'is not answered';
  const odd = answers.find(({ status }) => !(status >= 200 && status < 600) || status === 500);
  if (odd !== undefined) return `is answered ${odd.status}`;
  // Whoever is told that an answer is the last one has none of what it asked behind it.
  if (attempt.wants === 'answered' && answers.length < attempt.answers && answers.at(-1)?.isLast !== true)
    return `has ${answers.length} of ${attempt.answers} answers`;
  if (attempt.wants === 'turned away' && !isClosed && answers.length === 0) return 'is left waiting';
  if (attempt.wants === 'turned away' && answers[0] !== undefined && answers[0].status < 400)
    return `is answered ${answers[0].status}`;
  return null;
};

const [alice, bob, mallory]: readonly [UserId, UserId, UserId] = [
  '@alice:example.org',
  '@bob:example.org',
  '@mallory:example.org',
];
const users = [alice, bob, mallory];
const numbersIn = (events: unknown, type: string, sender: string): readonly number[] =>
  (Array.isArray(events) ? events : []).flatMap((event: Json) => {
    const { n } = objectAt(event, 'content');
    return stringAt(event, 'type') === type && stringAt(event, 'sender') === sender && typeof n === 'number' ? [n] : [];
  });

/**
 * One block of requests on a server of its own, one after the other.
 *
 * @param count at most `blockSize`
 */
export const fuzzBlock = async (seed: string, block: number, count: number): Promise<Fuzzed> => {
  const failures: string[] = [];
  const came = new Map<string, number>();
  const told: string[] = [];
  let mirror = companyOf(users);
  let nowMs = 1_000;
  const served = await serve({
    users,
    port: 0,
    now: () => {
      nowMs += 1;
      return nowMs;
    },
    logged: ({ event, response }) => {
      // What is logged is played again at once: the same answer, or the log is none.
      const after = answered(mirror, event);
      mirror = after.servers;
      if (!sameJson(after.response.body, response.body) || after.response.status !== response.status)
        failures.push(`the log does not play again: ${JSON.stringify(event).slice(0, 300)}`);
      if ('request' in event && event.request.path.includes(smuggled))
        failures.push('a request within another was done');
    },
    failed: (error) => failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const address = served.addresses.get('example.org') ?? '';
  const port = Number(new URL(address).port);

  const ask = async (token: string | null, method: string, path: string, body?: JsonObject): Promise<Json> => {
    const url = path.startsWith('/') ? path : `/_matrix/client/v3/${path}`;
    const response = await fetch(`${address}${url}`, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = (await response.json()) as Json;
    if (response.status !== 200)
      failures.push(`${method} ${path} of somebody honest is answered ${response.status}: ${JSON.stringify(read)}`);
    return read;
  };
  const logIn = async (user: UserId): Promise<string> => {
    const asked = { type: 'm.login.password', identifier: { type: 'm.id.user', user }, password, device_id: 'PHONE' };
    return stringAt(await ask(null, 'POST', 'login', asked), 'access_token') ?? '';
  };
  const [writer, reader] = [await logIn(alice), await logIn(bob)];
  const made = await ask(writer, 'POST', 'createRoom', { preset: 'private_chat', invite: [bob] });
  const room = stringAt(made, 'room_id') ?? '';
  await ask(reader, 'POST', `join/${encodeURIComponent(room)}`, {});
  const filter = encodeURIComponent(JSON.stringify({ room: { timeline: { limit: 1000 } } }));

  let sent = 0;
  const [letters, messages]: readonly [number[], number[]] = [[], []];
  const write = async (): Promise<void> => {
    sent += 1;
    const content = { n: sent };
    await ask(writer, 'PUT', `sendToDevice/org.example.counted/c${sent}`, { messages: { [bob]: { PHONE: content } } });
    await ask(writer, 'PUT', `rooms/${encodeURIComponent(room)}/send/org.example.counted/c${sent}`, content);
  };
  let isOver = false;
  /** Reads on until all is over and all that was sent is read, or nothing more comes. */
  const reading = async (): Promise<void> => {
    let since = '';
    while (!isOver || letters.length < sent || messages.length < sent) {
      const body = await ask(
        reader,
        'GET',
        `sync?filter=${filter}&timeout=${isOver ? 200 : 5000}${since === '' ? '' : `&since=${since}`}`,
      );
      const before = letters.length + messages.length;
      letters.push(...numbersIn(objectAt(body, 'to_device').events, 'org.example.counted', alice));
      const joined = objectAt(objectAt(objectAt(body, 'rooms'), 'join'), room);
      messages.push(...numbersIn(objectAt(joined, 'timeline').events, 'org.example.counted', alice));
      const next = stringAt(body, 'next_batch') ?? '';
      if (isOver && next === since && letters.length + messages.length === before) return;
      since = next;
    }
  };
  const read = reading();

  let malice = 0;
  /** Somebody who has nothing to lose has a device as often as it is lost. */
  const stolen = async (): Promise<string> => {
    malice += 1;
    const move = { move: 'add device', user: mallory, device: `M${malice}` };
    return stringAt(await ask(null, 'POST', '/_hearsay/moves', move), 'access_token') ?? '';
  };
  let tokens = [await stolen(), await stolen()];

  const open: Socket[] = [];
  let kept: Socket | null = null;
  const fresh = (): Promise<Socket> =>
    new Promise((ready, failed) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.off('error', failed).on('error', () => undefined);
        socket.setNoDelay(true);
        ready(socket);
      });
      socket.once('error', failed);
    });
  const leave = (socket: Socket): void => {
    open.push(socket);
    if (open.length > openMax) open.shift()?.resetAndDestroy();
  };
  const count1 = (what: string): void => {
    came.set(what, (came.get(what) ?? 0) + 1);
  };

  for (let nth = 0; nth < count && failures.length < 20; nth += 1) {
    if (nth % between === 0) await write();
    if (nth % 40 === 0) tokens = [await stolen(), ...tokens.slice(0, 2)];
    const luck = luckOf(`serve/${seed}/${block}/${nth}`);
    const attempt = attemptOf(luck, {
      tokens,
      segments: [alice, bob, mallory, room, 'PHONE', 'M1', 'm.room.member', '1'],
    });
    const name = `${attempt.kind} (--seed ${seed} --block ${block}, number ${nth})`;
    told.push(`${attempt.kind} ${attempt.parts.length}`);
    try {
      const socket: Socket = kept !== null && !kept.destroyed && attempt.wants === 'answered' ? kept : await fresh();
      kept = null;
      if (attempt.wants === 'left') {
        for (const part of attempt.parts) socket.write(part);
        leave(socket);
        count1('left open');
        continue;
      }
      if (attempt.wants === 'broken off') {
        for (const part of attempt.parts) socket.write(part);
        // One goes without a word, the other says that it will send no more.
        if (luck.oneIn(2)) socket.resetAndDestroy();
        else {
          socket.end();
          leave(socket);
        }
        count1('broken off');
        continue;
      }
      const result = await exchanged(socket, attempt, attempt.wants === 'answered' ? attempt.answers : 1);
      for (const { status } of result.answers) count1(String(status));
      if (result.answers.length === 0) count1('connection ended');
      const wrong = wrongWith(attempt, result);
      if (wrong !== null) failures.push(`${name} ${wrong}`);
      const isKept =
        // Whoever asked for another protocol is not told of bad HTTP behind it.
        attempt.kind !== 'another protocol' &&
        attempt.wants === 'answered' &&
        !result.isClosed &&
        wrong === null &&
        !result.answers.some(({ isLast }) => isLast);
      if (isKept) kept = socket;
      else socket.resetAndDestroy();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await write();
  isOver = true;
  await read;
  for (const socket of open) socket.resetAndDestroy();
  kept?.resetAndDestroy();
  const expected = Array.from({ length: sent }, (_, nth) => nth + 1);
  if (!sameJson(letters, expected))
    failures.push(
      `block ${block}: of ${sent} letters came ${letters.length}: ${JSON.stringify(letters).slice(0, 200)}`,
    );
  if (!sameJson(messages, expected)) failures.push(`block ${block}: of ${sent} messages came ${messages.length}`);
  await served.close();
  return {
    attempts: count,
    came: Object.fromEntries(came),
    written: 2 * sent,
    read: letters.length + messages.length,
    failures,
    digest: digestOf(told),
  };
};
