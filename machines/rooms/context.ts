import type { ChartInput } from '../chart.ts';
import type { RoomId } from '../room-types.ts';
import type { UserId } from '../types.ts';

export type RoomsContext = {
  readonly me: ChartInput;
  /** Who invited this user last, by room: whose word it is that they come on. */
  readonly inviters: Readonly<Record<RoomId, UserId>>;
};
