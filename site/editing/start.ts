/** What the editor opens with: read off its address, which anybody may have written. */

/** `from`: a copy of a scenario of the library. `packed`: a scenario within the link (`packed-text.ts`). */
export type Start =
  | { readonly is: 'nothing' }
  | { readonly is: 'from'; readonly id: string }
  | { readonly is: 'packed'; readonly packed: string }
  | { readonly is: 'wrong'; readonly why: string };

/** An id: folders and a name, as files are called below `scenarios/`. It leads nowhere else. */
const idForm = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*){1,3}$/;
const idMax = 200;

/** A step of the run that is shown, or none of them: it takes the place of a text in the address. */
const stepForm = /^#(?:s\d+|none)$/;

/** What is kept beside an entry of the history whose address chooses a step: the text that was in the address before. */
export type Kept = { readonly packed: string | null };
export const keptBeside = (start: Start): Kept => ({ packed: start.is === 'packed' ? start.packed : null });
export const choosesStep = (hash: string): boolean => stepForm.test(hash);

/**
 * `search` and `hash` of an address, each with its first sign or empty. What is in the link itself comes first.
 *
 * @param kept what stands beside it in the history
 */
export const startOf = (search: string, hash: string, kept: unknown = null): Start => {
  if (hash.startsWith('#z=')) return { is: 'packed', packed: hash.slice(3) };
  const isKept = choosesStep(hash) && typeof kept === 'object' && kept !== null && 'packed' in kept;
  if (isKept && typeof kept.packed === 'string') return { is: 'packed', packed: kept.packed };
  const id = new URLSearchParams(search).get('from');
  if (id === null) return { is: 'nothing' };
  return id.length <= idMax && idForm.test(id)
    ? { is: 'from', id }
    : { is: 'wrong', why: 'The link names no scenario: after “from=” stands an id, as in secret-push/a-stolen-token.' };
};

/** What a draft belongs to: it is taken up again where the same is opened. */
export const draftKey = (start: Start): string => {
  switch (start.is) {
    case 'from':
      return `from ${start.id}`;
    case 'packed':
      return `packed ${start.packed}`;
    case 'nothing':
    case 'wrong':
      return 'new';
  }
};

/** What is kept of a text while it is written. */
export type Draft = { readonly key: string; readonly text: string };

/** Reads what was kept; `null` where it is of another start, or no draft at all. */
export const readDraft = (kept: string | null, key: string): Draft | null => {
  if (kept === null) return null;
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== 'object' || value === null || !('key' in value) || !('text' in value)) return null;
    return value.key === key && typeof value.text === 'string' ? { key, text: value.text } : null;
  } catch {
    return null;
  }
};

/** Bytes of a file that is opened: what the parser takes. */
export const fileMax = 1_048_576;
