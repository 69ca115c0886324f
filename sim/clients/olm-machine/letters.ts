/** Letters that a machine has opened, as a seat shows them, and what came with them: room keys, secrets, pointers to bundles. */
import { objectAt } from '../../../machines/json.ts';
import type { Origin, ShownLetter } from '../seat/client.ts';
import { type Holding, noteKeys, noteSecrets, originOf } from './holding.ts';
import { text } from './in-rooms.ts';
import { userIdOf } from './machine.ts';
import type { Received } from './sync.ts';

const pushTypes = ['io.element.msc4385.secret.push', 'm.secret.push'];

const letterOf = ({ outcome, event, by, senderKey }: Received): ShownLetter => ({
  type: text(event, 'type'),
  sender: text(event, 'sender'),
  device: by,
  senderKey,
  content: objectAt(event, 'content'),
  sealed: outcome === 'decrypted' || outcome === 'undecryptable',
  opened: outcome === 'decrypted',
});

/** Of room keys the library does not always say which device sent them, and only by which key: whose that is it knows. */
const withDevice = async ({ machine }: Holding, letter: ShownLetter): Promise<ShownLetter> => {
  if (letter.device !== null || letter.senderKey === null || letter.sender === '') return letter;
  const known = (await machine.olm.getUserDevices(userIdOf(letter.sender), 0)).devices();
  const one = known.find((device) => device.curve25519Key?.toBase64() === letter.senderKey);
  return { ...letter, device: one?.deviceId.toString() ?? null };
};

/** Notes what came in a sync. @returns what of it opened */
export const noteLetters = async (holding: Holding, received: readonly Received[]): Promise<readonly ShownLetter[]> => {
  const letters: ShownLetter[] = [];
  for (const one of received) letters.push(await withDevice(holding, letterOf(one)));
  holding.news.letters.push(...letters);
  const opened = letters.filter((one) => one.opened);
  for (const one of opened.filter(({ type }) => type.endsWith('room_key_bundle')))
    holding.pointers.set(`${text(one.content, 'room_id')} ${one.sender}`, one.device);
  const keyed = (type: string, how: 'room_key' | 'forwarded') =>
    opened
      .filter((one) => one.type === type)
      .map((one) => [text(one.content, 'session_id'), originOf(how, one)] as const);
  const origins = new Map([...keyed('m.room_key', 'room_key'), ...keyed('m.forwarded_room_key', 'forwarded')]);
  await noteKeys(holding, { how: 'export' }, origins);
  const answers = opened.filter(({ type }) => type === 'm.secret.send');
  const askedOf = answers.at(-1);
  if (askedOf !== undefined) await noteSecrets(holding, originOf('request', askedOf));
  return opened;
};

/** On whose word a secret is that a letter brought; `null`: none of these did. */
export const broughtBy = (opened: readonly ShownLetter[], secret: string): Origin | null => {
  const letter = opened.find((one) => text(one.content, 'secret') === secret);
  return letter === undefined ? null : originOf(pushTypes.includes(letter.type) ? 'push' : 'request', letter);
};
