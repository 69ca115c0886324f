/** Which key does what on the page of a scenario. */

export type Deed = 'previous' | 'next' | 'first' | 'last' | 'break' | 'learned' | 'compare' | 'play' | 'help';

/** Where a key was typed: in a field, on something that takes Space or Enter, in what scrolls by arrows, on a slider, or elsewhere. */
export type Place = 'field' | 'control' | 'scrolling' | 'slider' | 'page';

/** What of a key event matters. */
export type Typed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'isComposing'>;

const letters: Readonly<Record<string, Deed>> = {
  j: 'next',
  k: 'previous',
  b: 'break',
  l: 'learned',
  c: 'compare',
  '?': 'help',
};
const ways: Readonly<Record<string, Deed>> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  Home: 'first',
  End: 'last',
};

/** What a key does there; `null`: nothing, it keeps what it means to the browser. */
export const deedOf = (typed: Typed, place: Place): Deed | null => {
  const { key, ctrlKey, altKey, metaKey, shiftKey, isComposing } = typed;
  if (place === 'field' || ctrlKey || altKey || metaKey || isComposing || (shiftKey && key !== '?')) return null;
  if (key === ' ') return place === 'page' || place === 'slider' ? 'play' : null;
  // A slider moves by itself, and what scrolls does.
  if (Object.hasOwn(ways, key)) return place === 'slider' || place === 'scrolling' ? null : (ways[key] ?? null);
  const letter = key.toLowerCase();
  return Object.hasOwn(letters, letter) ? (letters[letter] ?? null) : null;
};

/** All keys with what they do, as the help lists them. */
export const keyList: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['→', 'J'], 'next step'],
  [['←', 'K'], 'step before'],
  [['Home', 'End'], 'first and last step'],
  [['B'], 'next step that breaks something'],
  [['L'], 'next thing the attacker learns'],
  [['C'], 'compare: where the runs part, and back'],
  [['Space'], 'play, pause'],
  [['Y'], 'copy the link to what is shown'],
  [['?'], 'this help'],
];
