/**
 * The whole matrix-js-sdk in a seat. It runs as it does in an application, with its own timers, queues and sync loop; what it fetches is
 * sent in its name, a sync is open until one is told, and it is at rest when nothing goes on in it but that.
 */
import { initAsync, type OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { createClient, type MatrixClient } from 'matrix-js-sdk';
import 'matrix-js-sdk/lib/rust-crypto/index.js';
import manifest from 'matrix-js-sdk/package.json' with { type: 'json' };
import { objectAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { heldNow } from '../olm-machine/holding.ts';
import {
  type Hello,
  type Said,
  type Shows,
  shownKinds,
  type Told,
  type Wanted,
  type WantedAnswer,
} from '../seat/client.ts';
import { noShows } from '../seat/reading.ts';
import { acts, isRefusal, type Seated, sendsNow } from './acts.ts';
import type { Clock } from './clock.ts';
import { showsOf } from './shows.ts';
import { type Watched, watch, whenMade } from './watch.ts';
import { makeWire } from './wire.ts';

export const jsSdkHello: Hello = {
  name: manifest.name,
  version: manifest.version,
  acts: Object.keys(acts),
  shows: shownKinds,
};

/** Nobody reads what it logs. */
const silent: NonNullable<Parameters<typeof createClient>[0]['logger']> = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  getChild: () => silent,
};

const withoutNews = (shows: Shows): Shows => ({ ...shows, letters: [], gifts: [], shares: [], imports: [] });

/** As often as it is answered before somebody asks something else of it: a client that goes on for ever is left waiting there. */
const roundsMax = 100;

/** To be called in a process of its own, whose timers are `clock`'s. Loads all that is loaded later, so that nothing waits for files. */
export const seatedClient = async (clock: Clock): Promise<(told: Told) => Promise<Said>> => {
  await initAsync();
  const wire = makeWire();
  let seated: Seated | null = null;
  let watched: Watched | null = null;
  /** What of what it began went wrong, and nobody has been told of yet. */
  let failed: string | null = null;
  let shown: Shows = noShows;
  let sent: readonly Wanted[] = [];
  let rounds = 0;

  const begin = (doing: Promise<unknown>): void => {
    doing.catch((error: unknown) => {
      if (!isRefusal(error)) failed ??= error instanceof Error ? error.message : String(error);
    });
  };

  const logIn = async (told: Extract<Told, { op: 'log in' }>): Promise<void> => {
    const { user: userId, device: deviceId, accessToken, server } = told;
    const machines: OlmMachine[] = [];
    whenMade((olm) => {
      machines.push(olm);
      watched = watch(olm, { userId, deviceId, accessToken });
    });
    const client: MatrixClient = createClient({
      baseUrl: `https://${server}`,
      userId,
      deviceId,
      accessToken,
      fetchFn: wire.fetch,
      cryptoCallbacks: {},
      logger: silent,
    });
    await client.initRustCrypto({ useIndexedDB: false });
    const crypto = client.getCrypto();
    const [olm] = machines;
    if (crypto === undefined || olm === undefined || watched === null)
      throw new Error('it came up without its library');
    seated = { client, crypto, olm, watched };
    await client.startClient();
    // It publishes its keys after its first sync, which is at once; here that may be told much later.
    await sendsNow(seated);
  };

  const noteKeys = ({ path, body = null }: Wanted, { status }: WantedAnswer): void => {
    const published = path === paths.keysUpload && status === 200 ? objectAt(body, 'device_keys') : {};
    if (watched !== null && Object.keys(published).length > 0) watched.holding.deviceKeys = published;
  };

  /** What is begun by what it is told; why it cannot be, where it cannot. */
  const begun = (told: Told): string | null => {
    switch (told.op) {
      case 'hello':
        return 'hello is not for whoever is seated';
      case 'answered':
        for (const [nth, wanted] of sent.entries()) {
          const answer = told.answers[nth] ?? { status: 0, body: null };
          noteKeys(wanted, answer);
          watched?.answered(wanted, answer);
        }
        wire.answer(told.answers);
        return null;
      case 'log in':
        begin(logIn(told));
        return null;
      case 'sync':
        if (!wire.sync(told.body)) failed ??= 'it has no sync open';
        return null;
      case 'act': {
        const does = Object.hasOwn(acts, told.act.act) ? acts[told.act.act] : undefined;
        if (does === undefined || seated === null) return `it has no way to do “${told.act.act}”`;
        begin(does(seated, told.act));
        return null;
      }
      case 'restart':
        return 'in Node it keeps nothing: it has no store to come up from';
    }
  };

  const shows = async (): Promise<Shows> => {
    if (seated === null) return noShows;
    let made: Shows | null = null;
    begin(
      showsOf(seated).then((now) => {
        made = now;
      }),
    );
    // The library waits a while for key queries before it says who somebody is: that too is a timer.
    await clock.rest(() => made !== null);
    return made ?? shown;
  };

  return async (told) => {
    if ('atMs' in told) clock.tell(told.atMs);
    const cannot = begun(told);
    if (cannot !== null) return { cannot };
    await clock.rest(wire.isWaiting);
    rounds = told.op === 'answered' ? rounds + 1 : 0;
    if (wire.isWaiting() && rounds < roundsMax) {
      sent = wire.taken();
      const now = watched === null ? shown : { ...shown, ...(await heldNow(watched.holding)) };
      shown = withoutNews(now);
      return { wants: sent, shows: now };
    }
    const now = await shows();
    shown = withoutNews(now);
    const why = failed;
    failed = null;
    return why === null ? { shows: now } : { shows: now, failed: why };
  };
};
