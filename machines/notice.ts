import type { JsonObject } from './json.ts';
import type { Notice } from './types.ts';

/** The effect of showing the user something: `about` is what guarantees go by, `text` what people read. */
export const show = (
  about: string,
  text: string,
  more: JsonObject = {},
): { readonly type: 'show'; readonly notice: Notice } => ({
  type: 'show',
  notice: { ...more, about, text },
});
