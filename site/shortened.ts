/** JSON as pages show it. */
import { isObject, type Json } from '../machines/json.ts';

// Keys and signatures are long and all alike: a page shows how they begin, `hearsay run --json` has the rest.
const isKey = (text: string): boolean => /^[A-Za-z0-9+/_=-]{22,}$/.test(text);
const [keyShown, textMax] = [8, 46];
/** `value` with its keys, signatures and long lists cut. */
export const shortened = (value: Json): Json => {
  if (typeof value === 'string') {
    if (isKey(value) || value.length > textMax)
      return `${value.slice(0, isKey(value) ? keyShown : 18)}… (${value.length} characters)`;
    return value;
  }
  if (Array.isArray(value))
    return value.length > 6
      ? [...value.slice(0, 6).map(shortened), `… ${value.length - 6} more`]
      : value.map(shortened);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      isKey(key) || key.length > textMax ? `${key.slice(0, 18)}…` : key,
      one === undefined ? null : shortened(one),
    ]),
  );
};
