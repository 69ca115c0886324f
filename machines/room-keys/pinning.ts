/**
 * Question q16: who protects those who write from a server that says a room is open? The indicator alone, and what the server says is
 * what counts (A); or the client keeps to what its person knows, warns of every change, and takes it when they accept it (B).
 */
import type { CoreNews } from '../events.ts';
import { show } from '../notice.ts';
import { isOpen, knowsProposal, type RoomKeysContext, roomOf } from './context.ts';
import { type On, type RoomKeysParts, words } from './events.ts';
import { readingOf } from './options.ts';

const { permits, remembers } = words;

type Pinned = NonNullable<RoomKeysContext['pinned']>;

/** What is pinned once a sync has told of a room, and whether that was a change which its person has to hear of. */
export const pinnedAfter = (
  context: RoomKeysContext,
  { view, before }: CoreNews<'sync.room'>,
): { readonly pinned: Pinned | null; readonly isNews: boolean } => {
  const pinned = context.pinned ?? null;
  const told = view.historyVisibility;
  if (readingOf(context.me, 'q16') !== 'B' || !knowsProposal(context) || told === context.visibility)
    return { pinned, isNews: false };
  // What is heard first there is nothing to compare with, unless it was made here; what its person has set, or knew, is no news.
  if ((before === null && context.visibility === null) || pinned?.visibility === told)
    return { pinned: null, isNews: false };
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
  'pins the visibility': permits(({ me }) => readingOf(me, 'q16') === 'B'),
  'pins what its person sets': remembers((_, { visibility }: On<'user.set history'>) => ({ pinned: { visibility } })),
  'has something pinned': permits(({ pinned }) => pinned != null),
  'takes the visibility as it is': remembers(() => ({ pinned: null })),
} satisfies RoomKeysParts;
