/** Numbers in words. */

export { counted } from '../../engine/names.ts';

/** `1 422`: its thousands apart, by spaces that do not break. */
export const large = (number: number): string => String(number).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');
