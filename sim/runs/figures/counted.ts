/** Numbers in words. */

/** `1 message`, `3 messages`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** `1 422`: its thousands apart, by spaces that do not break. */
export const large = (number: number): string => String(number).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');
