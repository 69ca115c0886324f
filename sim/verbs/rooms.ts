/** What people do in rooms besides coming and going. */
import { ownerIn } from '../engine/player.ts';
import { joinRules, roomIdFor } from '../engine/rooms.ts';
import { people } from './actors.ts';
import { history, inRoom, oneOf, optional, word } from './arguments.ts';
import { arg, first, tells } from './telling.ts';
import { get, message, post, put, verb } from './verb.ts';

export const createRoom = verb('create room', {
  by: people,
  text: 'Makes an encrypted room of that name.',
  takes: { is: 'new room' },
  more: { history: optional(history), 'join rule': optional(oneOf(...joinRules)), allow: optional(inRoom) },
  asks: [post('createRoom')],
  does: tells((stage, act, player) => ({
    type: 'user.create room',
    room: roomIdFor(stage.scenario.cast, first(act), ownerIn(player)),
    name: first(act),
    history: arg(act, 'history') || 'shared',
    ...(arg(act, 'join rule') === '' ? {} : { joinRule: arg(act, 'join rule') }),
    ...(arg(act, 'allow') === '' ? {} : { allow: arg(act, 'allow') }),
  })),
});

export const send = verb('send', {
  by: people,
  text: 'Says something in a room.',
  takes: word('what is said', 'hello'),
  more: { in: inRoom },
  asks: [message],
  does: tells((_stage, act) => ({ type: 'user.send', room: arg(act, 'in'), text: first(act) })),
});

export const setHistory = verb('set history', {
  by: people,
  text: 'Sets who may read what was said in a room.',
  takes: history,
  more: { in: inRoom },
  asks: [put('state')],
  does: tells((_stage, act) => ({ type: 'user.set history', room: arg(act, 'in'), visibility: first(act) })),
});

export const scrollBack = verb('scroll back', {
  by: people,
  text: 'Looks at what was said in a room before it was there.',
  takes: inRoom,
  asks: [get('messages')],
  does: tells((_stage, act) => ({ type: 'user.scroll back', room: first(act) })),
});
