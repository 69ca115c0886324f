/** JSON as pages show it. */
import { isObject, type Json, type JsonObject } from '../machines/json.ts';

// Keys and signatures are long and all alike: a page shows how they begin, `hearsay run --json` has the rest.
const isKey = (text: string): boolean => /^[A-Za-z0-9+/_=-]{22,}$/.test(text);
const [keyShown, textMax] = [8, 46];
/** With these somebody is logged in, so that no page shows how they begin. */
const credentials: ReadonlySet<string> = new Set(['access_token', 'login_token', 'password']);
const isCredential = (name: string, { type }: JsonObject): boolean =>
  credentials.has(name) || (name === 'token' && type === 'm.login.token');

/** `value` with its keys, signatures and long lists cut, and without what logs somebody in. */
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
      one === undefined ? null : isCredential(key, value) ? '… (not shown)' : shortened(one),
    ]),
  );
};
