/** Names, and how people say them: nothing here looks at a world. */

export const userId = (name: string, server: string): string => `@${name}:${server}`;
/** Device ids are readable in a simulation: `alice.phone` is `PHONE`. */
export const deviceId = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** `!den:example.org` as people say it: `den`. Anything else stays. */
export const shortRoom = (text: string): string => /^!([a-z][a-z0-9-]*):[a-z0-9.-]+$/.exec(text)?.[1] ?? text;

/** So many of a thing: `1 room key`, `2 room keys`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** What a record keyed by names has of that name: `constructor` and `__proto__` are names like others. */
export { own as named } from '../../machines/json.ts';
