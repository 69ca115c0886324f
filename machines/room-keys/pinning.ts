/**
 * Question q16: who protects those who write from a server that says a room is open? The indicator alone, and what the server says is
 * what counts (A); or the client keeps to what its person knows, warns of every change, and takes it when they accept it (B).
 */
import type { Part } from '../clauses.ts';
import { stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { type Args, isOpen, knowsProposal, type RoomKeysContext, type RoomNews, roomOf } from './context.ts';

type Pinned = NonNullable<RoomKeysContext['pinned']>;

/** What is pinned once a sync has told of a room, and whether that was a change which its person has to hear of. */
export const pinnedAfter = (
  context: RoomKeysContext,
  { view, before }: RoomNews,
): { readonly pinned: Pinned | null; readonly isNews: boolean } => {
  const pinned = context.pinned ?? null;
  const told = view.historyVisibility;
  if (context.me.readings.q16 !== 'B' || !knowsProposal(context) || told === context.visibility)
    return { pinned, isNews: false };
  // What is heard first there is nothing to compare with; what its person has set themselves, or knew, is no news to them.
  if (before === null || pinned?.visibility === told) return { pinned: null, isNews: false };
  const known = pinned ?? { visibility: context.visibility };
  const isWider = isOpen(context, told) && !isOpen(context, known.visibility);
  return { pinned: isWider ? known : null, isNews: isOpen(context, told) !== isOpen(context, context.visibility) };
};

export const visibilityChanged = (context: RoomKeysContext, visibility: string | null) =>
  show('history visibility changed', 'Your server says that another set of people may now read what is written here.', {
    room: roomOf(context),
    visibility,
  });

export const pinningParts = {
  'pins the visibility': { kind: 'plain', permits: ({ me }: RoomKeysContext) => me.readings.q16 === 'B' },
  'pins what its person sets': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({ context: { pinned: { visibility: stringAt(event, 'visibility') ?? null } } }),
  },
  'has something pinned': { kind: 'plain', permits: ({ pinned }: RoomKeysContext) => pinned != null },
  'takes the visibility as it is': { kind: 'plain', perform: () => ({ context: { pinned: null } }) },
} satisfies Readonly<Record<string, Part<RoomKeysContext>>>;
