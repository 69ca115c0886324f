/** For tests: files in a folder of their own, and what production's crypto library makes of a room: exports, backups, bundles, messages. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initAsync, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import { holdHomeserver } from '../../clients/holder.ts';
import * as client from '../../clients/olm-machine/index.ts';
import { shortRoom } from '../../engine/names.ts';
import { emptyHomeserver, registerUser } from '../../homeserver/index.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { hearsayIn, type Told } from '../testing.ts';

export const folderOf = () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-open-'));
  return {
    /** Writes a file, whose name comes back. */
    file: (name: string, content: string | Uint8Array | Json): string => {
      const isPlain = typeof content === 'string' || content instanceof Uint8Array;
      writeFileSync(join(folder, name), isPlain ? content : JSON.stringify(content));
      return name;
    },
    text: (name: string): string => readFileSync(join(folder, name), 'utf8'),
    open: (...args: readonly string[]): Promise<Told> => hearsayIn(folder, 'open', ...args),
    run: (...args: readonly string[]): Promise<Told> => hearsayIn(folder, 'run', ...args),
    remove: (): void => rmSync(folder, { recursive: true }),
  };
};

/** The lines of the story of a scenario, as `who verb values`. */
export const storyOf = (text: string): readonly string[] => {
  const parsed = parseScenario(text, 'x');
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return parsed.scenario.story.flatMap((acts) =>
    acts.map(({ who, verb, args }) =>
      [who, verb, ...Object.values(args).map((arg) => shortRoom(String(arg)))].join(' '),
    ),
  );
};

export const encryptedByProduction = async (json: string, passphrase: string, rounds: number): Promise<string> => {
  await initAsync();
  return OlmMachine.encryptExportedRoomKeys(json, passphrase, rounds);
};
export const decryptedByProduction = async (file: string, passphrase: string): Promise<string> => {
  await initAsync();
  return OlmMachine.decryptExportedRoomKeys(file, passphrase);
};

/** Alice's phone on production's library: a room, two messages in it, a backup with its key, a bundle, and a sync of Alice's laptop. */
export const productionRoom = async () => {
  const held = holdHomeserver(registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland'));
  const phone = await client.logInMachine(held.send, {
    userId: '@alice:example.org',
    password: 'wonderland',
    deviceId: 'PHONE',
  });
  await client.bootstrapIdentity(phone);
  const room = await client.createRoom(phone, 'yard', 'shared');
  await client.sendText(phone, room, 'the well is dry');
  await client.sendText(phone, room, 'the well is full');
  const exported = await phone.olm.exportRoomKeys(() => true);
  const backup = await client.createBackup(phone);
  const request = await phone.olm.backupRoomKeys();
  if (request === undefined) throw new Error('production has nothing to back up: was no message sent?');
  await client.carry(phone, request);
  const get = (path: string, query: Readonly<Record<string, string>> = {}): JsonObject =>
    held.send({ accessToken: phone.accessToken, method: 'GET', path: `/_matrix/client/v3/${path}`, query })
      .body as JsonObject;
  const bundle = await client.buildBundle(phone, room);
  if (bundle === null) throw new Error('production makes no bundle of a room with shared history');
  return {
    room,
    exported,
    backup,
    backupKeys: get('room_keys/keys', { version: backup.version }),
    backupVersion: get('room_keys/version'),
    bundle: { ciphertext: bundle.ciphertext, info: JSON.parse(bundle.info) as JsonObject },
    sync: get('sync'),
    sessionKeys: (JSON.parse(exported) as readonly JsonObject[]).map((one) => stringAt(one, 'session_key') ?? ''),
  };
};
