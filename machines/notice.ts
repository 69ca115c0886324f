import type { JsonObject } from './json.ts';
import type { Effect } from './types.ts';

/** The effect of showing the user something: `about` is what guarantees go by, `text` what people read. */
export const show = (about: string, text: string, more: JsonObject = {}): Effect => ({
  type: 'show',
  notice: { ...more, about, text },
});
