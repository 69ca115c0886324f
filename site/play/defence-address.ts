/** A story that is defended, as the query of an address: `?story=device-keys/…&on=clause,clause`. */
import type { ClauseId } from '../../sim/engine/types.ts';
import { quoted } from '../../sim/scenario/showing.ts';

/** A story that can be defended, with the clauses that decide in it. */
export type Defended = { readonly story: string; readonly clauses: readonly ClauseId[] };
/** Which story, and which of its clauses clients keep. */
export type Defending = { readonly story: string; readonly on: readonly ClauseId[] };
export type ReadDefence =
  /** `null`: the address asks for none. */
  | { readonly ok: true; readonly asked: Defending | null }
  /** In a sentence that can be shown, without a full stop. */
  | { readonly ok: false; readonly why: string };

/** The query with its `?`. */
export const writeDefence = ({ story, on }: Defending): string => {
  const query = new URLSearchParams({ story });
  if (on.length > 0) query.set('on', on.join());
  return `?${query.toString()}`;
};

/** Total. What is not among `all` is refused: with less than the link asks for, the verdict would be of something else. */
export const readDefence = (search: string, all: readonly Defended[]): ReadDefence => {
  const query = new URLSearchParams(search);
  const [story, on] = [query.get('story'), query.get('on') ?? ''];
  if (query.getAll('story').length > 1 || query.getAll('on').length > 1)
    return { ok: false, why: 'it asks for two things at once' };
  if (story === null)
    return on === '' ? { ok: true, asked: null } : { ok: false, why: 'it names clauses and no story' };
  const clauses = all.find((one) => one.story === story)?.clauses;
  if (clauses === undefined) return { ok: false, why: `${quoted(story)} is no story that can be defended here` };
  const named = on === '' ? [] : on.split(',');
  const other = named.find((one) => !clauses.includes(one));
  return other === undefined
    ? { ok: true, asked: { story, on: clauses.filter((one) => named.includes(one)) } }
    : { ok: false, why: `${quoted(other)} is none of the clauses that decide in this story` };
};
