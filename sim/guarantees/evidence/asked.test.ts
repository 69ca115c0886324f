/** What requests ask for, told by their routes. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, den } from '../testing.ts';
import { type Asked, askedIn, doneAs, doneIn } from './asked.ts';

const asked = (method: string, path: string): Asked | null => askedIn(t.request('alice.phone', { method, path }));
const room = `/_matrix/client/v3/rooms/${encodeURIComponent(den)}`;
const media = '/_matrix/client/v1/media/download/b.example/m1';

const plain: readonly (readonly [string, string, string])[] = [
  ['POST', paths.login, 'log in'],
  ['POST', paths.logout, 'log out'],
  ['GET', paths.sync, 'sync'],
  ['POST', paths.keysUpload, 'upload device keys'],
  ['POST', paths.keysQuery, 'query keys'],
  ['POST', paths.deviceSigningUpload, 'publish identity'],
  ['POST', paths.signaturesUpload, 'upload signatures'],
  ['POST', paths.backupVersions, 'create backup version'],
  ['POST', paths.createRoom, 'create room'],
  ['POST', paths.bindAddress, 'bind address'],
  ['POST', paths.mediaUpload, 'upload file'],
];

describe('what a request asks for', () => {
  it('is told by its route', () => {
    for (const [method, path, asks] of plain) expect(asked(method, path)).toEqual({ asks });
  });

  it('names the device, the type of the letters, the backup version or the account data', () => {
    expect(asked('DELETE', paths.device('LAPTOP'))).toEqual({ asks: 'remove device', device: 'LAPTOP' });
    const type = 'm.secret.send';
    expect(asked('PUT', paths.sendToDevice(type, 't1'))).toEqual({ asks: 'send to device', type });
    expect(asked('DELETE', paths.backupVersion('2'))).toEqual({ asks: 'delete backup version', version: '2' });
    const path = paths.accountData(alice, 'm.key_backup');
    expect(asked('PUT', path)).toEqual({ asks: 'set account data', user: alice, type: 'm.key_backup' });
  });

  it('is room keys of one session, of one room or of all: up, down or away', () => {
    const ofSession = `${paths.backupRoomKeys(den)}/session`;
    for (const [method, asks] of [
      ['PUT', 'upload room keys'],
      ['GET', 'download room keys'],
      ['DELETE', 'delete room keys'],
    ] as const) {
      expect(asked(method, paths.backupKeys)).toEqual({ asks, room: null, session: null });
      expect(asked(method, paths.backupRoomKeys(den))).toEqual({ asks, room: den, session: null });
      expect(asked(method, ofSession)).toEqual({ asks, room: den, session: 'session' });
    }
  });

  it('is what becomes of a member of a room, by either way that leads into one', () => {
    for (const change of ['join', 'leave', 'invite', 'kick', 'ban', 'unban'])
      expect(asked('POST', `${room}/${change}`)).toEqual({ asks: 'change member', change, room: den });
    expect(asked('POST', paths.join(den))).toEqual({ asks: 'change member', change: 'join', room: den });
    expect(asked('POST', paths.knock(den))).toEqual({ asks: 'change member', change: 'knock', room: den });
  });

  it('is an event of a type for a room, or state with or without a state key', () => {
    const [sealed, name] = ['m.room.encrypted', 'm.room.name'];
    expect(asked('PUT', paths.roomSend(den, sealed, 't1'))).toEqual({ asks: 'send event', room: den, type: sealed });
    for (const path of [`${room}/state/${name}`, paths.roomState(den, name), `${room}/state/${name}/key`])
      expect(asked('PUT', path)).toEqual({ asks: 'set state', room: den, type: name });
  });

  it('is a file by its address, whatever name it is to be saved under', () => {
    for (const path of [media, `${media}/name.txt`])
      expect(asked('GET', path)).toEqual({ asks: 'download file', url: 'mxc://b.example/m1' });
  });

  it('is a transaction where a server hands it over to another', () => {
    const path = '/_matrix/federation/v1/send/transaction-1';
    expect(asked('PUT', path)).toEqual({ asks: 'hand over', transaction: 'transaction-1' });
    expect(asked('GET', path)).toBeNull();
    expect(asked('PUT', '/_matrix/federation/v1/state/den')).toBeNull();
  });

  it('is somebody who comes, knocks or goes where their server puts it to the one of the room', () => {
    const put = (endpoint: string) => asked('PUT', `/_matrix/federation/${endpoint}/${encodeURIComponent(den)}/%241`);
    expect(put('v2/send_join')).toEqual({ asks: 'take member', change: 'join', room: den });
    expect(put('v1/send_knock')).toEqual({ asks: 'take member', change: 'knock', room: den });
    expect(put('v2/send_leave')).toEqual({ asks: 'take member', change: 'leave', room: den });
    expect(put('v2/invite')).toBeNull();
    expect(asked('PUT', '/_matrix/federation/v2/send_join/%E0%A4%A/1')).toMatchObject({ room: '%E0%A4%A' });
  });

  it('is nothing where no guarantee has to know, where no server answers, and in other moments', () => {
    expect(asked('GET', paths.device('LAPTOP'))).toBeNull();
    expect(asked('GET', '/_matrix/client/v3/nowhere')).toBeNull();
    expect(asked('PATCH', paths.login)).toBeNull();
    expect(askedIn(t.writes('alice.phone', 'hello'))).toBeNull();
    expect(doneIn(t.writes('alice.phone', 'hello'))).toBeNull();
  });

  it('is the same whoever asks after it again', () => {
    const [login, beside] = [
      t.logsIn('alice.phone', alice, 'PHONE'),
      t.request('alice.phone', { method: 'GET', path: paths.device('LAPTOP') }),
    ];
    expect(askedIn(login)).not.toBeNull();
    expect(askedIn(login)).toBe(askedIn(login));
    expect([askedIn(beside), askedIn(beside)]).toEqual([null, null]);
  });
});

describe('what was done', () => {
  const sync = (status: number): Moment => t.request('alice.phone', { method: 'GET', path: paths.sync, status }, {});

  it('is what was asked for where the server said 200', () => {
    expect(doneIn(sync(200))).toEqual({ asks: 'sync' });
    expect(doneIn(sync(429))).toBeNull();
    expect(askedIn(sync(429))).toEqual({ asks: 'sync' });
  });

  it('is found by what it asks for', () => {
    const done = sync(200);
    expect(doneAs(done, 'sync')).toBe(done);
    expect(doneAs(done, 'log in')).toBeNull();
    expect(doneAs(sync(429), 'sync')).toBeNull();
    expect(doneAs(t.writes('alice.phone', 'hello'), 'sync')).toBeNull();
  });
});
