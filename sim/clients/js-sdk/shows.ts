/** What the whole client holds, as a seat shows it. */

import type { MatrixEvent, Room } from 'matrix-js-sdk';
import { EventShieldColour, EventShieldReason } from 'matrix-js-sdk/lib/crypto-api/index.js';
import type { JsonObject } from '../../../machines/json.ts';
import { showsOf as heldBy } from '../olm-machine/holding.ts';
import { readEvent } from '../olm-machine/rooms.ts';
import type { ShownMessage, Shows } from '../seat/client.ts';
import type { Seated } from './acts.ts';

const eventsIn = (room: Room): readonly MatrixEvent[] =>
  room
    .getUnfilteredTimelineSet()
    .getTimelines()
    .flatMap((timeline) => timeline.getEvents());

/** What is wrong with a message, as its person is shown. That its key came by somebody else’s hand is no defect of it. */
const warningOf = async ({ crypto }: Seated, event: MatrixEvent): Promise<string | null> => {
  const info = await crypto.getEncryptionInfoForEvent(event);
  if (info === null || info.shieldColour === EventShieldColour.NONE || info.shieldReason === null) return null;
  return info.shieldReason === EventShieldReason.AUTHENTICITY_NOT_GUARANTEED
    ? null
    : EventShieldReason[info.shieldReason];
};

/** Why it does not open, where somebody has said that its key is withheld: the client has it from its library, and shows words for it. */
const withheldOf = async ({ watched }: Seated, room: string, event: MatrixEvent): Promise<string | null> => {
  const reading = await readEvent(watched.holding.machine, room, event.event as unknown as JsonObject);
  return reading.opened ? null : reading.withheld;
};

const messageOf = async (seated: Seated, room: string, event: MatrixEvent): Promise<ShownMessage> => {
  const { session_id = '' } = event.getWireContent();
  const said = { room, event: event.getId() ?? '', session: String(session_id), sender: event.getSender() ?? '' };
  if (event.isDecryptionFailure() || event.getClearContent() === null)
    return { ...said, text: null, sharedBy: null, warning: await withheldOf(seated, room, event) };
  const body: unknown = event.getContent().body;
  return {
    ...said,
    text: typeof body === 'string' ? body : '',
    sharedBy: event.getKeyForwardingUser() ?? null,
    warning: await warningOf(seated, event),
  };
};

/** All of it, and what is new since this was asked last. */
export const showsOf = async (seated: Seated): Promise<Shows> => {
  const messages: ShownMessage[] = [];
  // What it is about to send has no id yet.
  for (const room of seated.client.getRooms())
    for (const event of eventsIn(room))
      if (event.status === null && event.getWireType() === 'm.room.encrypted')
        messages.push(await messageOf(seated, room.roomId, event));
  return { ...(await heldBy(seated.watched.holding)), messages };
};
