/**
 * What each verb asks a server: the request whose answer decides whether the act was done. All else that follows from an act (keys
 * looked up, entries backed up) may fail without the act being refused. Verbs that are not here ask for nothing of their own.
 */

/** A method, and an endpoint by its name in `sim/engine/endpoints.ts`. */
export type OwnRequest = { readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly endpoint: string };

const get = (endpoint: string): OwnRequest => ({ method: 'GET', endpoint });
const post = (endpoint: string): OwnRequest => ({ method: 'POST', endpoint });
const put = (endpoint: string): OwnRequest => ({ method: 'PUT', endpoint });
const del = (endpoint: string): OwnRequest => ({ method: 'DELETE', endpoint });

/** To-device messages of any type, sealed or not. */
const letter = [put('sendToDevice')];

/** Verb → its own requests. Whether there is a backup version is asked before: that there is none refuses nobody. */
export const ownRequests: Readonly<Record<string, readonly OwnRequest[]>> = {
  sync: [get('sync')],
  'sync with a gap': [get('sync')],
  'create backup': [post('room_keys/version')],
  'reset backup': [post('room_keys/version')],
  'delete backup': [del('room_keys/version')],
  'turn backup on': [post('room_keys/version'), put('account_data')],
  'turn backup off': [del('room_keys/version'), put('account_data')],
  'restore backup': [get('room_keys/keys')],
  'read backup': [get('room_keys/keys')],
  'set account data': [put('account_data')],
  verify: [post('keys/signatures/upload')],
  'verify user': [post('keys/signatures/upload')],
  'sign device': [post('keys/signatures/upload')],
  'reset cross-signing': [post('keys/device_signing/upload')],
  'request secret': letter,
  'push secret': letter,
  'answer request': letter,
  'confirm sharing': letter,
  'send event': letter,
  'send with keys of': letter,
  'give room key': letter,
  'forward room key': letter,
  'forward room keys': letter,
  point: letter,
  poison: [...letter, post('invite')],
  'log out': [post('logout')],
  'log in as': [post('login/get_token'), post('login')],
  remove: [del('devices')],
  'create room': [post('createRoom')],
  send: [put('send')],
  invite: [post('invite')],
  'confirm invite': [post('invite')],
  'invite by mail': [post('invite')],
  'bind mail': [post('account/3pid/bind')],
  join: [post('join')],
  leave: [post('leave')],
  decline: [post('leave')],
  knock: [post('knock')],
  kick: [post('kick')],
  ban: [post('ban')],
  unban: [post('unban')],
  'set history': [put('state')],
  'scroll back': [get('messages')],
};

/** Where there is nothing to ask a server for, these are done all the same: on goes with the backup there is. */
export const mayAskNothing: readonly string[] = ['turn backup on'];

/** Verbs that ask a server something whose answer refuses nobody. */
const looks: readonly string[] = ['check backup', 'claim one-time keys of'];

/** What a person does without the device at hand: with a new one, or with another of theirs. */
const withAnother: readonly string[] = ['log in as', 'remove'];

/** Whether an act comes to nothing while its device reaches no server. Letters are kept, and sent later. */
export const takesServer = (verb: string): boolean =>
  looks.includes(verb) ||
  (!withAnother.includes(verb) && Object.hasOwn(ownRequests, verb) && ownRequests[verb] !== letter);
